import { sampleEntryKey } from './codec-string.ts';
import type { InitSegment, TrackInfo } from './init-segment.ts';
import { SampleTable } from './sample-table.ts';

/** A sample of a source; times in ticks of the source's track. */
export type SourceSample = {
  decodeTime: number;
  duration: number;
  compositionOffset: number;
  sizeBytes: number;
  isSync: boolean;
  dataOffset: number;
};

/** One track of the output. */
export type OutputTrack = {
  timescale: number;
  table: SampleTable;
  /** One for each configuration that occurs. */
  sampleEntries: Buffer[];
  /** Of the first source that has the track. */
  info: TrackInfo;
};

/** Used for a sample that does not say how long it lasts and has no other before it. */
const fallbackFrameMs = 40;

/** About a second: muxers interleave closer than that. */
const maxEarlyAudio = 48;

/** ISO/IEC 14496-3 4.5.2.1.1. */
const aacFrameSamples = 1024;

/**
 * Lays the samples of many recorded files on one timeline which starts at 0 with the first key frame.
 *
 * Sources of one FFmpeg run follow each other by their decode times. At any other join the new source's first key frame
 * starts where the video before it ended, and its audio keeps its distance to that key frame: audio that would overlap
 * what is there is left out, and a hole before it is closed by lengthening the sample before the hole.
 */
export class ClipTimeline {
  readonly video: OutputTrack;
  readonly audio: OutputTrack | undefined;
  #videoSource: TrackInfo;
  #audioSource: TrackInfo | undefined;
  #videoDescription = 1;
  #audioDescription = 1;

  /** Whether the current source has to find its place: nothing of it stands on the timeline yet. */
  #joining = true;
  #audioJoining = true;
  /** The decode time, in source ticks, that lies at `#videoOrigin` output ticks. */
  #sourceOrigin = 0;
  /** The composition offset of that sample, in source ticks. */
  #sourceCompositionOffset = 0;
  #videoOrigin = 0;
  /** Where the video ends so far, in source ticks (continuity) and in output ticks. */
  #sourceEnd = 0;
  #videoEnd = 0;
  #lastVideoDuration = 0;
  /** Whether the current source could be the same FFmpeg run as the one before. */
  #mayContinue = false;
  /** How much later than its place the audio of this run stands, in output ticks; at most half a frame. */
  #audioLag = 0;
  /** Audio that came before the key frame of its source. */
  #earlyAudio: SourceSample[] = [];
  #audioEnd = 0;

  /** @param inits of all sources, in order; at least one, each with a video track. */
  constructor(inits: readonly InitSegment[]) {
    const videos = inits.flatMap((init) => findTrack(init, 'video') ?? []);
    const audios = inits.flatMap((init) => findTrack(init, 'audio') ?? []);
    const [firstVideo] = videos;
    if (firstVideo === undefined) throw new RangeError('no source with a video track');
    this.#videoSource = firstVideo;
    this.video = createTrack(firstVideo, commonTimescale(videos, 90_000));
    const [firstAudio] = audios;
    this.audio = firstAudio && createTrack(firstAudio, commonTimescale(audios, 48_000));
  }

