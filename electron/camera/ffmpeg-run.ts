import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StderrTail } from '../../native/stderr-tail.ts';
import { Mp4FormatError } from '../mp4/box-reader.ts';
import { FragmentSplitter, type Fragment } from '../mp4/fragment-splitter.ts';
import type { InitSegment, TrackInfo } from '../mp4/init-segment.ts';
import { joinInit } from './joined-init.ts';
import type { MediaFragment, StreamConfiguration } from './media-fragment.ts';
import type { PacedReading, ReadPacer } from './read-pacer.ts';

export interface FfmpegRunOptions {
  ffmpegPath: string;
  env: NodeJS.ProcessEnv;
  args: readonly string[];
  runId: string;
  /** Undefined: each frame is read when FFmpeg writes it. */
  pacer?: ReadPacer | undefined;
  /** FFmpeg writes sound to file descriptor 3, as it comes from the camera or as AAC. */
  hasAudio: boolean;
  /** FFmpeg writes something else to file descriptor 3. */
  onSideData?: (chunk: Buffer) => void;
  /** At least once before any fragment; again before a key frame, when the camera's sound starts later. */
  onConfiguration(configuration: StreamConfiguration): void;
  onFragment(fragment: MediaFragment): void;
  /** Once, when the child is gone and all that it wrote was handed on. */
  onEnd(end: FfmpegRunEnd): void;
}

export interface FfmpegRunEnd {
  /** FFmpeg's last lines, without credentials. */
  stderr: string[];
  exitCode: number | null;
  /** FFmpeg could not be started. */
  spawnError?: Error;
  /** FFmpeg wrote what is no MP4, or what cannot be recorded. */
  formatError?: Error;
}

/** How long video waits for the sound's init segment. Both come at once, but for transcoded sound. */
const AUDIO_WAIT_MS = 500;
/** Bounds what waits meanwhile, whatever the bit rate. */
const MOST_WAITING = 500;
/** FFmpeg ends on SIGTERM within milliseconds, unless it hangs. */
const TERMINATE_MS = 1_000;

/** One FFmpeg child that reads one camera stream, from spawn to reaping. */
export class FfmpegRun {
  readonly #options: FfmpegRunOptions;
  readonly #child: ChildProcess;
  readonly #stderr = new StderrTail();
  readonly ended: Promise<void>;
  #videoInit: InitSegment | undefined;
  #audioInit: InitSegment | undefined;
  #configuration: { video: Track; audio: Track | undefined } | undefined;
  /** What came before it was clear with which init segment to begin. */
  #waiting: { fragment: Fragment; isVideo: boolean }[] = [];
  #audioTimer: NodeJS.Timeout | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #formatError: Error | undefined;
  #sequence = 0;
  readonly #readings: PacedReading[] = [];

