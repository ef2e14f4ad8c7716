export interface BackoffLimits {
  firstMs: number;
  longestMs: number;
}

/** Doubling waits with jitter, so that sixteen cameras behind one switch do not all come back in the same moment. */
export class Backoff {
  readonly #random: () => number;
  #waitMs = 0;

  /** @param random as Math.random. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How long to wait now: the doubled last wait within the limits, give or take a fifth. */
  nextMs({ firstMs, longestMs }: BackoffLimits): number {
    this.#waitMs = Math.min(Math.max(this.#waitMs * 2, firstMs), longestMs);
    return Math.round(this.#waitMs * (0.8 + 0.4 * this.#random()));
  }

  reset(): void {
    this.#waitMs = 0;
  }
}
