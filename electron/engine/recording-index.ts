import { EventEmitter } from 'node:events';
import type { CameraFootage } from '../contract/camera.ts';
import type { GapCause } from '../contract/gap.ts';
import type { StreamName } from '../contract/ids.ts';
import type { SegmentClosed, SegmentOpened, WorkerToEngine } from '../contract/worker-protocol.ts';
import { beatAppRun, beginAppRun, endAppRun, lastAppRun } from '../store/app-run-queries.ts';
import { cameraFootage, cameraLife, cameraLives, markCameraRemoved } from '../store/camera-life-queries.ts';
import { lastingGap } from '../store/gap-queries.ts';
import { insertSegment } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { GapLedger } from './gap-ledger.ts';
import type { GapReason } from './gap-ledger.ts';
import { fillHoles } from './ledger-holes.ts';
import { resumeLives } from './life-resumption.ts';
import type { Log } from './log.ts';
import { OpenSegment } from './open-segment.ts';
import { Reconcile } from './reconcile.ts';
import { endOf, keyFramesWithin, startAfterOpen, startAfterStored } from './segment-placement.ts';
import { storeRecovered } from './segment-recovery.ts';
import { reasonOf, stopReasonOf } from './stop-reason.ts';
import { WriteQueue } from './write-queue.ts';

export interface RecordingIndexOptions {
  store: Store;
  /** Absolute path. */
  recordingsDir: string;
  clock: Clock;
  log: Log;
  /** A new UUIDv7. */
  newId: () => string;
}

interface IndexEvents {
  /** Coverage of the camera's main stream now reaches endMs. */
  recorded: [cameraId: string, endMs: number];
  /** The camera is gone from every list; its footage waits to be deleted. */
  removed: [cameraId: string];
}

interface IndexedCamera {
  cameraKey: number;
  id: string;
  createdMs: number;
  open: Record<StreamName, OpenSegment[]>;
  /** Why the next gap will be there, told before recording stopped. */
  announced: { reason: GapReason; atMs: number } | undefined;
  /** Where the last segment ended, while nothing says that the next one will not follow at once. */
  betweenSegmentsMs: number | undefined;
  /** Set while the user wants no recording: what else goes wrong meanwhile is no reason for the gap. */
  unwanted: GapReason | undefined;
}

/** A crash costs the ledger this much precision. */
const HEARTBEAT_MS = 2000;

const NOTHING_KNOWN = { announced: undefined, betweenSegmentsMs: undefined, unwanted: undefined };

const STALLED: GapReason = { cause: 'stream-stalled' };
const WORKER_LOST: GapReason = { cause: 'app-crashed', detail: 'the recording process ended unexpectedly' };

/**
 * The index of what is recorded: rows of closed segments, growing segments in memory, and the gap ledger.
 *
 * Invariant: for each camera, coverage of the main stream and gaps tile [createdMs, now] without hole or overlap. A gap
 * without end is there if and only if no main segment grows. Each message of a worker is one transaction.
 */
