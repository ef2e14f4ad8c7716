import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MeasureVolume } from './free-space.ts';
import type { Log } from './log.ts';

export interface SpaceReserveOptions {
  /** The folder of the database, absolute. */
  dataDir: string;
  measureVolume: MeasureVolume;
  log: Log;
}

/** A few thousand pages of the database: rows of what is recorded meanwhile, and the deletion of old footage. */
const LARGEST_RESERVE_BYTES = 16 * 2 ** 20;
/** Small volumes are for tests and cards of cameras. */
const LARGEST_SHARE = 0.02;
const WRITE_BYTES = 2 ** 20;

/**
 * Some space that belongs to the database when the volume is full. Without it, Atalaya could not start on a full disk,
 * nor delete footage to free space, for that must be written down first. It is a file, because only that keeps other
 * programs from taking the space; `restore` makes it again when there is room.
 */
export class SpaceReserve {
  readonly #path: string;
  readonly #options: SpaceReserveOptions;

  constructor(options: SpaceReserveOptions) {
    this.#options = options;
    this.#path = join(options.dataDir, 'reserve');
  }

  /** Gives the space back when the volume is full. */
  async releaseWhenFull(): Promise<void> {
    const { dataDir, measureVolume, log } = this.#options;
    const volume = await measureVolume(dataDir);
    if (volume.freeBytes > reserveBytes(volume.totalBytes) / 2 || !(await this.#exists())) return;
    await rm(this.#path, { force: true });
    log.warn(
      { ...volume, path: this.#path },
      'the disk is full: the reserve is given up, so that the database can write',
    );
  }

  /** Keeps the space again, if it is not kept and there is plenty. Never throws. */
  async restore(): Promise<void> {
    const { dataDir, measureVolume, log } = this.#options;
    try {
      const { totalBytes, freeBytes } = await measureVolume(dataDir);
      const sizeBytes = reserveBytes(totalBytes);
      if (freeBytes < 4 * sizeBytes || (await this.#exists())) return;
      await this.#write(sizeBytes);
    } catch (error) {
      log.warn({ err: error }, 'no space could be reserved');
      await rm(this.#path, { force: true }).catch(() => {
        // What cannot be removed either is found by the next call.
      });
    }
  }

  async #exists(): Promise<boolean> {
    return stat(this.#path).then(
      () => true,
      () => false,
    );
  }

  async #write(sizeBytes: number): Promise<void> {
    const file = await open(this.#path, 'wx', 0o600);
    try {
      // Random: a file system that compresses would keep no space for zeros.
      const block = randomBytes(WRITE_BYTES);
      for (let offset = 0; offset < sizeBytes; offset += block.length) {
        await file.write(block, 0, Math.min(block.length, sizeBytes - offset), offset);
      }
    } finally {
      await file.close();
    }
  }
}

function reserveBytes(totalBytes: number): number {
  return Math.floor(Math.min(LARGEST_RESERVE_BYTES, totalBytes * LARGEST_SHARE));
}
