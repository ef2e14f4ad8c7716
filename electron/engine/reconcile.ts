import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readRecordingPath, recordingDayPath, recordingPath } from '../contract/recording-path.ts';
import type { RecordingFile } from '../contract/recording-path.ts';
import { bytesSinceDay, cameraLives } from '../store/camera-life-queries.ts';
import type { CameraLife } from '../store/camera-life-queries.ts';
import { DAY_MS } from '../store/coverage-rollups.ts';
import { insertGarbage, isGarbage } from '../store/garbage-queries.ts';
import { deleteSegment, segmentFiles } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { GapLedger } from './gap-ledger.ts';
import type { Log } from './log.ts';
import { freePlace } from './segment-placement.ts';
import { recoverSegmentFile, storeRecovered } from './segment-recovery.ts';
import type { RecoveredFile } from './segment-recovery.ts';

export interface ReconcileOptions {
  store: Store;
  ledger: GapLedger;
  recordingsDir: string;
  clock: Clock;
  log: Log;
  newId: () => string;
  /** See SETTLE_MS. */
  settleMs?: number;
}

/** Segments that were open at a crash began at most this long before the last heartbeat. */
const LONGEST_SEGMENT_MS = 600_000;
/** Files read at once: enough to keep a disk busy, few enough for one thread that hashes. */
const PARALLEL_FILES = 4;
/** Between two days of one camera, so that checking a year of 16 cameras takes minutes and disturbs nothing. */
const PAUSE_MS = 20;
/** A file that is an orphan still after this long is no segment which is just being opened. */
const SETTLE_MS = 3000;

/** A recorder writes once a second: a file that was not written to for longer has none any more. */
const REST_MS = 1500;
const MOST_RESTS = 4;

/** Makes the rows agree with the files: rows for files that a crash left, gaps for files that are gone. */
export class Reconcile {
  readonly #options: ReconcileOptions;
  readonly #stop = new AbortController();
  #background: Promise<void> | undefined;

  constructor(options: ReconcileOptions) {
    this.#options = options;
  }

  /** Indexes the files without rows of the days since sinceMs. To be done before a worker writes. */
  async recoverRecent(sinceMs: number): Promise<void> {
    const { store } = this.#options;
    const waiting: { life: CameraLife; day: number }[] = [];
    for (const life of cameraLives(store)) {
      if (life.removedMs !== null) continue;
      const firstDay = dayOf(sinceMs - LONGEST_SEGMENT_MS);
      const days = await this.#dayFolders(life.id);
      waiting.push(...days.filter((day) => day >= firstDay).map((day) => ({ life, day })));
    }
    const queue = waiting.values();
    await Promise.all(
      Array.from({ length: PARALLEL_FILES }, async () => {
        for (const { life, day } of queue) {
          for (const file of await this.#orphans(life, day)) {
            await this.#awaitRest(file);
            await this.#adopt(life, file);
          }
        }
      }),
    );
  }

