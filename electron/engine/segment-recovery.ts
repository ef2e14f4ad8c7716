import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { StreamName } from '../contract/ids.ts';
import { scanSegment } from '../mp4/segment-scan.ts';
import type { UnusableSegment } from '../mp4/segment-scan.ts';
import { insertSegment } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { GapLedger } from './gap-ledger.ts';
import { keyFramesWithin } from './segment-placement.ts';

/** What a file that no one closed holds. Times count from its first frame. */
export interface RecoveredFile {
  kind: 'usable';
  initBytes: number;
  mimeType: string;
  width: number;
  height: number;
  bytes: number;
  cutBytes: number;
  fragments: number;
  durationMs: number;
  keyFrames: { timeMs: number; offsetBytes: number }[];
  sha256: Buffer;
}

/** Whose segment the file is and where on the time line it may stand. */
export interface RecoveredPlace {
  id: string;
  cameraKey: number;
  stream: StreamName;
  fileMs: number;
  runId: string;
  place: { startMs: number; limitMs: number };
}

/**
 * Makes a segment whole that a crash cut short: cuts off its torn last fragment, and reads from its boxes what its row
 * needs.
 *
 * @throws what the file system throws
 */
export async function recoverSegmentFile(path: string): Promise<RecoveredFile | UnusableSegment> {
  const scan = await scanSegment(path);
  if (scan.kind === 'unusable') return scan;
  const cutBytes = await cutOff(path, scan.validBytes);
  const video = scan.init.tracks.find((track) => track.kind === 'video');
  return {
    kind: 'usable',
    initBytes: scan.initBytes,
    mimeType: scan.init.mimeType,
    width: video?.width ?? 0,
    height: video?.height ?? 0,
    bytes: scan.validBytes,
    cutBytes,
    fragments: scan.fragments,
    durationMs: scan.durationMs,
    keyFrames: scan.keyFrames,
    sha256: await hashFile(path),
  };
}

/** Writes the row of a recovered file; gaps give way to it. One fragment a frame is what our recorder writes. */
export function storeRecovered(store: Store, ledger: GapLedger, where: RecoveredPlace, file: RecoveredFile): void {
  const { place, ...identity } = where;
  const { startMs } = place;
  const endMs = Math.min(startMs + Math.max(file.durationMs, 1), place.limitMs);
  const { bytes, initBytes, mimeType, width, height, sha256, fragments: frames } = file;
  const keyFrames = file.keyFrames.map(({ timeMs, offsetBytes }) => ({ timeMs: startMs + timeMs, offsetBytes }));
  store.transaction(() => {
    insertSegment(store, {
      ...{ ...identity, startMs, endMs, bytes, initBytes, mimeType, width, height, sha256, frames },
      trigger: 'continuous',
      keyFrames: keyFramesWithin(keyFrames, { startMs, endMs, bytes }),
    });
    if (where.stream === 'main') ledger.cover(where.cameraKey, startMs, endMs);
  });
}

async function cutOff(path: string, validBytes: number): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    if (size > validBytes) await file.truncate(validBytes);
    // The bytes may only have reached the page cache before the worker died.
    await file.datasync();
    return size - validBytes;
  } finally {
    await file.close();
  }
}

async function hashFile(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest();
}
