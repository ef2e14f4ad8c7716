/** Something that sends frames in time. */
export interface Paced {
  /** Sends what is due; returns when to be called again, or Infinity for not before the next `wake`. */
  advance(nowMs: number): number;
}

/** Frames due within this time share one wake-up: with 64 cameras there would be one every millisecond otherwise. */
const MIN_WAIT_MS = 4;
/** New viewers and faults take effect at the latest after this. */
const MAX_WAIT_MS = 500;

/** One timer for all cameras. It runs only while somebody watches. */
export class FramePacer {
  readonly #paced: () => Iterable<Paced>;
  readonly #monotonicMs: () => number;
  #timer: NodeJS.Timeout | null = null;

  constructor(paced: () => Iterable<Paced>, monotonicMs: () => number) {
    this.#paced = paced;
    this.#monotonicMs = monotonicMs;
  }

  /** Starts the timer, or brings its next run forward to now. */
  wake(): void {
    this.close();
    this.#timer = setTimeout(() => this.#run(), MIN_WAIT_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #run(): void {
    this.#timer = null;
    const nowMs = this.#monotonicMs();
    let nextMs = Infinity;
    for (const paced of this.#paced()) nextMs = Math.min(nextMs, paced.advance(nowMs));
    // A frame may have closed a connection and with it everything; then nothing is due any more.
    if (nextMs === Infinity) return;
    const waitMs = Math.ceil(nextMs - this.#monotonicMs());
    this.#timer = setTimeout(() => this.#run(), Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, waitMs)));
  }
}
