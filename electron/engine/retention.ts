import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Storage } from '../contract/storage.ts';
import { bytesSinceDay, cameraLives, forgetCamera } from '../store/camera-life-queries.ts';
import type { CameraLife } from '../store/camera-life-queries.ts';
import { DAY_MS } from '../store/coverage-rollups.ts';
import { garbageBytes } from '../store/garbage-queries.ts';
import { oldestSegments } from '../store/segment-queries.ts';
import type { StoredSegment } from '../store/segment-queries.ts';
import { readSetting } from '../store/setting-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { deleteFootage } from './footage-deletion.ts';
import { keepFreeBytes } from './free-space.ts';
import type { MeasureVolume, VolumeSpace } from './free-space.ts';
import { GapLedger } from './gap-ledger.ts';
import { GarbageCollector } from './garbage.ts';
import type { Log } from './log.ts';
import type { RecordingIndex } from './recording-index.ts';
import type { SegmentsInUse } from './segments-in-use.ts';
import type { SpaceReserve } from './space-reserve.ts';

export interface RetentionOptions {
  store: Store;
  index: RecordingIndex;
  recordingsDir: string;
  clock: Clock;
  log: Log;
  inUse: SegmentsInUse;
  measureVolume: MeasureVolume;
  /** What the database falls back on when the volume is full. */
  reserve: Pick<SpaceReserve, 'releaseWhenFull' | 'restore'>;
}

/** Name of the setting: bytes to keep free, a number. */
export const KEEP_FREE_SETTING = 'retention.keepFreeBytes';

/** 64 cameras of 4 Mbit/s write 320 MB in that time, far less than what is kept free. */
const CHECK_EVERY_MS = 10_000;
/** Segments of one camera in one transaction: a few milliseconds of the event loop. */
const BATCH = 16;
/** A worker needs a moment to close the file of a camera that was removed. */
const REMOVAL_GRACE_MS = 5000;
/** From a shorter time no rate per day is told. */
const LEAST_RATED_MS = 60_000;

