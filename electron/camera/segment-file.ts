import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** At a power cut at most this much of a segment is lost. */
const SYNC_EVERY_MS = 5_000;
/**
 * The last of the disk belongs to the database: on a full one it could not say that recording stopped, nor delete old
 * footage. A hundredth of small disks, such as cards.
 */
const LEFT_FREE_BYTES = 64 * 1024 * 1024;
const LEFT_FREE_SHARE = 0.01;
/** 64 cameras of 4 Mbit/s write half of what is left free in this time. */
const MEASURE_EVERY_MS = 1_000;

/** Bytes were written up to the last whole part; the rest of the call's bytes are not in the file. */
export class PartialWriteError extends Error {
  override readonly name = 'PartialWriteError';
  /** How many of the parts are in the file, whole. */
  readonly wholeParts: number;

  constructor(wholeParts: number, cause: unknown) {
    super('the disk took only a part', { cause });
    this.wholeParts = wholeParts;
  }
}

/**
 * One recorded file while it grows: appended, synced every five seconds, hashed as it is written. Calls must not
 * overlap. The file never holds anything but whole parts once `append` or `close` came back.
 */
export class SegmentFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #monotonicMs: () => number;
  #bytes = 0;
  #syncedMs: number;
  #measuredMs = -Infinity;

  private constructor(path: string, file: FileHandle, monotonicMs: () => number) {
    this.path = path;
    this.#file = file;
    this.#monotonicMs = monotonicMs;
    this.#syncedMs = monotonicMs();
  }

  /** Creates the file, and the folders above it; rejects (EEXIST) when there is one of that name. */
  static async create(path: string, monotonicMs: () => number): Promise<SegmentFile> {
    const folder = dirname(path);
    const firstCreated = await mkdir(folder, { recursive: true });
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR;
    const segment = new SegmentFile(path, await open(path, flags, 0o640), monotonicMs);
    try {
      await syncFolder(folder);
      if (firstCreated !== undefined) await syncFolder(dirname(firstCreated));
    } catch (error) {
      await segment.discard();
      throw error;
    }
    return segment;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends the parts. Rejects with PartialWriteError, and the file then ends with the last part that went in whole; or
   * with ENOSPC, before anything is written, when the rest of the disk is not for footage.
   */
  async append(parts: readonly Buffer[]): Promise<void> {
    await this.#requireSpace();
    const totalBytes = parts.reduce((total, part) => total + part.length, 0);
    let written = 0;
    try {
      let rest = [...parts];
      while (written < totalBytes) {
        const { bytesWritten } = await this.#file.writev(rest, this.#bytes + written);
        written += bytesWritten;
        rest = written < totalBytes ? dropBytes(parts, written) : [];
      }
    } catch (error) {
      const wholeParts = this.#take(parts, written);
      // If even that fails, the index still says where the whole fragments end.
      await this.#file.truncate(this.#bytes).catch(() => {});
      throw new PartialWriteError(wholeParts, error);
    }
    this.#take(parts, written);
    if (this.#monotonicMs() - this.#syncedMs >= SYNC_EVERY_MS) await this.#sync();
  }

  /** Syncs and closes. The hash is that of all bytes of the file. Rejects when the disk refuses to sync. */
  async close(): Promise<{ bytes: number; sha256: Buffer }> {
    try {
      await this.#sync();
    } finally {
      await this.#file.close();
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest() };
  }

  /** Closes and removes the file. */
  async discard(): Promise<void> {
    await this.#file.close();
    await unlink(this.path);
  }

  async #requireSpace(): Promise<void> {
    if (this.#monotonicMs() - this.#measuredMs < MEASURE_EVERY_MS) return;
    this.#measuredMs = this.#monotonicMs();
    const { blocks, bavail, bsize } = await statfs(dirname(this.path));
    if (bavail >= Math.min(LEFT_FREE_BYTES / bsize, blocks * LEFT_FREE_SHARE)) return;
    throw Object.assign(new Error('the rest of the disk is left free'), { code: 'ENOSPC' });
  }

  /** Syncs; rejects with ENOENT when somebody deleted the file, for then nobody will find it any more. */
  async #sync(): Promise<void> {
    await this.#file.datasync();
    const { nlink } = await this.#file.stat();
    if (nlink === 0) throw Object.assign(new Error('the file was deleted'), { code: 'ENOENT' });
    this.#syncedMs = this.#monotonicMs();
  }

  /** Counts and hashes the parts that lie in the first `written` bytes as a whole; returns how many these are. */
  #take(parts: readonly Buffer[], written: number): number {
    let restBytes = written;
    let count = 0;
    for (const part of parts) {
      if (part.length > restBytes) break;
      restBytes -= part.length;
      this.#hash.update(part);
      this.#bytes += part.length;
      count += 1;
    }
    return count;
  }
}

function dropBytes(parts: readonly Buffer[], count: number): Buffer[] {
  const rest: Buffer[] = [];
  let skip = count;
  for (const part of parts) {
    if (skip < part.length) rest.push(skip > 0 ? part.subarray(skip) : part);
    skip = Math.max(0, skip - part.length);
  }
  return rest;
}

/** Makes the new name survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, constants.O_RDONLY);
    await handle.sync();
  } catch (error) {
    // Windows and some network file systems do not sync folders; they keep names in their own journal.
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(errorCode(error))) throw error;
  } finally {
    await handle?.close();
  }
}

/** The system's name of an error, such as ENOSPC; empty when it has none. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof PartialWriteError) return errorCode(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
