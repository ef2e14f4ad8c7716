import type { MediaFragment } from './media-fragment.ts';

export interface StreamFigures {
  fps: number;
  bitrateBps: number;
}

/** Measures frame rate and bit rate against media time, so that bursts of the network do not show. */
export class StreamMeter {
  #frames = 0;
  #bytes = 0;
  #mediaMs = 0;

  add({ track, bytes, durationMs }: MediaFragment): void {
    this.#bytes += bytes.length;
    // FFmpeg gives the first frames of a session one tick of the time scale: counted, they would raise the rate.
    if (track === 'audio' || durationMs < 1) return;
    this.#frames += 1;
    this.#mediaMs += durationMs;
  }

  /** Figures since the last call; undefined when too little came to tell. */
  take(): StreamFigures | undefined {
    const frames = this.#frames;
    const bytes = this.#bytes;
    const mediaMs = this.#mediaMs;
    if (frames === 0 || mediaMs < 1) return undefined;
    this.#frames = 0;
    this.#bytes = 0;
    this.#mediaMs = 0;
    return {
      fps: Math.round((frames * 10_000) / mediaMs) / 10,
      bitrateBps: Math.round((bytes * 8000) / mediaMs),
    };
  }
}
