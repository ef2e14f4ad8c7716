/**
 * When each frame of a track is due and which RTP time it bears. Frames are numbered since the camera was switched on,
 * whether anyone watches or not.
 */
export class MediaTimeline {
  readonly #clockRateHz: number;
  readonly #frameSeconds: number;
  readonly #anchor: { readonly index: number; readonly ms: number; timestamp: number };

  /** Frame `anchor.index` is due at `anchor.ms` of a monotonic clock and bears `anchor.timestamp`. */
  constructor(options: {
    clockRateHz: number;
    frameSeconds: number;
    anchor: { index: number; ms: number; timestamp: number };
  }) {
    this.#clockRateHz = options.clockRateHz;
    this.#frameSeconds = options.frameSeconds;
    this.#anchor = { ...options.anchor };
  }

  dueMs(index: number): number {
    return this.#anchor.ms + (index - this.#anchor.index) * this.#frameSeconds * 1000;
  }

  /** RTP time, not yet wrapped to 32 bits. A fraction of a frame is allowed. */
  timestamp(index: number): number {
    const seconds = (index - this.#anchor.index) * this.#frameSeconds;
    return this.#anchor.timestamp + Math.round(seconds * this.#clockRateHz);
  }

  /** The RTP time of a moment, for sender reports. */
  timestampAt(ms: number): number {
    return this.#anchor.timestamp + Math.round(((ms - this.#anchor.ms) / 1000) * this.#clockRateHz);
  }

  /** The first frame that is due after `ms`. */
  firstAfter(ms: number): number {
    return Math.floor((ms - this.#anchor.ms) / 1000 / this.#frameSeconds + 1e-9) + 1 + this.#anchor.index;
  }

  /** Shifts the RTP time from now on without touching the pace. */
  shift(seconds: number): void {
    this.#anchor.timestamp += Math.round(seconds * this.#clockRateHz);
  }
}
