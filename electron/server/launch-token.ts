import { createHash, timingSafeEqual } from 'node:crypto';

/** The token with which the desktop window proves that it belongs to this launch. It can be spent once. */
export class LaunchToken {
  #hash: Buffer | undefined;

  constructor(token: string | undefined) {
    this.#hash = token === undefined || token === '' ? undefined : hashOf(token);
  }

  matches(token: string): boolean {
    return this.#hash !== undefined && timingSafeEqual(this.#hash, hashOf(token));
  }

  /** True for the right token, the first time. */
  spend(token: string): boolean {
    if (!this.matches(token)) return false;
    this.#hash = undefined;
    return true;
  }
}

/** Hashes have one length, which `timingSafeEqual` needs, and say nothing about the token's. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
