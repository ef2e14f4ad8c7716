import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { Mp4FormatError } from './box-reader.ts';
import { uint32, uint64 } from './box-writer.ts';
import { ClipTimeline } from './clip-timeline.ts';
import { readInitSegment, requirePayload, walkFragments, type WalkedFragment } from './fragment-walk.ts';
import type { InitSegment } from './init-segment.ts';
import { fileTypeBox, movieBox, trackDurationMs } from './movie-box.ts';
import { copyPayloads, type FragmentRange } from './payload-copy.ts';
import { readRunTables, readSamples, sampleDefaultsOf } from './track-run.ts';

/** A range of whole fragments of one recorded file. */
export type ClipSource = {
  path: string;
  /** Of the `moof` of the first key frame to take. Anything up to the end of the init segment means all of the file. */
  fromOffsetBytes: number;
  /** End of the last fragment to take, exclusive; may lie behind the end of the file. */
  toOffsetBytes: number;
  /** Wall clock of the first frame, UTC. */
  startMs: number;
};

export type ProgressiveClip = {
  bytes: number;
  /** Length of the video track. */
  durationMs: number;
  /** Video frames. */
  frames: number;
  /** Wall clock of the first frame, UTC. */
  videoStartMs: number;
  /** Sources of which something could not be used, because their bytes are damaged there. */
  damaged: { path: string; reason: string }[];
};

export type ProgressiveOptions = {
  /** In the order in which they are to be played. */
  sources: readonly ClipSource[];
  /** Replaced if it exists, and only once the clip is complete; until then it is `<outputPath>.part`. */
  outputPath: string;
  /** Whether the file must survive a power cut once this returns. */
  fsyncAtEnd?: boolean;
  /** Bytes written; the total is known before the first call. */
  onProgress?: (bytesDone: number, bytesTotal: number) => void;
  signal?: AbortSignal;
};

type Source = { source: ClipSource; init: InitSegment };
type Plan = {
  timeline: ClipTimeline;
  ranges: FragmentRange[];
  payloadBytes: number;
  damaged: ProgressiveClip['damaged'];
};

/**
 * Joins fragments of recorded files into one plain MP4 with its `moov` at the front, without re-encoding. Gaps between
 * the sources are closed up; see {@link ClipTimeline} for how audio and video stay together.
 *
 * The sources are read twice: for the sample tables, whose size places the media data, then for the media data itself.
 *
 * @throws Mp4FormatError when no source has a picture, the reason of `signal`, and what the file system throws. Nothing
 *   is left behind then.
 */
export async function writeProgressiveMp4(options: ProgressiveOptions): Promise<ProgressiveClip> {
  const { sources, outputPath, signal } = options;
  const plan = await planClip(sources, signal);
  const { timeline } = plan;
  const videoStartMs = sources[0]?.startMs ?? 0;

  const fileType = fileTypeBox();
  const mediaHeader = mediaDataHeader(plan.payloadBytes);
  const movie = movieBox(timeline, {
    creationTimeMs: videoStartMs,
    payloadBytes: plan.payloadBytes,
    payloadOffsetOf: (moovBytes) => fileType.length + moovBytes + mediaHeader.length,
  });
  const head = Buffer.concat([fileType, movie, mediaHeader]);
  const bytes = head.length + plan.payloadBytes;

  const partPath = `${outputPath}.part`;
  const output = await open(partPath, 'w');
  try {
    await output.writeFile(head);
    const copiedBytes = await copyPayloads(plan.ranges, output, head.length, {
      onCopied: (done) => options.onProgress?.(head.length + done, bytes),
      signal,
    });
    if (copiedBytes !== plan.payloadBytes) throw new Mp4FormatError('a source changed while it was copied');
    if (options.fsyncAtEnd) await output.sync();
    await output.close();
    signal?.throwIfAborted();
    await rename(partPath, outputPath);
  } catch (error) {
    await output.close();
    await rm(partPath, { force: true });
    throw error;
  }
  return {
    bytes,
    durationMs: trackDurationMs(timeline.video),
    frames: timeline.video.table.sampleCount,
    videoStartMs,
    damaged: plan.damaged,
  };
}

