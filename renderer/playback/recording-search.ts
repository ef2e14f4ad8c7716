import type { GapCause } from '../../electron/contract/gap.ts';
import type { Coverage, Timeline } from '../../electron/contract/recordings.ts';
import { LONGEST_RANGE_MS } from '../../electron/contract/times.ts';
import { fetchRecordings, fetchTimeline, type TimeRange } from '../api/recordings.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Pieces this close are one recording to a person: a restart of the stream, not an absence. */
const LONGEST_SEAM_MS = 2_000;
/** "Previous" goes to the start of what is playing, and from there to the one before, as in any player. */
const NEAR_START_MS = 3_000;
const SEARCH_BUCKETS = 2_000;

/** The start of the first recording that begins after `afterMs`; undefined when there is none. @throws ApiProblem */
export async function findNextStart(cameraId: string, afterMs: number, nowMs: number): Promise<number | undefined> {
  const near = await recordingsIn(cameraId, { fromMs: afterMs, toMs: afterMs + HOUR_MS });
  const start = firstStartAfter(near, afterMs);
  if (start !== undefined || afterMs + HOUR_MS >= nowMs) return start;
  const timeline = await fetchTimeline(
    [cameraId],
    { fromMs: afterMs + HOUR_MS, toMs: nowMs },
    searchBucketMs(nowMs - afterMs),
  );
  const bounds = startAfterHole(timeline, cameraId);
  // The stretch before the hole is needed, too: what begins at the range's edge has not begun there.
  return bounds && firstStartAfter(await recordingsIn(cameraId, bounds), bounds.fromMs);
}

/** The earliest such start of several cameras. @throws ApiProblem */
export async function findEarliestStart(
  cameraIds: readonly string[],
  afterMs: number,
  nowMs: number,
): Promise<number | undefined> {
  const starts = await Promise.all(cameraIds.map((cameraId) => findNextStart(cameraId, afterMs, nowMs)));
  const found = starts.filter((start) => start !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The latest end of a recording of these cameras before a moment; undefined when there is none. @throws ApiProblem */
export async function findLatestEnd(cameraIds: readonly string[], beforeMs: number): Promise<number | undefined> {
  const ends = await Promise.all(cameraIds.map((cameraId) => findPreviousEnd(cameraId, beforeMs)));
  const found = ends.filter((end) => end !== undefined);
  return found.length === 0 ? undefined : Math.max(...found);
}

async function findPreviousEnd(cameraId: string, beforeMs: number): Promise<number | undefined> {
  const near = await recordingsIn(cameraId, { fromMs: beforeMs - HOUR_MS, toMs: beforeMs });
  const end = near.at(-1)?.toMs;
  if (end !== undefined) return end;
  const fromMs = beforeMs - LONGEST_RANGE_MS / 2;
  const timeline = await fetchTimeline(
    [cameraId],
    { fromMs, toMs: beforeMs - HOUR_MS },
    searchBucketMs(LONGEST_RANGE_MS / 2),
  );
  const last = coveredOf(timeline, cameraId).findLastIndex((coveredMs) => coveredMs > 0);
  if (last === -1) return undefined;
  return (await recordingsIn(cameraId, bucketRange(timeline, last, last))).at(-1)?.toMs;
}

/** The cause of most of a gap; undefined where the ledger cannot be asked: the gap is then told without it. */
export async function causeOfGap(cameraId: string, gap: TimeRange): Promise<GapCause | undefined> {
  const answer = await fetchRecordings(cameraId, gap).catch(() => undefined);
  return answer?.gaps.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))[0]?.cause;
}

/** The start of the recording that goes on at `beforeMs`, or of the one before when that is near. @throws ApiProblem */
export async function findPreviousStart(cameraId: string, beforeMs: number): Promise<number | undefined> {
  const nearRange = { fromMs: beforeMs - HOUR_MS, toMs: beforeMs };
  const near = await recordingsIn(cameraId, nearRange);
  const start = lastStartBefore(near, nearRange.fromMs, beforeMs - NEAR_START_MS);
  if (start !== undefined) return start;
  const fromMs = beforeMs - LONGEST_RANGE_MS / 2;
  const range = { fromMs, toMs: nearRange.fromMs + MINUTE_MS };
  const timeline = await fetchTimeline([cameraId], range, searchBucketMs(range.toMs - fromMs));
  const bounds = lastStartBounds(timeline, cameraId);
  return bounds && lastStartBefore(await recordingsIn(cameraId, bounds), bounds.fromMs, beforeMs - NEAR_START_MS);
}

