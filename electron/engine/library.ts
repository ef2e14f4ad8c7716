import { resolve, sep } from 'node:path';
import type { Gap } from '../contract/gap.ts';
import type { StreamName } from '../contract/ids.ts';
import { recordingPath } from '../contract/recording-path.ts';
import type { RecordingFile } from '../contract/recording-path.ts';
import type { Coverage, Recordings, Timeline, TimelineQuery } from '../contract/recordings.ts';
import type { PlayableSegment, RecordingLibrary } from '../server/ports.ts';
import { visitCoverage } from '../store/coverage-queries.ts';
import { gapsInRange } from '../store/gap-queries.ts';
import { coverageInRange, segmentById, segmentsInRange } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { OpenSegment } from './open-segment.ts';
import type { RecordingIndex } from './recording-index.ts';
import { addToBuckets, planTimeline } from './timeline-buckets.ts';
import type { TimelinePlan } from './timeline-buckets.ts';

export interface LibraryOptions {
  store: Store;
  index: RecordingIndex;
  recordingsDir: string;
  clock: Clock;
}

/** The recorder writes once a second; when the disk is busy, the next segment may take a little longer to appear. */
const BETWEEN_SEGMENTS_MS = 5000;

/** What is recorded, closed and growing, as viewers see it. A camera that is removed or unknown has nothing. */
export class Library implements RecordingLibrary {
  readonly #store: Store;
  readonly #index: RecordingIndex;
  readonly #recordingsDir: string;
  readonly #clock: Clock;

  constructor({ store, index, recordingsDir, clock }: LibraryOptions) {
    this.#store = store;
    this.#index = index;
    this.#recordingsDir = resolve(recordingsDir);
    this.#clock = clock;
  }

  segments(cameraId: string, stream: StreamName, fromMs: number, toMs: number): PlayableSegment[] {
    const camera = this.#index.camera(cameraId);
    if (camera === undefined) return [];
    const stored: PlayableSegment[] = segmentsInRange(this.#store, camera.cameraKey, stream, fromMs, toMs);
    const open = this.#index
      .openSegments(cameraId, stream)
      .map(toPlayable)
      .filter((segment) => segment.keyFrames.length > 0 && segment.startMs < toMs && segment.endMs > fromMs);
    return [...stored, ...open].sort((a, b) => a.startMs - b.startMs);
  }

  recordings(cameraId: string, fromMs: number, toMs: number): Recordings {
    const camera = this.#index.camera(cameraId);
    if (camera === undefined) return { coverage: [], gaps: [] };
    const stored = coverageInRange(this.#store, camera.cameraKey, fromMs, toMs);
    const open = this.#index.openSegments(cameraId, 'main').map(toPlayable);
    const coverage: Coverage[] = [];
    for (const segment of [...stored, ...open].sort((a, b) => a.startMs - b.startMs)) {
      const startMs = Math.max(segment.startMs, fromMs);
      const endMs = Math.min(segment.endMs, toMs);
      const last = coverage.at(-1);
      if (last?.endMs === startMs && last.trigger === segment.trigger) last.endMs = Math.max(endMs, startMs);
      else if (endMs > startMs) coverage.push({ startMs, endMs, trigger: segment.trigger });
    }
    return { coverage, gaps: this.gaps(cameraId, fromMs, toMs) };
  }

  gaps(cameraId: string, fromMs: number, toMs: number): Gap[] {
    const camera = this.#index.camera(cameraId);
    return camera === undefined ? [] : this.#gaps(cameraId, camera.cameraKey, { fromMs, toMs, shortestMs: 0 });
  }

  timeline({ cameraIds, fromMs, toMs, bucketMs }: TimelineQuery): Timeline {
    const plan = planTimeline({ cameras: cameraIds.length, fromMs, toMs, bucketMs });
    return {
      startMs: plan.startMs,
      bucketMs: plan.bucketMs,
      cameras: cameraIds.flatMap((cameraId) => {
        const camera = this.#index.camera(cameraId);
        if (camera === undefined) return [];
        return {
          cameraId,
          lifeStartMs: camera.createdMs,
          coveredMs: this.#coveredMs(cameraId, camera.cameraKey, plan),
          gaps: this.#gaps(cameraId, camera.cameraKey, { fromMs, toMs, shortestMs: plan.bucketMs }),
          events: new Array<number>(plan.count).fill(0),
        };
      }),
    };
  }

  segmentFile(segmentId: string): { path: string; bytes: number; cameraId: string; closed: boolean } | undefined {
    const open = this.#index.openSegment(segmentId);
    if (open !== undefined) {
      return { path: this.#path(open.message), bytes: open.bytes, cameraId: open.message.cameraId, closed: false };
    }
    const stored = segmentById(this.#store, segmentId);
    const cameraId = stored === undefined ? undefined : this.#index.cameraIdOf(stored.cameraKey);
    if (stored === undefined || cameraId === undefined) return undefined;
    const path = this.#path({ cameraId, stream: stored.stream, startMs: stored.fileMs });
    return { path, bytes: stored.bytes, cameraId, closed: true };
  }

  #coveredMs(cameraId: string, cameraKey: number, plan: TimelinePlan): number[] {
    const coveredMs = new Array<number>(plan.count).fill(0);
    const add = (startMs: number, endMs: number) => addToBuckets(coveredMs, plan, startMs, endMs);
    const range = { fromMs: plan.startMs, toMs: plan.startMs + plan.count * plan.bucketMs, level: plan.level };
    visitCoverage(this.#store, cameraKey, range, add);
    for (const open of this.#index.openSegments(cameraId, 'main')) add(open.startMs, endOfGrowing(open));
    return coveredMs;
  }

  #gaps(cameraId: string, cameraKey: number, range: { fromMs: number; toMs: number; shortestMs: number }): Gap[] {
    const { fromMs, toMs, shortestMs } = range;
    const nowMs = this.#clock.nowMs();
    const betweenMs = this.#index.betweenSegments(cameraId);
    return gapsInRange(this.#store, cameraKey, fromMs, toMs, shortestMs).flatMap((gap) => {
      const isBetween = gap.endMs === null && gap.startMs === betweenMs && nowMs - gap.startMs < BETWEEN_SEGMENTS_MS;
      const endMs = gap.endMs ?? nowMs;
      const startMs = Math.max(gap.startMs, fromMs);
      const cutMs = Math.min(endMs, toMs);
      if (isBetween || cutMs <= startMs || endMs - gap.startMs < shortestMs) return [];
      return { startMs, endMs: cutMs, cause: gap.cause, ...(gap.detail !== null && { detail: gap.detail }) };
    });
  }

  /** @throws RangeError for a path outside the recordings folder, which no stored row can give */
  #path(file: RecordingFile): string {
    const path = resolve(this.#recordingsDir, recordingPath(file));
    if (!path.startsWith(this.#recordingsDir + sep)) throw new RangeError('a segment outside the recordings folder');
    return path;
  }
}

function toPlayable(open: OpenSegment): PlayableSegment {
  const { segmentId, stream, initBytes, runId, mimeType, width, height } = open.message;
  return {
    id: segmentId,
    ...{ stream, initBytes, runId, mimeType, width, height },
    startMs: open.startMs,
    endMs: endOfGrowing(open),
    bytes: open.bytes,
    keyFrames: open.keyFrames.filter((keyFrame) => keyFrame.offsetBytes < open.bytes),
    trigger: 'continuous',
  };
}

function endOfGrowing(open: OpenSegment): number {
  return Math.min(open.endMs, open.next?.startMs ?? Number.MAX_SAFE_INTEGER);
}