/** The first pass: the init segments, then every `moof`. */
async function planClip(clipSources: readonly ClipSource[], signal: AbortSignal | undefined): Promise<Plan> {
  const damaged: Plan['damaged'] = [];
  const sources: Source[] = [];
  for (const source of clipSources) {
    const init = await withFile(source.path, readPlayableInit);
    if (typeof init === 'string') damaged.push({ path: source.path, reason: init });
    else sources.push({ source, init });
  }
  if (sources.length === 0) throw new Mp4FormatError('no source can be played');

  const timeline = new ClipTimeline(sources.map(({ init }) => init));
  const ranges: FragmentRange[] = [];
  let payloadBytes = 0;
  for (const { source, init } of sources) {
    timeline.beginSource(init);
    const fromBytes = Math.max(source.fromOffsetBytes, init.bytes.length);
    const walk = await withFile(source.path, async (file) => {
      const toBytes = Math.min(source.toOffsetBytes, (await file.stat()).size);
      return walkFragments(file, { fromBytes, toBytes, signal }, (fragment) => {
        addFragment(timeline, init, fragment, payloadBytes);
        payloadBytes += fragment.sizeBytes - fragment.payloadStart;
      });
    });
    ranges.push({ path: source.path, fromBytes, toBytes: walk.validBytes });
    if (walk.damage !== undefined) damaged.push({ path: source.path, reason: walk.damage });
  }
  timeline.finish();
  if (timeline.video.table.sampleCount === 0) throw new Mp4FormatError('no source has a key frame');
  return { timeline, ranges, payloadBytes, damaged };
}

/** Adds the samples of a fragment, all or none; its payload will lie at `payloadOffset` of the output's. */
function addFragment(timeline: ClipTimeline, init: InitSegment, fragment: WalkedFragment, payloadOffset: number): void {
  const { bytes, moofStart, payloadStart } = fragment;
  const defaultsOf = sampleDefaultsOf(init);
  readRunTables(bytes, moofStart, defaultsOf, (run) => requirePayload(fragment, run));
  const videoId = init.tracks.find((track) => track.kind === 'video')?.trackId;
  const audioId = init.tracks.find((track) => track.kind === 'audio')?.trackId;
  readRunTables(bytes, moofStart, defaultsOf, (run) => {
    if (run.trackId !== videoId && run.trackId !== audioId) return;
    let { decodeTime } = run;
    let dataOffset = payloadOffset + run.dataOffset - payloadStart;
    readSamples(bytes, run, (duration, sizeBytes, isSync, compositionOffset) => {
      const sample = { decodeTime, duration, compositionOffset, sizeBytes, isSync, dataOffset };
      if (run.trackId === videoId) timeline.addVideo(sample);
      else timeline.addAudio(sample);
      decodeTime += duration;
      dataOffset += sizeBytes;
    });
  });
}

/** The init segment, or why the file has none that can be played. */
async function readPlayableInit(file: FileHandle): Promise<InitSegment | string> {
  try {
    const init = await readInitSegment(file);
    return init.tracks.some((track) => track.kind === 'video') ? init : 'no video track';
  } catch (error) {
    if (error instanceof Mp4FormatError) return error.message;
    throw error;
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** The header of `mdat`, in the 64-bit form when the payload asks for it. */
function mediaDataHeader(payloadBytes: number): Buffer {
  const name = Buffer.from('mdat');
  const sizeBytes = payloadBytes + 8;
  if (sizeBytes <= 0xffff_ffff) return Buffer.concat([uint32(sizeBytes), name]);
  return Buffer.concat([uint32(1), name, uint64(payloadBytes + 16)]);
}