export class RecordingIndex extends EventEmitter<IndexEvents> {
  readonly #options: RecordingIndexOptions;
  readonly #store: Store;
  readonly #ledger: GapLedger;
  readonly #reconcile: Reconcile;
  readonly #cameras = new Map<string, IndexedCamera>();
  readonly #writes: WriteQueue;
  readonly #recoveries = new Set<Promise<void>>();
  #appRunKey: number | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RecordingIndexOptions) {
    super();
    this.#options = options;
    this.#store = options.store;
    this.#ledger = new GapLedger(options.store);
    this.#writes = new WriteQueue(options.log);
    this.#reconcile = new Reconcile({ ...options, ledger: this.#ledger });
  }

  /** Re-indexes what a crash left, accounts for the time since the last run, and begins this one. */
  async start(): Promise<void> {
    const { clock } = this.#options;
    const previous = lastAppRun(this.#store);
    await this.#reconcile.recoverRecent(previous?.heartbeatMs ?? clock.nowMs());
    const nowMs = clock.nowMs();
    this.#appRunKey = this.#store.transaction(() => {
      resumeLives(this.#store, this.#ledger, previous, nowMs);
      return beginAppRun(this.#store, nowMs);
    });
    for (const life of cameraLives(this.#store)) {
      if (life.removedMs === null) this.#remember(life);
    }
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#reconcile.start(nowMs, ({ cameraId, stream, startMs }) =>
      this.openSegments(cameraId, stream).some((open) => open.message.startMs === startMs),
    );
  }

  /** Call after the workers have closed their segments. What still grows is re-indexed at the next start. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#reconcile.close();
    await Promise.all(this.#recoveries);
    this.#writes.retry();
    if (this.#appRunKey !== undefined) endAppRun(this.#store, this.#appRunKey, this.#options.clock.nowMs());
  }

  /** Takes in what a worker says of recording; other messages are of no interest here. */
  handle(message: WorkerToEngine): void {
    switch (message.type) {
      case 'segmentOpened':
        return this.#attempt(message.cameraId, (camera) => this.#opened(camera, message));
      case 'segmentProgress':
        return this.#attempt(message.cameraId, (camera) => {
          const segment = camera.open[message.stream].find((open) => open.message.segmentId === message.segmentId);
          segment?.grow(message);
          if (segment !== undefined && message.stream === 'main') this.emit('recorded', camera.id, segment.endMs);
        });
      case 'segmentClosed':
        return this.#attempt(message.cameraId, (camera) => this.#closed(camera, message));
      case 'segmentDiscarded':
        return this.#attempt(message.cameraId, (camera) => this.#discarded(camera, message.stream, message.segmentId));
      case 'recordingStopped':
        if (message.stream !== 'main') return;
        return this.#attempt(message.cameraId, (camera) => {
          const told = stopReasonOf(message.failure, message.message) ?? camera.announced?.reason;
          const reason = camera.unwanted ?? told;
          if (reason === undefined) return;
          const growing = growingMain(camera);
          if (growing === undefined) this.#ledger.setReason(camera.cameraKey, message.atMs, reason);
          else growing.stopped = reason;
          camera.betweenSegmentsMs = undefined;
        });
      case 'streamState': {
        if (message.stream !== 'main' || message.failure === undefined) return;
        const failed = reasonOf(message.failure, message.message);
        return this.#attempt(message.cameraId, (camera) => {
          if (camera.unwanted === undefined) this.#announce(camera, failed, message.sinceMs);
        });
      }
      default:
    }
  }

  /** The camera's life begins. Its row is in the store already. */
  cameraAdded(cameraId: string, createdMs: number): void {
    const life = cameraLife(this.#store, cameraId);
    if (life === undefined) throw new Error(`camera ${cameraId} is not in the store`);
    this.#remember(life);
    this.#attempt(cameraId, (camera) =>
      this.#ledger.open(camera.cameraKey, createdMs, { cause: 'camera-offline', detail: 'connecting' }),
    );
  }

  /** From atMs on, whatever is not recorded has this cause. */
  cameraCause(cameraId: string, cause: GapCause, detail: string | undefined, atMs: number): void {
    this.#attempt(cameraId, (camera) => {
      const reason = { cause, detail };
      this.#announce(camera, reason, atMs);
      camera.unwanted = cause === 'disabled' || cause === 'schedule' ? reason : undefined;
    });
  }

  /** Nobody is shown the camera and its footage any more; retention deletes them in the background. */
  cameraRemoved(cameraId: string, atMs: number): void {
    markCameraRemoved(this.#store, cameraId, atMs);
    this.#cameras.delete(cameraId);
    this.emit('removed', cameraId);
  }

  /** The worker of these cameras is gone: re-indexes the files that its open segments left. */
  async workerLost(cameraIds: readonly string[], atMs: number): Promise<void> {
    this.#options.log.warn({ cameraIds, atMs }, 'a worker was lost: its open segments are re-indexed');
    await Promise.all(
      cameraIds.map(async (cameraId) => {
        this.#attempt(cameraId, (camera) => this.#markLost(camera));
        const recovery = this.#recoverLost(cameraId);
        this.#recoveries.add(recovery);
        await recovery.finally(() => this.#recoveries.delete(recovery));
      }),
    );
  }

  /** Growing segments of a stream, ascending. */
  openSegments(cameraId: string, stream: StreamName): readonly OpenSegment[] {
    return this.#cameras.get(cameraId)?.open[stream] ?? [];
  }

  openSegment(segmentId: string): OpenSegment | undefined {
    for (const { open } of this.#cameras.values()) {
      const found = [...open.main, ...open.sub].find((segment) => segment.message.segmentId === segmentId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The camera with this key, unless it is removed. */
  cameraIdOf(cameraKey: number): string | undefined {
    return [...this.#cameras.values()].find((camera) => camera.cameraKey === cameraKey)?.id;
  }

  /** The camera's key in the store and the beginning of its life; undefined for a removed or unknown one. */
  camera(cameraId: string): { cameraKey: number; createdMs: number } | undefined {
    return this.#cameras.get(cameraId);
  }

  /**
   * Where the lasting gap of the camera begins, if it is only the moment between two segments: the recorder opens the
   * next file with its first write, up to a second later. The row is there all the same, in case of a crash.
   */
  betweenSegments(cameraId: string): number | undefined {
    return this.#cameras.get(cameraId)?.betweenSegmentsMs;
  }

  /** What deleting the camera would destroy. */
  footage(cameraId: string): CameraFootage {
    const camera = this.#cameras.get(cameraId);
    if (camera === undefined) return { segments: 0, bytes: 0 };
    const stored = cameraFootage(this.#store, camera.cameraKey);
    const open = [...camera.open.main, ...camera.open.sub];
    const fromMs = stored.fromMs ?? camera.open.main[0]?.startMs;
    const toMs = camera.open.main.at(-1)?.endMs ?? stored.toMs;
    return {
      segments: stored.segments + open.length,
      bytes: stored.bytes + open.reduce((sum, segment) => sum + segment.bytes, 0),
      ...(fromMs !== undefined && { fromMs }),
      ...(toMs !== undefined && { toMs }),
    };
  }

  #remember(life: { cameraKey: number; id: string; createdMs: number }): void {
    const { cameraKey, id, createdMs } = life;
    const open = { main: [], sub: [] };
    this.#cameras.set(id, { cameraKey, id, createdMs, open, ...NOTHING_KNOWN });
  }

  #opened(camera: IndexedCamera, message: SegmentOpened): void {
    const { cameraKey } = camera;
    const isMain = message.stream === 'main';
    const wantedMs = Math.max(message.startMs, camera.createdMs);
    const before = camera.open[message.stream].at(-1);
    const startMs = this.#store.transaction(() => {
      const place =
        before === undefined
          ? startAfterStored(this.#store, cameraKey, message.stream, wantedMs, message.runId)
          : { startMs: startAfterOpen(before, wantedMs), coveredFromMs: startAfterOpen(before, wantedMs) };
      if (isMain) this.#ledger.cover(cameraKey, place.coveredFromMs);
      return place.startMs;
    });
    if (startMs > wantedMs) {
      const fields = { cameraId: camera.id, startMs: message.startMs, movedMs: startMs - wantedMs };
      this.#options.log.warn(fields, 'the clock was set back: footage is filed after what is already recorded');
    }
    if (before !== undefined) before.next = { startMs, runId: message.runId };
    camera.open[message.stream].push(new OpenSegment(message, startMs));
    if (isMain) camera.announced = camera.betweenSegmentsMs = undefined;
  }

  #closed(camera: IndexedCamera, message: SegmentClosed): void {
    const segment = camera.open[message.stream].find((open) => open.message.segmentId === message.segmentId);
    if (segment === undefined) {
      this.#options.log.warn({ segmentId: message.segmentId }, 'a segment was closed that was never opened');
      return;
    }
    segment.grow(message);
    const { startMs } = segment;
    const endMs = endOf(segment, segment.endMs);
    const { initBytes, mimeType, width, height, runId, startMs: fileMs } = segment.message;
    this.#store.transaction(() => {
      insertSegment(this.#store, {
        ...{ id: message.segmentId, cameraKey: camera.cameraKey, stream: message.stream, startMs, endMs, fileMs },
        ...{ bytes: message.bytes, frames: message.frames, trigger: 'continuous', sha256: message.sha256 },
        ...{ initBytes, mimeType, width, height, runId },
        keyFrames: keyFramesWithin(segment.keyFrames, { startMs, endMs, bytes: message.bytes }),
      });
      if (message.stream === 'main') this.#accountBehind(camera, segment, endMs);
    });
    this.#forget(camera, segment);
    if (message.stream !== 'main') return;
    const isRotating = segment.next === undefined && segment.stopped === undefined && camera.announced === undefined;
    camera.betweenSegmentsMs = isRotating ? endMs : undefined;
    this.emit('recorded', camera.id, endMs);
  }

  /** Accounts for the time between endMs, where the segment's coverage ends, and the next segment. */
  #accountBehind(camera: IndexedCamera, segment: OpenSegment, endMs: number): void {
    const { cameraKey, announced } = camera;
    const reason = segment.stopped ?? announced?.reason ?? STALLED;
    if (segment.next !== undefined) {
      this.#ledger.add(cameraKey, endMs, segment.next.startMs, reason);
      return;
    }
    this.#ledger.open(cameraKey, endMs, reason);
    if (announced !== undefined && announced.atMs > endMs) {
      this.#ledger.setReason(cameraKey, announced.atMs, announced.reason);
    }
  }

  #discarded(camera: IndexedCamera, stream: StreamName, segmentId: string): void {
    const segment = camera.open[stream].find((open) => open.message.segmentId === segmentId);
    if (segment === undefined) return;
    const before = camera.open[stream].find((open) => open.next?.startMs === segment.startMs);
    // The one before it, if it is still open, answers for the time behind itself when it closes.
    if (stream === 'main' && before === undefined) {
      this.#store.transaction(() => this.#accountBehind(camera, segment, segment.startMs));
    }
    if (before !== undefined) {
      before.next = segment.next;
      before.stopped ??= segment.stopped;
    }
    this.#forget(camera, segment);
  }

  #announce(camera: IndexedCamera, reason: GapReason, atMs: number): void {
    if (growingMain(camera) === undefined) this.#ledger.setReason(camera.cameraKey, atMs, reason);
    else camera.announced = { reason, atMs };
    camera.betweenSegmentsMs = undefined;
  }

  #markLost(camera: IndexedCamera): void {
    const { cameraKey, announced, unwanted } = camera;
    const growing = growingMain(camera);
    if (growing !== undefined) {
      this.#store.transaction(() => {
        this.#ledger.open(cameraKey, growing.endMs, WORKER_LOST);
        const unwantedFromMs = Math.max(growing.endMs, announced?.atMs ?? 0);
        if (unwanted !== undefined) this.#ledger.setReason(cameraKey, unwantedFromMs, unwanted);
      });
    }
    for (const segment of [...camera.open.main, ...camera.open.sub]) segment.isLost = true;
  }

  async #recoverLost(cameraId: string): Promise<void> {
    const camera = this.#cameras.get(cameraId);
    if (camera === undefined) return;
    for (const segment of [...camera.open.main, ...camera.open.sub]) {
      if (!segment.isLost) continue;
      const file = await this.#reconcile.recover(segment.message);
      this.#attempt(cameraId, () => {
        // Two workers lost in a row ask for the same file twice.
        if (!camera.open[segment.message.stream].includes(segment)) return;
        this.#store.transaction(() => {
          const { cameraKey } = camera;
          const { segmentId: id, stream, startMs: fileMs, runId } = segment.message;
          const limitMs = segment.next?.startMs;
          if (file !== undefined) {
            const place = { startMs: segment.startMs, limitMs: limitMs ?? Number.MAX_SAFE_INTEGER };
            storeRecovered(this.#store, this.#ledger, { id, cameraKey, stream, fileMs, runId, place }, file);
          }
          if (stream !== 'main') return;
          const toMs = limitMs ?? lastingGap(this.#store, cameraKey)?.startMs ?? segment.endMs;
          fillHoles(this.#store, this.#ledger, cameraKey, { fromMs: segment.startMs, toMs }, WORKER_LOST);
        });
        this.#forget(camera, segment);
      });
    }
  }

  #forget(camera: IndexedCamera, segment: OpenSegment): void {
    const open = camera.open[segment.message.stream];
    open.splice(open.indexOf(segment), 1);
  }

  #beat(): void {
    this.#writes.retry();
    try {
      if (this.#appRunKey !== undefined) beatAppRun(this.#store, this.#appRunKey, this.#options.clock.nowMs());
    } catch (error) {
      this.#options.log.error({ err: error }, 'the database did not take the heartbeat');
    }
  }

  #attempt(cameraId: string, step: (camera: IndexedCamera) => void): void {
    this.#writes.attempt(() => {
      const camera = this.#cameras.get(cameraId);
      if (camera !== undefined) step(camera);
    });
  }
}

/** The main segment that grows at this moment. */
function growingMain(camera: IndexedCamera): OpenSegment | undefined {
  const last = camera.open.main.at(-1);
  return last === undefined || last.isLost ? undefined : last;
}