  constructor(options: FfmpegRunOptions) {
    this.#options = options;
    const { ffmpegPath, env, args, hasAudio, onSideData } = options;
    const child = spawn(ffmpegPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(hasAudio || onSideData !== undefined ? (['pipe'] as const) : [])],
      windowsHide: true,
      env,
    });
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    this.#read(child.stdout, true);
    const side = child.stdio[3] as Readable | undefined;
    if (hasAudio) this.#read(side, false);
    else if (onSideData !== undefined) side?.on('data', onSideData).on('error', ignorePipeError);
    this.ended = new Promise((resolve) => {
      let spawnError: Error | undefined;
      child.on('error', (error) => {
        // 'error' also reports a signal that could not be sent, to a child that lives and will still close.
        if (child.pid !== undefined) return;
        spawnError = error;
        finish(null);
      });
      child.on('close', (code) => finish(code));
      let finished = false;
      const finish = (exitCode: number | null): void => {
        if (finished) return;
        finished = true;
        clearTimeout(this.#audioTimer);
        clearTimeout(this.#killTimer);
        options.onEnd({
          stderr: this.#stderr.lines(),
          exitCode,
          ...(spawnError !== undefined && { spawnError }),
          ...(this.#formatError !== undefined && { formatError: this.#formatError }),
        });
        resolve();
      };
    });
  }

  /** While somebody watches, frames are read one by one as they come. */
  setHurried(hurried: boolean): void {
    for (const reading of this.#readings) reading.setHurried(hurried);
  }

  /** Asks FFmpeg to end, so that the camera's session is torn down; forces it when it does not. */
  stop(): void {
    if (this.#killTimer !== undefined) return;
    this.#child.kill('SIGTERM');
    this.#killTimer = setTimeout(() => this.kill(), TERMINATE_MS);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #read(stream: Readable | null | undefined, isVideo: boolean): void {
    const splitter = new FragmentSplitter({
      onInit: (init) => this.#takeInit(init, isVideo),
      onFragment: (fragment) => this.#takeFragment(fragment, isVideo),
    });
    stream?.on('data', (chunk: Buffer) => {
      if (this.#formatError === undefined) this.#guard(() => splitter.push(chunk));
    });
    stream?.on('error', ignorePipeError);
    const { pacer } = this.#options;
    if (pacer !== undefined && stream != null) this.#readings.push(pacer.add(stream));
  }

  /** What cannot be read ends this run, not the worker. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const isExpected =
        error instanceof Mp4FormatError ||
        error instanceof UnsupportedStreamError ||
        error instanceof UnsupportedSoundError;
      if (!isExpected) throw error;
      this.#formatError = error;
      this.stop();
    }
  }

  #takeInit(init: InitSegment, isVideo: boolean): void {
    if (!isVideo) {
      if (!init.tracks.some(({ codec }) => /^mp4a\.40\./.test(codec))) throw new UnsupportedSoundError();
      this.#audioInit = init;
      if (this.#videoInit !== undefined && this.#configuration === undefined) this.#configure();
      return;
    }
    this.#videoInit = init;
    if (!this.#options.hasAudio || this.#audioInit !== undefined) this.#configure();
    else this.#audioTimer = setTimeout(() => this.#guard(() => this.#configure()), AUDIO_WAIT_MS);
  }

  #configure(): void {
    clearTimeout(this.#audioTimer);
    if (this.#videoInit === undefined) return;
    const init = joinInit(this.#videoInit, this.#audioInit);
    const video = init.tracks.find((track) => track.kind === 'video');
    const audio = init.tracks.find((track) => track.kind === 'audio');
    if (video === undefined) throw new Mp4FormatError('no video track');
    if (!/^(avc|hvc|hev|av01)/.test(video.codec)) throw new UnsupportedStreamError(video.codec);
    this.#configuration = {
      video: { info: video, msPerTick: 1000 / video.timescale },
      audio: audio === undefined ? undefined : { info: audio, msPerTick: 1000 / audio.timescale },
    };
    const { runId, onConfiguration } = this.#options;
    onConfiguration({ runId, init, video, ...(audio !== undefined && { audio }) });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { fragment, isVideo } of waiting) this.#emit(fragment, isVideo);
  }

  #takeFragment(fragment: Fragment, isVideo: boolean): void {
    if (this.#configuration === undefined) {
      this.#waiting.push({ fragment, isVideo });
      if (this.#waiting.length >= MOST_WAITING && this.#videoInit !== undefined) this.#configure();
      return;
    }
    const isLateSound = this.#configuration.audio === undefined && this.#audioInit !== undefined;
    if (isLateSound && isVideo && fragment.runs[0]?.keyFrame === true) this.#configure();
    this.#emit(fragment, isVideo);
  }

  #emit({ bytes, runs }: Fragment, isVideo: boolean): void {
    const track = isVideo ? this.#configuration?.video : this.#configuration?.audio;
    const [run] = runs;
    if (track === undefined || run === undefined) return;
    if (run.trackId !== track.info.trackId) throw new Mp4FormatError('fragment of an unknown track');
    numberFragment(bytes, (this.#sequence += 1));
    this.#options.onFragment({
      bytes,
      track: isVideo ? 'video' : 'audio',
      keyFrame: isVideo && run.keyFrame,
      decodeMs: run.decodeTime * track.msPerTick,
      durationMs: run.duration * track.msPerTick,
    });
  }
}

/** The camera sends video that MP4 can hold and browsers cannot show, such as MJPEG. */
export class UnsupportedStreamError extends Error {
  override readonly name = 'UnsupportedStreamError';
  readonly codec: string;

  constructor(codec: string) {
    super(`The camera sends ${OTHER_CODECS[codec.toLowerCase()] ?? codec} video. Atalaya records H.264 and H.265.`);
    this.codec = codec;
  }
}

/** Object types of MP4 (ISO/IEC 14496-1 table 5) that cameras are known to send. */
const OTHER_CODECS: Readonly<Record<string, string>> = { 'mp4v.6c': 'Motion JPEG', 'mp4v.20': 'MPEG-4 Part 2' };

/** MP4 takes MP3, AC-3 and others, browsers do not all: such sound is transcoded. */
export class UnsupportedSoundError extends Error {
  override readonly name = 'UnsupportedSoundError';
}

interface Track {
  info: TrackInfo;
  msPerTick: number;
}

/** Two muxers count for themselves; in one file the numbers must rise (`mfhd`, ISO/IEC 14496-12 8.8.5). */
function numberFragment(bytes: Buffer, sequence: number): void {
  if (bytes.length < 24 || bytes.readUInt32BE(12) !== MFHD) throw new Mp4FormatError('moof does not begin with mfhd');
  bytes.writeUInt32BE(sequence >>> 0, 20);
}

/** A pipe that breaks ends with the child, and its exit says why. */
function ignorePipeError(): void {}

const MFHD = Buffer.from('mfhd', 'latin1').readUInt32BE(0);
