export interface FrameMemoryOptions {
  /** Bytes of all ArrayBuffers, garbage included. */
  arrayBufferBytes(): number;
  collectGarbage(): void;
}

const CHECK_EVERY_MS = 2_000;
/** Three seconds of eight cameras at 4 Mbit/s: more garbage than that is more than what is in use. */
const MOST_GARBAGE_BYTES = 12 * 1024 * 1024;

/**
 * Keeps dead frames from piling up. They lie outside V8's heap, which stays so small that V8 sees no reason to collect
 * for 60 MB and more: half of a worker's memory. A collection of so small a heap takes some milliseconds.
 */
export class FrameMemory {
  readonly #options: FrameMemoryOptions;
  #inUseBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FrameMemoryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#check(), CHECK_EVERY_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const { arrayBufferBytes, collectGarbage } = this.#options;
    // Twice what was in use: workers with large streams collect no more often than those with small ones.
    if (arrayBufferBytes() < 2 * this.#inUseBytes + MOST_GARBAGE_BYTES) return;
    collectGarbage();
    this.#inUseBytes = arrayBufferBytes();
  }
}
