import type { Timeline } from '../../electron/contract/recordings.ts';
import type { TimeRange } from '../api/recordings.ts';
import { spanMs, type TimeScale } from './time-scale.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lengths that divide each other mostly, so that the server's rollups of minutes, hours and days fit. */
const BUCKETS_MS = [
  ...[100, 200, 500].map((ms) => ms),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  DAY_MS,
];

/** How many buckets one request covers: a little more than a screen, so that one answer serves a pan. */
const BUCKETS_PER_WINDOW = 1500;

/** The length of a bucket for this zoom: the longest that is no wider than about a pixel and a half. */
export function bucketMsFor(scale: TimeScale): number {
  const wantedMs = (spanMs(scale) / Math.max(1, scale.widthPx)) * 1.5;
  return BUCKETS_MS.findLast((candidateMs) => candidateMs <= wantedMs) ?? 100;
}

/** A stretch of the time line that is asked for at once; the same for everybody who looks near it. */
export interface BucketWindow extends TimeRange {
  bucketMs: number;
  key: string;
}

/** The windows that a view needs now, then those beside it worth having soon. */
export function windowsFor(scale: TimeScale): { needed: BucketWindow[]; beside: BucketWindow[] } {
  const bucketMs = bucketMsFor(scale);
  const lengthMs = bucketMs * BUCKETS_PER_WINDOW;
  const first = Math.floor(scale.fromMs / lengthMs);
  const last = Math.floor((scale.toMs - 1) / lengthMs);
  const needed: BucketWindow[] = [];
  for (let index = first; index <= last; index += 1) needed.push(bucketWindow(index, bucketMs));
  return { needed, beside: [bucketWindow(first - 1, bucketMs), bucketWindow(last + 1, bucketMs)] };
}

function bucketWindow(index: number, bucketMs: number): BucketWindow {
  const lengthMs = bucketMs * BUCKETS_PER_WINDOW;
  return { fromMs: index * lengthMs, toMs: (index + 1) * lengthMs, bucketMs, key: `${bucketMs}:${index}` };
}

/** An answer, with the moment at which it was true. */
export interface LoadedBuckets {
  window: BucketWindow;
  timeline: Timeline;
  loadedMs: number;
}

/** What still changes grows old: the present, and gaps that later turn out otherwise. */
const FRESH_MS = 20_000;
const MOST_WINDOWS = 48;

/** Answers by window, the least recently used forgotten first. */
export class BucketCache {
  readonly #loaded = new Map<string, LoadedBuckets>();

  /** The answer for a window, also an old one: better than nothing while the new one is on its way. */
  get(window: BucketWindow): LoadedBuckets | undefined {
    const found = this.#loaded.get(window.key);
    if (found !== undefined) {
      this.#loaded.delete(window.key);
      this.#loaded.set(window.key, found);
    }
    return found;
  }

  set(loaded: LoadedBuckets): void {
    this.#loaded.delete(loaded.window.key);
    this.#loaded.set(loaded.window.key, loaded);
    for (const key of this.#loaded.keys()) {
      if (this.#loaded.size <= MOST_WINDOWS) break;
      this.#loaded.delete(key);
    }
  }

  /** Whether to ask (again): never asked, or asked while part of it lay in the future, and not just now. */
  isDue(window: BucketWindow, nowMs: number): boolean {
    const loaded = this.#loaded.get(window.key);
    if (loaded === undefined) return true;
    return loaded.loadedMs < window.toMs + FRESH_MS && nowMs - loaded.loadedMs > FRESH_MS;
  }

  /** Answers of other zooms that overlap a range, the finest last: shown while the right ones are on their way. */
  standIns(range: TimeRange): LoadedBuckets[] {
    return [...this.#loaded.values()]
      .filter(({ window }) => window.fromMs < range.toMs && window.toMs > range.fromMs)
      .toSorted((a, b) => b.window.bucketMs - a.window.bucketMs);
  }

  clear(): void {
    this.#loaded.clear();
  }
}

/** Part of a row as it is drawn: `share` of it (0 to 1) is recorded. */
export interface CoverageStretch {
  startMs: number;
  endMs: number;
  share: number;
}

/**
 * Buckets of one camera joined to stretches of equal coverage, empty ones left out. The bucket in which recording
 * goes on ends where its coverage does, so that the present is not drawn as a half-empty bucket.
 *
 * @param knownUntilMs when the answer was given
 */
export function coverageStretches(timeline: Timeline, cameraId: string, knownUntilMs: number): CoverageStretch[] {
  const row = timeline.cameras.find((camera) => camera.cameraId === cameraId);
  const stretches: CoverageStretch[] = [];
  row?.coveredMs.forEach((coveredMs, index) => {
    if (coveredMs <= 0) return;
    const startMs = timeline.startMs + index * timeline.bucketMs;
    const endMs = startMs + timeline.bucketMs;
    if (endMs > knownUntilMs && startMs <= knownUntilMs) {
      addStretch(stretches, { startMs, endMs: Math.min(endMs, startMs + coveredMs), share: 1 });
    } else {
      addStretch(stretches, { startMs, endMs, share: Math.min(1, coveredMs / timeline.bucketMs) });
    }
  });
  return stretches;
}

function addStretch(stretches: CoverageStretch[], next: CoverageStretch): void {
  const last = stretches.at(-1);
  if (last?.endMs === next.startMs && Math.abs(last.share - next.share) < 0.01) last.endMs = next.endMs;
  else stretches.push({ ...next });
}
