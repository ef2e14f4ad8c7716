import type { FileHandle } from 'node:fs/promises';
import { Mp4FormatError, boxTypeCode, readUInt64 } from './box-reader.ts';
import { parseInitSegment, type InitSegment } from './init-segment.ts';
import type { RunTable } from './track-run.ts';

/** One `moof` + `mdat` of a file. `bytes` holds the `moof` and is only valid during the call. */
export type WalkedFragment = {
  bytes: Buffer;
  /** Where the `moof` starts in `bytes`. */
  moofStart: number;
  /** Where the `moof` starts in the file. */
  offsetBytes: number;
  /** Size of `moof` + `mdat`. */
  sizeBytes: number;
  /** Where the payload of `mdat` starts, from the first byte of the `moof`. */
  payloadStart: number;
};

export type WalkResult = {
  /** End of the last whole fragment. */
  validBytes: number;
  /** Why the walk ended before `toBytes`, if it did. */
  damage: string | undefined;
};

/** Enough to hold several fragments, so that a read serves many of them; small beside a worker's memory. */
const windowBytes = 256 * 1024;
/** Init segments have one or two kilobytes; a camera's decoder configuration could add a few. */
const maxInitBytes = 1024 * 1024;
/** One run with half a million samples; FFmpeg's per-frame fragments have 108 bytes. */
const maxMoofBytes = 8 * 1024 * 1024;

const moof = boxTypeCode('moof');
const mdat = boxTypeCode('mdat');

/**
 * Reads `ftyp` + `moov` at the start of a file.
 *
 * @throws Mp4FormatError when they are not there as a whole.
 */
export async function readInitSegment(file: FileHandle): Promise<InitSegment> {
  let offset = 0;
  const header = Buffer.alloc(8);
  for (;;) {
    const { bytesRead } = await file.read(header, 0, 8, offset);
    if (bytesRead < 8) throw new Mp4FormatError('file ends before its moov');
    const boxBytes = header.readUInt32BE(0);
    if (boxBytes < 8 || offset + boxBytes > maxInitBytes) throw new Mp4FormatError('file does not start with an init');
    offset += boxBytes;
    if (header.toString('latin1', 4, 8) === 'moov') break;
  }
  const bytes = Buffer.alloc(offset);
  const { bytesRead } = await file.read(bytes, 0, offset, 0);
  if (bytesRead < offset) throw new Mp4FormatError('file ends within its moov');
  return parseInitSegment(bytes);
}

/**
 * Walks the fragments of `file[fromBytes, toBytes)` and reads little more than their headers. The walk ends, without
 * an error, where the bytes stop being whole fragments: at a cut-off one, at garbage, or where `onFragment` throws an
 * Mp4FormatError.
 *
 * @throws the reason of `signal`, and whatever reading the file throws.
 */
export async function walkFragments(
  file: FileHandle,
  range: { fromBytes: number; toBytes: number; signal?: AbortSignal | undefined },
  onFragment: (fragment: WalkedFragment) => void,
): Promise<WalkResult> {
  const { fromBytes, toBytes, signal } = range;
  let window = Buffer.allocUnsafe(windowBytes);
  let offset = fromBytes;
  let neededBytes = 8;
  while (offset < toBytes) {
    signal?.throwIfAborted();
    if (neededBytes > window.length) window = Buffer.allocUnsafe(neededBytes);
    const { bytesRead } = await file.read(window, 0, Math.min(window.length, toBytes - offset), offset);
    if (bytesRead < neededBytes) return { validBytes: offset, damage: 'cut off' };
    const bytes = window.subarray(0, bytesRead);
    const windowOffset = offset;
    try {
      for (;;) {
        const fragment = measureFragment(bytes, offset - windowOffset, offset);
        if (typeof fragment === 'number') {
          neededBytes = fragment;
          break;
        }
        if (offset + fragment.sizeBytes > toBytes) return { validBytes: offset, damage: 'cut off' };
        onFragment(fragment);
        offset += fragment.sizeBytes;
        if (offset - windowOffset >= bytesRead) {
          neededBytes = 8;
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof Mp4FormatError)) throw error;
      return { validBytes: offset, damage: error.message };
    }
  }
  return { validBytes: offset, damage: undefined };
}

/**
 * Checks that the samples of a run lie in the payload of the fragment.
 *
 * @throws Mp4FormatError
 */
export function requirePayload(fragment: WalkedFragment, run: RunTable): void {
  if (run.dataOffset < fragment.payloadStart || run.dataOffset + run.sampleBytes > fragment.sizeBytes) {
    throw new Mp4FormatError('samples lie outside of their mdat');
  }
}

/** Reads the headers at `start`; returns the number of bytes that must be there when they are not all. */
export function measureFragment(bytes: Buffer, start: number, offsetBytes: number): WalkedFragment | number {
  const available = bytes.length - start;
  if (available < 8) return 8;
  const moofBytes = bytes.readUInt32BE(start);
  if (bytes.readUInt32BE(start + 4) !== moof || moofBytes < 8) throw new Mp4FormatError('no moof');
  if (moofBytes > maxMoofBytes) throw new Mp4FormatError('moof is over the bound');
  if (available < moofBytes + 8) return moofBytes + 8;
  if (bytes.readUInt32BE(start + moofBytes + 4) !== mdat) throw new Mp4FormatError('moof is not followed by mdat');
  let mdatBytes = bytes.readUInt32BE(start + moofBytes);
  let headerBytes = 8;
  if (mdatBytes === 1) {
    if (available < moofBytes + 16) return moofBytes + 16;
    mdatBytes = readUInt64(bytes, start + moofBytes + 8);
    headerBytes = 16;
  }
  if (mdatBytes < headerBytes) throw new Mp4FormatError('mdat is smaller than its header');
  return {
    bytes,
    moofStart: start,
    offsetBytes,
    sizeBytes: moofBytes + mdatBytes,
    payloadStart: moofBytes + headerBytes,
  };
}
