/** The engine cannot start, for a reason that the user can act on: the message is the sentence to show. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