/**
 * Deletes footage: the oldest of all cameras while the volume has less free space than is to be kept, and all of a
 * camera that was removed. Row, garbage row, file: in this order, in small steps.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #ledger: GapLedger;
  readonly #garbage: GarbageCollector;
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> | undefined;
  #isClosed = false;
  #hasWarned = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#ledger = new GapLedger(options.store);
    this.#garbage = new GarbageCollector(options);
  }

  start(): void {
    this.#options.index.on('removed', this.#checkSoon);
    this.#timer = setInterval(this.#checkSoon, CHECK_EVERY_MS);
    this.#checkSoon();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#options.index.off('removed', this.#checkSoon);
    await this.#garbage.close();
    await this.#checking;
  }

  /** Deletes what has to go now. One check runs at a time; asking again meanwhile gives the same one. */
  check(): Promise<void> {
    return (this.#checking ??= this.#check().finally(() => (this.#checking = undefined)));
  }

  /** Use of the volume and of each camera, and how many days fit. */
  async storage(): Promise<Storage> {
    const { store, index, recordingsDir, clock } = this.#options;
    const nowMs = clock.nowMs();
    const cameras = cameraLives(store)
      .filter((life) => life.removedMs === null)
      .map((life) => {
        const { bytes, fromMs } = index.footage(life.id);
        const bytesPerDay = fromMs === undefined ? 0 : this.#bytesPerDay(life.cameraKey, fromMs, nowMs);
        return { cameraId: life.id, bytes, ...(fromMs !== undefined && { oldestMs: fromMs }), bytesPerDay };
      });
    const recordingsBytes = cameras.reduce((sum, camera) => sum + camera.bytes, 0);
    const bytesPerDay = cameras.reduce((sum, camera) => sum + camera.bytesPerDay, 0);
    const volume = await this.#options.measureVolume(recordingsDir);
    const thresholdBytes = this.#threshold(volume, recordingsBytes);
    const roomBytes = Math.max(0, volume.freeBytes - thresholdBytes + recordingsBytes);
    return {
      volumes: [{ path: recordingsDir, ...volume, thresholdBytes, recordingsBytes }],
      cameras,
      ...(bytesPerDay > 0 && { forecastDays: roomBytes / bytesPerDay }),
    };
  }

  readonly #checkSoon = (): void => {
    this.check().catch((error: unknown) => this.#options.log.error({ err: error }, 'retention failed'));
  };

  async #check(): Promise<void> {
    const { reserve } = this.#options;
    await reserve.releaseWhenFull();
    await this.#garbage.sweep();
    for (const life of cameraLives(this.#options.store)) {
      if (life.removedMs !== null) await this.#removeCamera(life, life.removedMs);
    }
    // Measured once: file systems free space a while after files are gone (ZFS, or a file that is still read). Who
    // looked again after each deletion would delete everything meanwhile.
    let lackingBytes = await this.#lackingBytes();
    while (lackingBytes > 0 && !this.#isClosed) {
      const deletedBytes = await this.#deleteOldest(lackingBytes);
      await this.#garbage.sweep();
      if (deletedBytes === 0) return this.#warnOnce(lackingBytes);
      this.#hasWarned = false;
      lackingBytes -= deletedBytes;
    }
    if (!this.#isClosed) await reserve.restore();
  }

  /** How much must be deleted; what is garbage already counts as free. */
  async #lackingBytes(): Promise<number> {
    const { store, index, recordingsDir, measureVolume } = this.#options;
    const volume = await measureVolume(recordingsDir);
    const lives = cameraLives(store).filter((life) => life.removedMs === null);
    const recordingsBytes = lives.reduce((sum, life) => sum + index.footage(life.id).bytes, 0);
    return this.#threshold(volume, recordingsBytes) - volume.freeBytes - garbageBytes(store);
  }

  #threshold(volume: VolumeSpace, recordingsBytes: number): number {
    return keepFreeBytes(volume, recordingsBytes, readSetting(this.#options.store, KEEP_FREE_SETTING));
  }

  /** Deletes the oldest segments of all cameras, up to lackingBytes; returns how much that was. */
  async #deleteOldest(lackingBytes: number): Promise<number> {
    const { store, inUse, clock, log } = this.#options;
    const lives = cameraLives(store).filter((life) => life.removedMs === null);
    const candidates: { life: CameraLife; segment: StoredSegment }[] = [];
    for (const life of lives) {
      for (const segment of await this.#oldestUnused(life.cameraKey)) candidates.push({ life, segment });
    }
    candidates.sort((a, b) => a.segment.startMs - b.segment.startMs);
    const chosen = new Map<CameraLife, StoredSegment[]>();
    let bytes = 0;
    for (const { life, segment } of candidates.slice(0, BATCH)) {
      if (bytes >= lackingBytes) break;
      // An export may have begun while other cameras were looked at.
      if (inUse.has(segment.id)) continue;
      bytes += segment.bytes;
      chosen.set(life, [...(chosen.get(life) ?? []), segment]);
    }
    for (const [life, segments] of chosen) {
      const reason = { cause: 'deleted-retention' } as const;
      deleteFootage(store, this.#ledger, life, segments, { reason, nowMs: clock.nowMs() });
      const range = { fromMs: segments[0]?.startMs, toMs: segments.at(-1)?.endMs };
      log.info({ cameraId: life.id, segments: segments.length, ...range }, 'deleted the oldest footage to free space');
      await nextTurn();
    }
    return bytes;
  }

  /** The oldest segments that nobody reads: an export of the oldest day must not keep the rest from making room. */
  async #oldestUnused(cameraKey: number): Promise<StoredSegment[]> {
    const { store, inUse } = this.#options;
    for (let fromMs = 0; ;) {
      const oldest = oldestSegments(store, cameraKey, BATCH, 'unlocked', fromMs);
      const unused = oldest.filter(({ id }) => !inUse.has(id));
      const last = oldest.at(-1);
      if (unused.length > 0 || last === undefined) return unused;
      fromMs = last.startMs + 1;
      await nextTurn();
    }
  }

  async #removeCamera(life: CameraLife, removedMs: number): Promise<void> {
    const { store, inUse, clock, log, recordingsDir } = this.#options;
    while (!this.#isClosed) {
      const segments = oldestSegments(store, life.cameraKey, BATCH, 'locked too').filter(({ id }) => !inUse.has(id));
      if (segments.length === 0) break;
      deleteFootage(store, this.#ledger, life, segments, { reason: undefined, nowMs: clock.nowMs() });
      await this.#garbage.sweep();
    }
    const hasFootage = oldestSegments(store, life.cameraKey, 1, 'locked too').length > 0;
    if (this.#isClosed || hasFootage || Math.abs(clock.nowMs() - removedMs) < REMOVAL_GRACE_MS) return;
    await rm(join(recordingsDir, life.id), { recursive: true, force: true });
    forgetCamera(store, life.cameraKey);
    log.info({ cameraId: life.id, name: life.name }, 'the footage of a removed camera is deleted');
  }

  /** From what was recorded since yesterday's midnight, or since the oldest footage where that is younger. */
  #bytesPerDay(cameraKey: number, oldestMs: number, nowMs: number): number {
    const firstDay = Math.floor(nowMs / DAY_MS) - 1;
    const ratedMs = nowMs - Math.max(firstDay * DAY_MS, oldestMs);
    if (ratedMs < LEAST_RATED_MS) return 0;
    const days = bytesSinceDay(this.#options.store, cameraKey, firstDay);
    return Math.round((days.reduce((sum, day) => sum + day.bytes, 0) / ratedMs) * DAY_MS);
  }

  #warnOnce(lackingBytes: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.log.warn(
      { lackingBytes },
      'the disk is nearly full and there is no footage left that may be deleted',
    );
  }
}
