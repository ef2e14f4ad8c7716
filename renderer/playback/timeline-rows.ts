import type { Gap } from '../../electron/contract/gap.ts';
import type { TimeRange } from '../api/recordings.ts';
import { coverageStretches, type CoverageStretch, type LoadedBuckets } from './buckets.ts';

/** What is drawn of one camera. */
export interface TimelineRow {
  cameraId: string;
  /** When the camera was added: before that there is nothing to miss. */
  lifeStartMs: number;
  coverage: CoverageStretch[];
  gaps: Gap[];
}

/** Rows from the answers of the server and what the feed has told since. */
export function timelineRows(
  cameraIds: readonly string[],
  loaded: readonly LoadedBuckets[],
  live: (cameraId: string) => readonly TimeRange[],
): TimelineRow[] {
  return cameraIds.map((cameraId) => ({
    cameraId,
    lifeStartMs: loaded.reduce((earliestMs, { timeline }) => {
      const row = timeline.cameras.find((camera) => camera.cameraId === cameraId);
      return Math.min(earliestMs, row?.lifeStartMs ?? Infinity);
    }, Infinity),
    coverage: [
      ...loaded.flatMap(({ timeline, loadedMs }) => coverageStretches(timeline, cameraId, loadedMs)),
      ...live(cameraId).map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs, share: 1 })),
    ],
    gaps: joinGaps(
      loaded.flatMap(
        ({ timeline, window }) =>
          timeline.cameras
            .find((camera) => camera.cameraId === cameraId)
            ?.gaps.map((gap) => clip(gap, window.fromMs, window.toMs)) ?? [],
      ),
    ),
  }));
}

/** Windows cut gaps at their borders; a person hovers over the whole. */
function joinGaps(gaps: Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps.toSorted((a, b) => a.startMs - b.startMs || b.endMs - a.endMs)) {
    const last = joined.at(-1);
    if (last !== undefined && last.cause === gap.cause && gap.startMs <= last.endMs) {
      last.endMs = Math.max(last.endMs, gap.endMs);
    } else {
      joined.push({ ...gap });
    }
  }
  return joined;
}

function clip(gap: Gap, fromMs: number, toMs: number): Gap {
  return { ...gap, startMs: Math.max(gap.startMs, fromMs), endMs: Math.min(gap.endMs, toMs) };
}