  /**
   * Compares all days of all cameras in the background. Files that begin at beforeMs or later are this run's own.
   *
   * @param isGrowing whether a worker writes the file at this moment
   */
  start(beforeMs: number, isGrowing: (file: RecordingFile) => boolean): void {
    this.#background = this.#checkAll(beforeMs, isGrowing).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#options.log.error({ err: error }, 'recordings could not be checked');
    });
  }

  /** Resolves when the background check has seen every day. */
  async finished(): Promise<void> {
    await this.#background;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#background;
  }

  /** Re-indexes one file; undefined when it holds nothing to play, which the log then says. Never throws. */
  async recover(file: RecordingFile): Promise<RecoveredFile | undefined> {
    const { store, log, clock } = this.#options;
    const path = recordingPath(file);
    try {
      const recovered = await recoverSegmentFile(join(this.#options.recordingsDir, path));
      if (recovered.kind === 'usable') {
        const { durationMs, bytes, cutBytes } = recovered;
        log.info({ path, durationMs, bytes, cutBytes }, 'indexed a segment which was cut short');
        return recovered;
      }
      log.warn({ path, reason: recovered.reason }, 'a file holds no picture and is deleted');
      insertGarbage(store, { path, reason: 'holds no picture', bytes: 0, createdMs: clock.nowMs() });
    } catch (error) {
      if (isMissing(error)) log.warn({ path }, 'a segment which was cut short left no file');
      else log.error({ err: error, path }, 'a file could not be read and is left where it is');
    }
    return undefined;
  }

  async #checkAll(beforeMs: number, isGrowing: (file: RecordingFile) => boolean): Promise<void> {
    const { store, recordingsDir, log } = this.#options;
    const lives = cameraLives(store).filter((life) => life.removedMs === null);
    const withFootage = lives.filter((life) => bytesSinceDay(store, life.cameraKey, 0).length > 0);
    const folders = new Set(await listNames(recordingsDir));
    if (withFootage.length > 0 && !withFootage.some((life) => folders.has(life.id))) {
      log.error({ recordingsDir }, 'the recordings folder is empty: is its disk mounted? The index is left as it is');
      return;
    }
    for (const life of lives) {
      const storedDays = bytesSinceDay(store, life.cameraKey, 0).map((row) => row.day);
      for (const day of new Set([...(await this.#dayFolders(life.id)), ...storedDays])) {
        if (day * DAY_MS >= beforeMs) continue;
        await this.#checkDay(life, day, beforeMs, isGrowing);
        await pause(PAUSE_MS, undefined, { signal: this.#stop.signal });
      }
    }
  }

  async #checkDay(
    life: CameraLife,
    day: number,
    beforeMs: number,
    isGrowing: (file: RecordingFile) => boolean,
  ): Promise<void> {
    const isCandidate = (file: RecordingFile) => file.startMs < beforeMs && !isGrowing(file);
    if ((await this.#orphans(life, day)).some(isCandidate)) {
      await pause(this.#options.settleMs ?? SETTLE_MS, undefined, { signal: this.#stop.signal });
      for (const file of (await this.#orphans(life, day)).filter(isCandidate)) await this.#adopt(life, file);
    }
    await this.#dropMissing(life, day, beforeMs);
  }

  /** Files of the day which neither a row nor garbage names. */
  async #orphans(life: CameraLife, day: number): Promise<RecordingFile[]> {
    const { store, recordingsDir } = this.#options;
    const folder = recordingDayPath(life.id, day * DAY_MS);
    const names = await listNames(join(recordingsDir, folder));
    const known = new Set(this.#stored(life, day).map((row) => recordingPath(row)));
    return names
      .map((name) => `${folder}/${name}`)
      .filter((path) => !known.has(path) && !isGarbage(store, path))
      .map(readRecordingPath)
      .filter((file) => file !== undefined)
      .sort((a, b) => a.startMs - b.startMs);
  }

  /** After a crash of the engine alone its workers live on for a moment and bring their last bytes to disk. */
  async #awaitRest(file: RecordingFile): Promise<void> {
    const path = join(this.#options.recordingsDir, recordingPath(file));
    for (let round = 0; round < MOST_RESTS; round++) {
      const ageMs = this.#options.clock.nowMs() - ((await modifiedMs(path)) ?? 0);
      if (ageMs < 0 || ageMs >= REST_MS) return;
      await pause(REST_MS - ageMs, undefined, { signal: this.#stop.signal });
    }
  }

  async #adopt(life: CameraLife, file: RecordingFile): Promise<void> {
    const { store, ledger, newId } = this.#options;
    const recovered = await this.recover(file);
    if (recovered === undefined) return;
    const { cameraKey, createdMs } = life;
    const { stream, startMs: fileMs } = file;
    const place = freePlace(store, cameraKey, stream, Math.max(fileMs, createdMs));
    storeRecovered(store, ledger, { id: newId(), cameraKey, stream, fileMs, runId: newId(), place }, recovered);
  }

  async #dropMissing(life: CameraLife, day: number, beforeMs: number): Promise<void> {
    const { store, ledger, recordingsDir, log } = this.#options;
    const names = new Set(await listNames(join(recordingsDir, recordingDayPath(life.id, day * DAY_MS))));
    for (const row of this.#stored(life, day)) {
      const path = recordingPath(row);
      if (row.startMs >= beforeMs || names.has(path.slice(path.lastIndexOf('/') + 1))) continue;
      if ((await modifiedMs(join(recordingsDir, path))) !== undefined) continue;
      log.error({ path }, 'the file of a segment is missing: its time becomes a gap');
      store.transaction(() => {
        if (!deleteSegment(store, row.segmentKey) || row.stream !== 'main') return;
        ledger.add(life.cameraKey, row.from, row.to, { cause: 'disk-error', detail: 'the file is missing' });
      });
    }
  }

  #stored(life: CameraLife, day: number) {
    const rows = segmentFiles(this.#options.store, life.cameraKey, day * DAY_MS, (day + 1) * DAY_MS);
    return rows.map(({ segmentKey, stream, fileMs, startMs: from, endMs: to }) => {
      return { cameraId: life.id, segmentKey, stream, startMs: fileMs, from, to };
    });
  }

  /** Days since 1970 for which the camera has a folder, ascending. */
  async #dayFolders(cameraId: string): Promise<number[]> {
    const root = join(this.#options.recordingsDir, cameraId);
    const days: number[] = [];
    for (const year of await listNames(root)) {
      for (const month of await listNames(join(root, year))) {
        for (const day of await listNames(join(root, year, month))) {
          const timeMs = Date.parse(`${year}-${month}-${day}`);
          if (Number.isInteger(timeMs)) days.push(dayOf(timeMs));
        }
      }
    }
    return days.sort((a, b) => a - b);
  }
}

function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/** Names in a folder; none where there is no folder. */
async function listNames(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Undefined for a file that does not exist. */
async function modifiedMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
