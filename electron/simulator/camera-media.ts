import { randomInt } from 'node:crypto';
import type { Clip } from './clip.ts';
import { MediaTimeline } from './media-timeline.ts';
import { isSlice } from './nal-units.ts';
import { senderReport } from './rtcp.ts';
import { RtpStream, type RtpBatch } from './rtp-stream.ts';
import { VIDEO_PAYLOAD_TYPE, audioPayloadType, type TrackName } from './sdp.ts';
import { seiUnit } from './sei-counter.ts';

export interface MediaFrame {
  readonly track: TrackName;
  readonly batch: RtpBatch;
  /** A receiver may begin here. True for every audio frame. */
  readonly key: boolean;
}

interface Track {
  readonly stream: RtpStream;
  timeline: MediaTimeline;
  /** The next frame, counted since the camera was switched on. */
  next: number;
  /** Added to `next`, modulo the clip's length, it gives the frame of the clip. */
  clipOffset: number;
}

/** After a longer pause of this process (a laptop asleep) frames are left out rather than sent in a burst. */
const MAX_CATCH_UP_MS = 10_000;

/** A camera's encoder: turns the clip's frames into RTP at the pace of the clock, in an endless loop. */
export class CameraMedia {
  readonly #sei: boolean;
  #clip: Clip;
  readonly #video: Track | null = null;
  readonly #audio: Track | null = null;
  /** Added to the wall clock in sender reports, as after a clock change in a camera. */
  #clockShiftMs = 0;

  /** `startedMs` is the moment of frame 0 on the monotonic clock that all later calls use. */
  constructor(options: { clip: Clip; withVideo: boolean; sei: boolean; startedMs: number }) {
    this.#clip = options.clip;
    this.#sei = options.sei;
    if (options.withVideo) this.#video = newTrack(videoShape(options.clip), options.startedMs);
    const audio = audioShape(options.clip);
    if (audio !== null) this.#audio = newTrack(audio, options.startedMs);
  }

  get clip(): Clip {
    return this.#clip;
  }

