import type { TimeRange } from '../api/recordings.ts';

/** The feed tells about once a second; after this long without a word recording has stopped meanwhile. */
const LONGEST_SILENCE_MS = 5_000;
/** What the first word says of the time before it. */
const FIRST_MS = 1_000;
const MOST_STRETCHES = 50;

/** Coverage as the feed tells of it, per camera: it grows without asking the server again. */
export class LiveCoverage {
  readonly #stretches = new Map<string, TimeRange[]>();

  /** Notes that coverage of a camera now reaches endMs. */
  note(cameraId: string, endMs: number): void {
    const stretches = this.#stretches.get(cameraId) ?? [];
    const last = stretches.at(-1);
    if (last !== undefined && endMs < last.toMs) return;
    if (last !== undefined && endMs - last.toMs <= LONGEST_SILENCE_MS) last.toMs = endMs;
    else stretches.push({ fromMs: endMs - FIRST_MS, toMs: endMs });
    this.#stretches.set(cameraId, stretches.slice(-MOST_STRETCHES));
  }

  of(cameraId: string): readonly TimeRange[] {
    return this.#stretches.get(cameraId) ?? [];
  }
}
