/**
 * Where a segment stands on its camera's time line. Segments of a stream never overlap there, and those of one FFmpeg
 * run follow each other without a hole.
 */
import type { StreamName } from '../contract/ids.ts';
import type { KeyFrame } from '../contract/worker-protocol.ts';
import { moveSegmentEnd, segmentBefore, segmentFrom } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { OpenSegment } from './open-segment.ts';

/**
 * How far the end of a segment may be moved to meet the start of the next: the worker slews its clock while it
 * records, and the last frame's duration is a guess. More than a second is no rounding: it is a jump of the clock.
 */
const MOST_MOVED_MS = 1000;

/** The start of a segment which follows one that is still open. */
export function startAfterOpen(before: OpenSegment, startMs: number): number {
  const isAfter = startMs > before.startMs && before.endMs - startMs <= MOST_MOVED_MS;
  return isAfter ? startMs : Math.max(before.endMs, before.startMs + 1);
}

/**
 * The start of a segment which follows the stored ones; may move the end of the last of them. `coveredFromMs` is where
 * gaps have to give way from.
 */
export function startAfterStored(
  store: Store,
  cameraKey: number,
  stream: StreamName,
  startMs: number,
  runId: string,
): { startMs: number; coveredFromMs: number } {
  const last = segmentBefore(store, cameraKey, stream, Number.MAX_SAFE_INTEGER);
  if (last === undefined) return { startMs, coveredFromMs: startMs };
  const overlapMs = last.endMs - startMs;
  if (overlapMs > MOST_MOVED_MS || startMs <= last.startMs) {
    return { startMs: last.endMs, coveredFromMs: last.endMs };
  }
  if (overlapMs > 0) moveSegmentEnd(store, last.segmentKey, startMs);
  const isAdjacent = overlapMs < 0 && -overlapMs <= MOST_MOVED_MS && last.runId === runId;
  if (!isAdjacent) return { startMs, coveredFromMs: startMs };
  moveSegmentEnd(store, last.segmentKey, startMs);
  return { startMs, coveredFromMs: last.endMs };
}

/** The end of an open segment, which is about to be stored. Never before startMs + 1. */
export function endOf(segment: OpenSegment, endMs: number): number {
  const ownEndMs = Math.max(endMs, segment.startMs + 1);
  const { next } = segment;
  if (next === undefined) return ownEndMs;
  const holeMs = next.startMs - ownEndMs;
  const meets = holeMs <= 0 || (holeMs <= MOST_MOVED_MS && next.runId === segment.message.runId);
  return meets ? next.startMs : ownEndMs;
}

/** The first place from startMs on which no stored segment takes, and where it ends at the latest. */
export function freePlace(
  store: Store,
  cameraKey: number,
  stream: StreamName,
  startMs: number,
): { startMs: number; limitMs: number } {
  let freeMs = startMs;
  for (;;) {
    const before = segmentBefore(store, cameraKey, stream, freeMs + 1);
    if (before === undefined || before.endMs <= freeMs) break;
    freeMs = before.endMs;
  }
  const after = segmentFrom(store, cameraKey, stream, freeMs);
  return { startMs: freeMs, limitMs: after?.startMs ?? Number.MAX_SAFE_INTEGER };
}

/** Key frames as stored: inside the file's whole fragments, and inside [startMs, endMs) also where the end was moved. */
export function keyFramesWithin(
  keyFrames: readonly KeyFrame[],
  range: { startMs: number; endMs: number; bytes: number },
): KeyFrame[] {
  return keyFrames
    .filter((keyFrame) => keyFrame.offsetBytes < range.bytes)
    .map(({ timeMs, offsetBytes }) => ({
      timeMs: Math.min(Math.max(timeMs, range.startMs), range.endMs - 1),
      offsetBytes,
    }));
}