  /** Begins the next source. Its first key frame decides where it goes. */
  beginSource(init: InitSegment): void {
    const video = findTrack(init, 'video');
    if (video === undefined) throw new RangeError('source has no video track');
    const description = describe(this.video, video);
    this.#mayContinue =
      this.video.table.sampleCount > 0 &&
      description === this.#videoDescription &&
      video.timescale === this.#videoSource.timescale;
    this.#joining = true;
    this.#earlyAudio = [];
    this.#videoSource = video;
    this.#videoDescription = description;
    this.#audioSource = findTrack(init, 'audio');
    if (this.audio && this.#audioSource) this.#audioDescription = describe(this.audio, this.#audioSource);
  }

  /** Adds the next video sample of the current source; those before its first key frame are left out. */
  addVideo(sample: SourceSample): void {
    if (this.#joining) {
      if (!sample.isSync) return;
      this.#joinVideo(sample);
    }
    this.#placeVideo(sample);
    for (const early of this.#earlyAudio.splice(0)) this.addAudio(early);
  }

  /** Adds the next audio sample of the current source. */
  addAudio(sample: SourceSample): void {
    const { audio } = this;
    const source = this.#audioSource;
    if (audio === undefined || source === undefined) return;
    if (this.#joining) {
      // Most of it belongs to pictures that are left out; only what reaches the key frame finds a place.
      this.#earlyAudio.push(sample);
      if (this.#earlyAudio.length > maxEarlyAudio) this.#earlyAudio.shift();
      return;
    }
    const { table, timescale } = audio;
    const place = Math.round(this.#presentationSeconds(sample.decodeTime / source.timescale) * timescale);
    const duration = Math.round((sample.duration * timescale) / source.timescale);
    let start = place + this.#audioLag;
    if (this.#audioJoining) {
      const halfFrame = (aacFrameSamples * timescale) / (source.sampleRate ?? source.timescale) / 2;
      if (place < this.#audioEnd - halfFrame) return;
      start = place <= this.#audioEnd + halfFrame ? this.#audioEnd : place;
      this.#audioLag = start - place;
      this.#audioJoining = false;
    }
    if (start < 0 || (table.sampleCount > 0 && start <= table.lastStart)) return;
    table.add({
      start,
      sizeBytes: sample.sizeBytes,
      compositionOffset: 0,
      isSync: true,
      dataOffset: sample.dataOffset,
      descriptionIndex: this.#audioDescription,
    });
    this.#audioEnd = start + duration;
  }

  /** Ends both tracks; nothing may be added after. */
  finish(): void {
    this.video.table.finish(this.#videoEnd);
    this.audio?.table.finish(Math.max(this.#audioEnd, this.audio.table.lastStart));
  }

  #joinVideo(sample: SourceSample): void {
    const distance = sample.decodeTime - this.#sourceEnd;
    const tolerance = Math.max(2 * this.#lastVideoDuration, this.#videoSource.timescale / 2);
    this.#joining = false;
    if (this.#mayContinue && Math.abs(distance) <= tolerance && distance > -this.#lastVideoDuration / 2) return;
    this.#sourceOrigin = sample.decodeTime;
    this.#sourceCompositionOffset = sample.compositionOffset;
    this.#videoOrigin = this.#videoEnd;
    this.#audioLag = 0;
    this.#audioJoining = true;
  }

  #placeVideo(sample: SourceSample): void {
    const { table, timescale } = this.video;
    const scale = timescale / this.#videoSource.timescale;
    const start = this.#videoOrigin + Math.round((sample.decodeTime - this.#sourceOrigin) * scale);
    // Damaged times that run backwards would need negative durations.
    if (table.sampleCount > 0 && start < table.lastStart) return;
    const duration =
      sample.duration || this.#lastVideoDuration || (this.#videoSource.timescale * fallbackFrameMs) / 1000;
    table.add({
      start,
      sizeBytes: sample.sizeBytes,
      compositionOffset: Math.round((sample.compositionOffset - this.#sourceCompositionOffset) * scale),
      isSync: sample.isSync,
      dataOffset: sample.dataOffset,
      descriptionIndex: this.#videoDescription,
    });
    this.#lastVideoDuration = duration;
    this.#sourceEnd = sample.decodeTime + duration;
    this.#videoEnd = start + Math.round(duration * scale);
  }

  /** Where an instant of the current source's presentation lies on the output's. */
  #presentationSeconds(sourceSeconds: number): number {
    const sourceOrigin = this.#sourceOrigin + this.#sourceCompositionOffset;
    return this.#videoOrigin / this.video.timescale + sourceSeconds - sourceOrigin / this.#videoSource.timescale;
  }
}

function findTrack(init: InitSegment, kind: TrackInfo['kind']): TrackInfo | undefined {
  return init.tracks.find((track) => track.kind === kind);
}

function createTrack(info: TrackInfo, timescale: number): OutputTrack {
  return { timescale, table: new SampleTable(), sampleEntries: [], info };
}

/** The timescale that all have, so that no time is rounded; else `fallback`. */
function commonTimescale(tracks: readonly TrackInfo[], fallback: number): number {
  const [first] = tracks;
  return first && tracks.every((track) => track.timescale === first.timescale) ? first.timescale : fallback;
}

/** The index of the track's sample entry in the output, counted from 1; added when it is new. */
function describe(output: OutputTrack, track: TrackInfo): number {
  const key = sampleEntryKey(track.sampleEntry, track.kind);
  const known = output.sampleEntries.findIndex((entry) => sampleEntryKey(entry, track.kind).equals(key));
  if (known >= 0) return known + 1;
  output.sampleEntries.push(track.sampleEntry);
  return output.sampleEntries.length;
}
