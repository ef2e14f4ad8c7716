import type { LiveFragment } from '../contract/worker-protocol.ts';

/** A 4K camera at 16 Mbit/s with a key frame every 8 s. What needs more waits for its next key frame. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The fragments since the last key frame, so that a viewer who comes in the middle has a picture at once. Bounded. */
export class GopCache {
  #fragments: LiveFragment[] = [];
  #bytes = 0;

  get fragments(): readonly LiveFragment[] {
    return this.#fragments;
  }

  push(fragment: LiveFragment): void {
    if (startsGop(fragment)) {
      this.#fragments = [fragment];
      this.#bytes = fragment.bytes.byteLength;
    } else if (this.#fragments.length > 0) {
      this.#fragments.push(fragment);
      this.#bytes += fragment.bytes.byteLength;
    }
    if (this.#bytes > MOST_BYTES) this.clear();
  }

  clear(): void {
    this.#fragments = [];
    this.#bytes = 0;
  }
}

/** Every sample of an audio track is a sync sample: only a picture can start a GOP. */
export function startsGop(fragment: LiveFragment): boolean {
  return fragment.keyFrame && fragment.track !== 'audio';
}