/** From when to when anything is recorded of any of these cameras; undefined when nothing is. @throws ApiProblem */
export async function findRecordedRange(cameraIds: readonly string[], nowMs: number): Promise<TimeRange | undefined> {
  const fromMs = nowMs - LONGEST_RANGE_MS + HOUR_MS;
  const range = { fromMs, toMs: nowMs + MINUTE_MS };
  const timeline = await fetchTimeline(cameraIds, range, searchBucketMs(LONGEST_RANGE_MS));
  const found = await Promise.all(timeline.cameras.map((row) => exactRange(timeline, row.cameraId, row.coveredMs)));
  const ranges = found.filter((candidate) => candidate !== undefined);
  if (ranges.length === 0) return undefined;
  return {
    fromMs: Math.min(...ranges.map((candidate) => candidate.fromMs)),
    toMs: Math.max(...ranges.map((candidate) => candidate.toMs)),
  };
}

/** Coverage whose pieces follow each other closely, joined. */
export function joinCoverage(coverage: readonly Coverage[]): TimeRange[] {
  const joined: TimeRange[] = [];
  for (const { startMs, endMs } of coverage) {
    const last = joined.at(-1);
    if (last !== undefined && startMs - last.toMs <= LONGEST_SEAM_MS) last.toMs = Math.max(last.toMs, endMs);
    else joined.push({ fromMs: startMs, toMs: endMs });
  }
  return joined;
}

async function recordingsIn(cameraId: string, range: TimeRange): Promise<TimeRange[]> {
  return joinCoverage((await fetchRecordings(cameraId, range)).coverage);
}

/** What begins at the edge of the range asked for goes on from before it. */
function firstStartAfter(recordings: TimeRange[], afterMs: number): number | undefined {
  return recordings.find((recording) => recording.fromMs > afterMs)?.fromMs;
}

function lastStartBefore(recordings: TimeRange[], edgeMs: number, beforeMs: number): number | undefined {
  return recordings.findLast((recording) => recording.fromMs > edgeMs && recording.fromMs < beforeMs)?.fromMs;
}

async function exactRange(timeline: Timeline, cameraId: string, coveredMs: number[]): Promise<TimeRange | undefined> {
  const first = coveredMs.findIndex((covered) => covered > 0);
  const last = coveredMs.findLastIndex((covered) => covered > 0);
  if (first === -1) return undefined;
  const [head, tail] = await Promise.all([
    recordingsIn(cameraId, bucketRange(timeline, first, first)),
    recordingsIn(cameraId, bucketRange(timeline, last, last)),
  ]);
  const fromMs = head[0]?.fromMs;
  const toMs = tail.at(-1)?.toMs;
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
}

/** Where the first recording after the first hole of the answer begins: between these buckets. */
function startAfterHole(timeline: Timeline, cameraId: string): TimeRange | undefined {
  const covered = coveredOf(timeline, cameraId);
  const hole = covered.findIndex((coveredMs) => coveredMs < timeline.bucketMs - LONGEST_SEAM_MS);
  if (hole === -1) return undefined;
  const next = covered.findIndex((coveredMs, index) => index >= hole && coveredMs > 0);
  if (next === -1) return undefined;
  // A hole inside one bucket: what comes after it begins in this bucket or in the next.
  return bucketRange(timeline, Math.max(0, hole - 1), next + 1);
}

function lastStartBounds(timeline: Timeline, cameraId: string): TimeRange | undefined {
  const covered = coveredOf(timeline, cameraId);
  const last = covered.findLastIndex((coveredMs) => coveredMs > 0);
  const hole = covered.findLastIndex((coveredMs, i) => i <= last && coveredMs < timeline.bucketMs - LONGEST_SEAM_MS);
  if (last === -1) return undefined;
  return bucketRange(timeline, Math.max(0, hole - 1), Math.min(last, Math.max(0, hole) + 1));
}

function coveredOf(timeline: Timeline, cameraId: string): number[] {
  return timeline.cameras.find((row) => row.cameraId === cameraId)?.coveredMs ?? [];
}

function bucketRange(timeline: Timeline, first: number, last: number): TimeRange {
  const { startMs, bucketMs } = timeline;
  return { fromMs: startMs + first * bucketMs, toMs: startMs + (last + 1) * bucketMs };
}

/** Whole minutes, so that the server may use its rollups. */
function searchBucketMs(lengthMs: number): number {
  return Math.max(MINUTE_MS, Math.ceil(lengthMs / SEARCH_BUCKETS / MINUTE_MS) * MINUTE_MS);
}
