import { open, type FileHandle } from 'node:fs/promises';
import { Mp4FormatError } from './box-reader.ts';
import { ClipTimeline } from './clip-timeline.ts';
import { readInitSegment, requirePayload, walkFragments, type WalkedFragment } from './fragment-walk.ts';
import { sameSampleEntry, type InitSegment, type TrackInfo } from './init-segment.ts';
import { parameterSets } from './parameter-sets.ts';
import type { FragmentRange } from './payload-copy.ts';
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
  /** Frames that begin then or later, UTC, are left out. */
  endMs?: number;
};

/** A source that could not be used as a whole, because its bytes are damaged somewhere. */
export type DamagedSource = { path: string; reason: string };

/** What the output will hold: its sample tables, and where its media data comes from. */
export type ClipPlan = {
  timeline: ClipTimeline;
  ranges: FragmentRange[];
  payloadBytes: number;
  /** Wall clock of the source that the first frame is from, UTC. */
  startMs: number;
  damaged: DamagedSource[];
};

type PlayableSource = { source: ClipSource; init: InitSegment; video: TrackInfo };

/**
 * Reads the init segments, then every `moof` of the sources, and lays out the clip.
 *
 * @throws Mp4FormatError when no source has a picture, the reason of `signal`, and what the file system throws.
 */
export async function planClip(clipSources: readonly ClipSource[], signal: AbortSignal | undefined): Promise<ClipPlan> {
  const damaged: DamagedSource[] = [];
  const sources: PlayableSource[] = [];
  for (const source of clipSources) {
    signal?.throwIfAborted();
    const found = await withFile(source.path, readPlayableInit);
    if (typeof found === 'string') damaged.push({ path: source.path, reason: found });
    else sources.push({ source, ...found });
  }
  const [first] = sources;
  if (first === undefined) throw new Mp4FormatError('no source can be played');

  const timeline = new ClipTimeline(sources.map(({ init }) => init));
  const isMixed = sources.some(({ video }) => !sameSampleEntry(video, first.video));
  const layout = new ClipLayout(timeline, isMixed);
  let startMs: number | undefined;
  for (const source of sources) {
    const damage = await withFile(source.source.path, (file) => layout.addSource(file, source, signal));
    if (damage !== undefined) damaged.push({ path: source.source.path, reason: damage });
    if (timeline.video.table.sampleCount > 0) startMs ??= source.source.startMs;
  }
  timeline.finish();
  if (startMs === undefined) throw new Mp4FormatError('no source has a key frame');
  return { timeline, ranges: layout.ranges, payloadBytes: layout.payloadBytes, startMs, damaged };
}

/** Collects which bytes of the sources make up the payload of the output, and where each sample lies in it. */
class ClipLayout {
  readonly ranges: FragmentRange[] = [];
  payloadBytes = 0;
  readonly #timeline: ClipTimeline;
  /** Whether key frames need parameter sets of their own. */
  readonly #isMixed: boolean;

  constructor(timeline: ClipTimeline, isMixed: boolean) {
    this.#timeline = timeline;
    this.#isMixed = isMixed;
  }

  /** Returns why not all of the source could be added, if so. */
  async addSource(
    file: FileHandle,
    { source, init, video }: PlayableSource,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const { size: fileBytes } = await file.stat();
    const fromBytes = Math.max(source.fromOffsetBytes, init.bytes.length);
    const toBytes = Math.min(source.toOffsetBytes, fileBytes);
    const prefix = this.#isMixed ? parameterSets(video.sampleEntry) : Buffer.alloc(0);
    let range: FragmentRange = { path: source.path, fromBytes, toBytes: fromBytes, prefix: Buffer.alloc(0) };
    this.ranges.push(range);
    this.#timeline.beginSource(init);
    const lengthTicks = (((source.endMs ?? Infinity) - source.startMs) / 1000) * video.timescale;
    let firstTicks: number | undefined;
    let isOver = false;
    const walk = await walkFragments(file, { fromBytes, toBytes, signal }, (fragment) => {
      const ticks = lengthTicks === Infinity ? undefined : videoDecodeTime(fragment, init, video);
      firstTicks ??= ticks;
      isOver ||= ticks !== undefined && ticks - (firstTicks ?? ticks) >= lengthTicks;
      if (isOver) return;
      if (prefix.length > 0 && startsWithKeyFrame(fragment, init, video)) {
        range = { path: source.path, fromBytes: fragment.offsetBytes, toBytes: fragment.offsetBytes, prefix };
        this.ranges.push(range);
        this.#addFragment(fragment, init, prefix.length);
      } else {
        this.#addFragment(fragment, init, 0);
      }
      range.toBytes = fragment.offsetBytes + fragment.sizeBytes;
    });
    return walk.damage;
  }

  /** Adds the samples of a fragment; the first begins with `prefixBytes` that are not in the fragment. */
  #addFragment(fragment: WalkedFragment, init: InitSegment, prefixBytes: number): void {
    const { bytes, moofStart, payloadStart } = fragment;
    const defaultsOf = sampleDefaultsOf(init);
    // All samples or none: the walk ends before a fragment that is damaged.
    readRunTables(bytes, moofStart, defaultsOf, (run) => requirePayload(fragment, run));
    const videoId = trackIdOf(init, 'video');
    const audioId = trackIdOf(init, 'audio');
    readRunTables(bytes, moofStart, defaultsOf, (run) => {
      if (run.trackId !== videoId && run.trackId !== audioId) return;
      let { decodeTime, dataOffset } = run;
      readSamples(bytes, run, (duration, sampleBytes, isSync, compositionOffset) => {
        const isPrefixed = dataOffset === payloadStart;
        const sample = {
          decodeTime,
          duration,
          compositionOffset,
          sizeBytes: isPrefixed ? prefixBytes + sampleBytes : sampleBytes,
          isSync,
          dataOffset: this.payloadBytes + dataOffset - payloadStart + (isPrefixed ? 0 : prefixBytes),
        };
        if (run.trackId === videoId) this.#timeline.addVideo(sample);
        else this.#timeline.addAudio(sample);
        decodeTime += duration;
        dataOffset += sampleBytes;
      });
    });
    this.payloadBytes += prefixBytes + fragment.sizeBytes - payloadStart;
  }
}

/** When the video of the fragment begins; undefined for sound. */
function videoDecodeTime(fragment: WalkedFragment, init: InitSegment, video: TrackInfo): number | undefined {
  let ticks: number | undefined;
  readRunTables(fragment.bytes, fragment.moofStart, sampleDefaultsOf(init), (run) => {
    if (run.trackId === video.trackId) ticks ??= run.decodeTime;
  });
  return ticks;
}

/** Whether the media data of the fragment begins with a video key frame. */
function startsWithKeyFrame(fragment: WalkedFragment, init: InitSegment, video: TrackInfo): boolean {
  let found = false;
  readRunTables(fragment.bytes, fragment.moofStart, sampleDefaultsOf(init), (run) => {
    found ||= run.trackId === video.trackId && run.keyFrame && run.dataOffset === fragment.payloadStart;
  });
  return found;
}

function trackIdOf(init: InitSegment, kind: TrackInfo['kind']): number | undefined {
  return init.tracks.find((track) => track.kind === kind)?.trackId;
}

/** The init segment, or why the file has none that can be played. */
async function readPlayableInit(file: FileHandle): Promise<{ init: InitSegment; video: TrackInfo } | string> {
  try {
    const init = await readInitSegment(file);
    const video = init.tracks.find((track) => track.kind === 'video');
    return video === undefined ? 'no video track' : { init, video };
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
