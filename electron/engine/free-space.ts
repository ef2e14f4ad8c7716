import { statfs } from 'node:fs/promises';

export interface VolumeSpace {
  totalBytes: number;
  freeBytes: number;
}

export type MeasureVolume = (path: string) => Promise<VolumeSpace>;

/** Less than this and the database, logs and the system itself begin to fail. */
const LEAST_FREE_BYTES = 5 * 2 ** 30;
/** File systems slow down when they are nearly full. */
const LEAST_FREE_SHARE = 0.05;

/** Recorders leave the last 64 MiB or hundredth of a volume alone (segment-file.ts); deleting must begin before. */
const RECORDERS_LEAVE_BYTES = 64 * 2 ** 20;
const RECORDERS_LEAVE_SHARE = 0.01;

/** Space of the volume that holds path, as an ordinary user may fill it. */
export const measureVolume: MeasureVolume = async (path) => {
  const { blocks, bavail, bsize } = await statfs(path);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
};

/**
 * How much of the volume is kept free: the user's setting, else 5 GiB or 5 %, whichever is more, but never more than
 * half of what recordings could take, so that small volumes record, too.
 */
export function keepFreeBytes(volume: VolumeSpace, recordingsBytes: number, setting: unknown): number {
  const leastBytes = 2 * Math.min(RECORDERS_LEAVE_BYTES, volume.totalBytes * RECORDERS_LEAVE_SHARE);
  if (typeof setting === 'number' && setting >= 0) return Math.max(setting, leastBytes);
  const wanted = Math.max(LEAST_FREE_BYTES, volume.totalBytes * LEAST_FREE_SHARE);
  return Math.floor(Math.min(wanted, (volume.freeBytes + recordingsBytes) / 2));
}
