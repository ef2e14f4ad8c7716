import { rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { recordingDayPath, readRecordingPath } from '../contract/recording-path.ts';
import { DAY_MS } from '../store/coverage-rollups.ts';
import { dropGarbage, nextGarbage } from '../store/garbage-queries.ts';
import type { GarbageRow } from '../store/garbage-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface GarbageCollectorOptions {
  store: Store;
  recordingsDir: string;
  clock: Clock;
  log: Log;
}

/** Files unlinked between two commits. */
const BATCH = 50;

/** Unlinks files that no row names any more. A crash at any point leaves a garbage row, never a file without a row. */
export class GarbageCollector {
  readonly #options: GarbageCollectorOptions;
  #sweeping: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: GarbageCollectorOptions) {
    this.#options = options;
  }

  /** Unlinks all there is. What cannot be unlinked now is tried again at the next sweep. */
  sweep(): Promise<void> {
    return (this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined)));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { store } = this.#options;
    let afterKey = 0;
    while (!this.#isClosed) {
      const rows = nextGarbage(store, afterKey, BATCH);
      const last = rows.at(-1);
      if (last === undefined) return;
      afterKey = last.garbageKey;
      const gone = (await Promise.all(rows.map((row) => this.#unlink(row)))).filter((row) => row !== undefined);
      if (this.#isClosed) return;
      if (gone.length > 0)
        dropGarbage(
          store,
          gone.map((row) => row.garbageKey),
        );
      await this.#removeEmptyFolders(gone);
    }
  }

  async #unlink(row: GarbageRow): Promise<GarbageRow | undefined> {
    const { recordingsDir, log } = this.#options;
    try {
      await unlink(join(recordingsDir, row.path));
      return row;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return row;
      log.warn({ err: error, path: row.path }, 'a file could not be deleted and stays garbage');
      return undefined;
    }
  }

  /** Folders of days that are over: into those of today and yesterday a recorder may be about to write. */
  async #removeEmptyFolders(rows: readonly GarbageRow[]): Promise<void> {
    const newestMs = this.#options.clock.nowMs() - 2 * DAY_MS;
    const folders = rows
      .map((row) => readRecordingPath(row.path))
      .filter((file) => file !== undefined && file.startMs < newestMs)
      .map((file) => (file === undefined ? '' : recordingDayPath(file.cameraId, file.startMs)));
    for (const folder of new Set(folders)) {
      // The day, then its month and year once they are empty, too.
      for (let path = folder; path.includes('/'); path = dirname(path)) {
        if (!(await this.#removeFolder(path))) break;
      }
    }
  }

  async #removeFolder(path: string): Promise<boolean> {
    try {
      await rmdir(join(this.#options.recordingsDir, path));
      return true;
    } catch (error) {
      // Not empty, or gone already: nothing is lost by an empty folder that stays.
      if (codeOf(error) !== 'ENOTEMPTY') this.#options.log.debug({ err: error, path }, 'a folder stays');
      return false;
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
