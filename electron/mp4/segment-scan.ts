import { open, type FileHandle } from 'node:fs/promises';
import { Mp4FormatError } from './box-reader.ts';
import { readInitSegment, requirePayload, walkFragments } from './fragment-walk.ts';
import type { InitSegment, TrackInfo } from './init-segment.ts';
import { readRunTables, sampleDefaultsOf } from './track-run.ts';

export type KeyFrameOffset = {
  /** From the first video sample of the file, by decode time. */
  timeMs: number;
  /** Of the `moof` that holds the key frame. */
  offsetBytes: number;
};

/** A recorded file as its own boxes tell it. */
export type SegmentScan = {
  kind: 'usable';
  init: InitSegment;
  initBytes: number;
  /** End of the last whole fragment; what follows is to be cut off. */
  validBytes: number;
  /** Whether anything follows `validBytes`. */
  truncated: boolean;
  /** Decode time of the first video sample on the clock of its FFmpeg run. */
  firstDecodeTimeMs: number;
  /** Length of the video track. */
  durationMs: number;
  fragments: number;
  keyFrames: KeyFrameOffset[];
};

/** A file of which nothing can be played. */
export type UnusableSegment = { kind: 'unusable'; reason: 'no-init' | 'no-video' | 'no-key-frame' };

/**
 * How many fragments before the end are read in full. The recorder syncs once a second, so after a power cut blocks of
 * zeros can stand only in the last seconds; ten seconds of 25 frames leave room for a busy disk.
 */
const suspectFragments = 250;
/** Cameras may pad with some zeros; a lost block leaves 512 at least, or the next header would be lost with it. */
const zeroTailBytes = 512;

/**
 * Re-indexes a recorded file from its boxes, for instance after a crash. Damage never throws: the valid part ends
 * before it.
 *
 * @throws what the file system throws (ENOENT, EIO), and the reason of `signal`.
 */
export async function scanSegment(
  path: string,
  options: { signal?: AbortSignal } = {},
): Promise<SegmentScan | UnusableSegment> {
  const file = await open(path, 'r');
  try {
    const init = await readInitOrNothing(file);
    if (init === undefined) return { kind: 'unusable', reason: 'no-init' };
    const video = init.tracks.find((track) => track.kind === 'video');
    if (video === undefined) return { kind: 'unusable', reason: 'no-video' };
    return await scanFragments(file, init, video, options.signal);
  } finally {
    await file.close();
  }
}

async function readInitOrNothing(file: FileHandle): Promise<InitSegment | undefined> {
  try {
    return await readInitSegment(file);
  } catch (error) {
    if (error instanceof Mp4FormatError) return undefined;
    throw error;
  }
}

async function scanFragments(
  file: FileHandle,
  init: InitSegment,
  video: TrackInfo,
  signal: AbortSignal | undefined,
): Promise<SegmentScan | UnusableSegment> {
  const { size: fileBytes } = await file.stat();
  const initBytes = init.bytes.length;
  const offsets: number[] = [];
  const keyFrames: KeyFrameOffset[] = [];
  /** Where the video ends after each fragment. */
  const videoEnds: number[] = [];
  let first: number | undefined;
  let videoEnd = 0;
  const walk = await walkFragments(file, { fromBytes: initBytes, toBytes: fileBytes, signal }, (fragment) => {
    const { offsetBytes } = fragment;
    readRunTables(fragment.bytes, fragment.moofStart, sampleDefaultsOf(init), (run) => {
      requirePayload(fragment, run);
      if (run.trackId !== video.trackId) return;
      first ??= run.decodeTime;
      videoEnd = run.decodeTime + run.duration;
      if (!run.keyFrame || keyFrames.at(-1)?.offsetBytes === offsetBytes) return;
      keyFrames.push({ timeMs: Math.round(((run.decodeTime - first) * 1000) / video.timescale), offsetBytes });
    });
    offsets.push(offsetBytes);
    videoEnds.push(videoEnd);
  });
  offsets.push(walk.validBytes);

  const fragments = await countSoundFragments(file, init, video, offsets, signal);
  const validBytes = offsets[fragments] ?? initBytes;
  const validKeyFrames = keyFrames.filter((keyFrame) => keyFrame.offsetBytes < validBytes);
  if (first === undefined || validKeyFrames.length === 0) return { kind: 'unusable', reason: 'no-key-frame' };
  return {
    kind: 'usable',
    init,
    initBytes,
    validBytes,
    truncated: validBytes < fileBytes,
    firstDecodeTimeMs: Math.round((first * 1000) / video.timescale),
    durationMs: Math.round((((videoEnds[fragments - 1] ?? first) - first) * 1000) / video.timescale),
    fragments,
    keyFrames: validKeyFrames,
  };
}

/**
 * How many fragments from the start can be played. A file system may lengthen a file before it has written the blocks,
 * so after a power cut a fragment with a sound header can have zeros for a picture.
 *
 * @param offsets where each fragment starts, and last where the last one ends.
 */
async function countSoundFragments(
  file: FileHandle,
  init: InitSegment,
  video: TrackInfo,
  offsets: readonly number[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const fragments = offsets.length - 1;
  for (let index = Math.max(0, fragments - suspectFragments); index < fragments; index += 1) {
    signal?.throwIfAborted();
    const offset = offsets[index] ?? 0;
    const bytes = Buffer.allocUnsafe((offsets[index + 1] ?? offset) - offset);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    if (bytesRead < bytes.length || !hasSoundPictures(bytes, init, video)) return index;
  }
  return fragments;
}

function hasSoundPictures(fragment: Buffer, init: InitSegment, video: TrackInfo): boolean {
  const isNalStructured = /^(avc|hvc|hev)/.test(video.codec);
  let isSound = true;
  readRunTables(fragment, 0, sampleDefaultsOf(init), (run) => {
    if (run.trackId !== video.trackId || !isNalStructured || run.sampleBytes === 0) return;
    const end = run.dataOffset + run.sampleBytes;
    // A picture begins with the length of its first NAL unit, and no NAL unit ends with zeros (H.264 7.4.1).
    const start = fragment.subarray(run.dataOffset, Math.min(end, run.dataOffset + 4));
    const tail = fragment.subarray(Math.max(run.dataOffset, end - zeroTailBytes), end);
    if (isZero(start) || isZero(tail)) isSound = false;
  });
  return isSound;
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