  get trackNames(): TrackName[] {
    return [...(this.#video === null ? [] : ['video' as const]), ...(this.#audio === null ? [] : ['audio' as const])];
  }

  nextDueMs(): number {
    return Math.min(dueMs(this.#video), dueMs(this.#audio));
  }

  /** Nobody was watching: go on with the first frame after `nowMs`, which is made the clip's next key frame. */
  restart(nowMs: number): void {
    if (this.#video !== null) {
      this.#video.next = this.#video.timeline.firstAfter(nowMs);
      this.#video.clipOffset += this.#framesToKey(this.#video);
    }
    if (this.#audio !== null) this.#audio.next = this.#audio.timeline.firstAfter(nowMs);
    this.#alignAudio();
  }

  /** The frames that have become due, in sending order. `wallClockMs` goes into the SEI counters. */
  take(nowMs: number, wallClockMs: number): MediaFrame[] {
    if (nowMs - this.nextDueMs() > MAX_CATCH_UP_MS) this.restart(nowMs);
    const frames: MediaFrame[] = [];
    while (this.nextDueMs() <= nowMs) {
      if (this.#video !== null && dueMs(this.#video) <= dueMs(this.#audio)) {
        frames.push(this.#takeVideo(this.#video, wallClockMs));
      } else if (this.#audio !== null) {
        frames.push(this.#takeAudio(this.#audio));
      }
    }
    return frames;
  }

  /** Goes on with the other clip's first frame, in step with time and frame numbers. Audio must stay as it is. */
  switchClip(clip: Clip): void {
    if (this.#video !== null) {
      const { timeline, next } = this.#video;
      const anchor = { index: next, ms: timeline.dueMs(next), timestamp: timeline.timestamp(next) };
      this.#video.timeline = new MediaTimeline({ ...videoShape(clip), anchor });
      this.#video.clipOffset = -next;
    }
    this.#clip = clip;
    this.#alignAudio();
  }

  jumpTimestamps(seconds: number): void {
    this.#clockShiftMs += seconds * 1000;
    this.#video?.timeline.shift(seconds);
    this.#audio?.timeline.shift(seconds);
  }

  /** Leaves out the next video frames; time goes on. */
  skipFrames(count: number): void {
    if (this.#video !== null) this.#video.next += count;
  }

  /** Sequence number and RTP time of what comes next on a track (RFC 2326 12.33). */
  playInfo(track: TrackName): { sequence: number; timestamp: number } | null {
    const found = this.#track(track);
    if (found === null) return null;
    return { sequence: found.stream.nextSequence, timestamp: found.timeline.timestamp(found.next) >>> 0 };
  }

  senderReport(track: TrackName, nowMs: number, wallClockMs: number): Buffer | null {
    const found = this.#track(track);
    if (found === null) return null;
    return senderReport({
      ssrc: found.stream.ssrc,
      wallClockMs: wallClockMs + this.#clockShiftMs,
      timestamp: found.timeline.timestampAt(nowMs),
      packetCount: found.stream.packetCount,
      payloadBytes: found.stream.payloadBytes,
    });
  }

  #track(name: TrackName): Track | null {
    return name === 'video' ? this.#video : this.#audio;
  }

  #takeVideo(track: Track, wallClockMs: number): MediaFrame {
    const index = track.next++;
    const frame = this.#clip.frames[modulo(index + track.clipOffset, this.#clip.frames.length)];
    if (frame === undefined) throw new Error('A clip has no frames.');
    const { codec } = this.#clip.parameters;
    let units = frame.units;
    if (this.#sei) {
      const firstSlice = units.findIndex((unit) => isSlice(unit, codec));
      units = units.toSpliced(firstSlice, 0, seiUnit(codec, { frame: index, sentMs: wallClockMs }));
    }
    const timestamp = track.timeline.timestamp(index + frame.reorderFrames);
    return { track: 'video', batch: track.stream.packVideo(units, codec, timestamp), key: frame.key };
  }

  #takeAudio(track: Track): MediaFrame {
    const { audio } = this.#clip;
    const index = track.next++;
    const frame = audio?.frames[modulo(index + track.clipOffset, audio.frames.length)];
    if (audio === null || frame === undefined) throw new Error('A clip has no audio.');
    const batch = track.stream.packAudio(frame, audio.codec, track.timeline.timestamp(index));
    return { track: 'audio', batch, key: true };
  }

  #framesToKey(track: Track): number {
    const { frames } = this.#clip;
    for (let ahead = 0; ahead < frames.length; ahead++) {
      if (frames[modulo(track.next + track.clipOffset + ahead, frames.length)]?.key === true) return ahead;
    }
    return 0;
  }

  /** Sound belongs to the picture: the clip's audio frame at the video's position in the clip. */
  #alignAudio(): void {
    const { audio, parameters, frames } = this.#clip;
    if (this.#audio === null || this.#video === null || audio === null) return;
    const clipSeconds = modulo(this.#video.next + this.#video.clipOffset, frames.length) / parameters.fps;
    const lagSeconds = (dueMs(this.#audio) - dueMs(this.#video)) / 1000;
    const position = Math.round(((clipSeconds + lagSeconds) * audio.sampleRateHz) / audio.samplesPerFrame);
    this.#audio.clipOffset = position - this.#audio.next;
  }
}

interface TrackShape {
  readonly payloadType: number;
  readonly clockRateHz: number;
  readonly frameSeconds: number;
}

function videoShape(clip: Clip): TrackShape {
  return { payloadType: VIDEO_PAYLOAD_TYPE, clockRateHz: 90_000, frameSeconds: 1 / clip.parameters.fps };
}

function audioShape({ audio }: Clip): TrackShape | null {
  if (audio === null) return null;
  const frameSeconds = audio.samplesPerFrame / audio.sampleRateHz;
  return { payloadType: audioPayloadType(audio), clockRateHz: audio.sampleRateHz, frameSeconds };
}

function newTrack(shape: TrackShape, startedMs: number): Track {
  const stream = new RtpStream({ ...shape, ssrc: randomInt(1, 0xffff_ffff), firstSequence: randomInt(0x10000) });
  const anchor = { index: 0, ms: startedMs, timestamp: randomInt(0x1_0000_0000) };
  return { stream, timeline: new MediaTimeline({ ...shape, anchor }), next: 0, clipOffset: 0 };
}

function dueMs(track: Track | null): number {
  return track === null ? Infinity : track.timeline.dueMs(track.next);
}

function modulo(value: number, length: number): number {
  return ((value % length) + length) % length;
}
