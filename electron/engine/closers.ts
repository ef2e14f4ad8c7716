import type { Log } from './log.ts';
import { StartError } from './start-error.ts';

/** What was built, in order, with the way to close each; closed in the opposite order. */
export class Closers {
  readonly #log: Log;
  readonly #entries: { name: string; close: () => unknown }[] = [];
  #isClosing = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Call right after building a part. Throws when everything is to be closed already: building must end then. */
  add(name: string, close: () => unknown): void {
    this.#entries.push({ name, close });
    this.throwIfClosing();
  }

  /** From now on nothing may be added, so that what is still being built gives up. */
  refuseMore(): void {
    this.#isClosing = true;
  }

  throwIfClosing(): void {
    if (this.#isClosing) throw new StartError('Atalaya was closed while it was starting.');
  }

  async closeAll(): Promise<void> {
    this.#isClosing = true;
    for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
      try {
        await entry.close();
      } catch (error) {
        // The rest must be closed all the same: segments matter more than what failed here.
        this.#log.error({ err: error, part: entry.name }, 'a part of the engine did not close');
      }
    }
  }
}
