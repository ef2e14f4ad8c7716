import type { CoverageLevel } from '../store/coverage-queries.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../store/coverage-rollups.ts';

/** How a timeline is answered: from what, and in buckets of which length. */
export interface TimelinePlan {
  level: CoverageLevel;
  startMs: number;
  bucketMs: number;
  count: number;
}

/** Rows that are read within a few milliseconds: segments of 16 cameras for five hours. */
const MOST_SEGMENTS = 5000;
/** Days of minutes (3 KB each) that are read within a few milliseconds: 16 cameras for a month. */
const MOST_MINUTE_DAYS = 500;
const SEGMENT_MS = 60_000;

/**
 * Chooses the finest level that answers in time. Rollups count in whole minutes or hours, and the bucket is rounded
 * up to them. Buckets begin at whole multiples of their length since 1970.
 */
export function planTimeline(request: {
  cameras: number;
  fromMs: number;
  toMs: number;
  bucketMs: number;
}): TimelinePlan {
  const { cameras, fromMs, toMs } = request;
  const lengthMs = toMs - fromMs;
  const level = ((): CoverageLevel => {
    if ((cameras * lengthMs) / SEGMENT_MS <= MOST_SEGMENTS) return 'segment';
    if (request.bucketMs >= HOUR_MS) return 'hour';
    return (cameras * lengthMs) / DAY_MS <= MOST_MINUTE_DAYS ? 'minute' : 'hour';
  })();
  const unitMs = { segment: 1, minute: MINUTE_MS, hour: HOUR_MS }[level];
  const bucketMs = Math.ceil(request.bucketMs / unitMs) * unitMs;
  const startMs = Math.floor(fromMs / bucketMs) * bucketMs;
  return { level, startMs, bucketMs, count: Math.ceil((toMs - startMs) / bucketMs) };
}

/** Adds [startMs, endMs) to the buckets that it touches; what lies outside them is left out. */
export function addToBuckets(coveredMs: number[], plan: TimelinePlan, startMs: number, endMs: number): void {
  const { bucketMs, count } = plan;
  const from = Math.max(startMs - plan.startMs, 0);
  const to = Math.min(endMs - plan.startMs, count * bucketMs);
  for (let index = Math.floor(from / bucketMs); index * bucketMs < to; index++) {
    const ms = Math.min(to, (index + 1) * bucketMs) - Math.max(from, index * bucketMs);
    coveredMs[index] = (coveredMs[index] ?? 0) + ms;
  }
}
