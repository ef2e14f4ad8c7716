import type { AudioInfo, VideoInfo } from '../contract/camera.ts';
import type { CameraAssignment, StreamAssignment } from '../contract/worker-protocol.ts';
import type { Failure } from './failure-classifier.ts';
import { LiveTap } from './live-tap.ts';
import { MediaClock } from './media-clock.ts';
import type { MediaFragment, StreamConfiguration } from './media-fragment.ts';
import { Recorder, type StopReason } from './recorder.ts';
import { StreamMeter } from './stream-meter.ts';
import { StreamSession, type SessionListener } from './stream-session.ts';
import type { WorkerContext } from './worker-context.ts';

type Cut = Pick<CameraAssignment, 'segmentMs' | 'cutOffsetMs'>;

const FIGURES_EVERY_MS = 2_000;

/** One stream of a camera: its session feeds the recorder and the live tap. */
export class CameraStream implements SessionListener {
  readonly #context: WorkerContext;
  readonly #identity: Pick<StreamAssignment, 'stream'> & { cameraId: string };
  readonly #session: StreamSession;
  readonly #recorder: Recorder;
  readonly #tap: LiveTap;
  readonly #meter = new StreamMeter();
  #record: boolean;
  #configuration: StreamConfiguration | undefined;
  #clock: MediaClock | undefined;
  /** What came before the clock was anchored, or while it was doubtful. */
  #untimed: { fragment: MediaFragment; configuration: StreamConfiguration }[] = [];
  #online = false;
  #offlineSinceMs: number | undefined;
  #loggedFailure: string | undefined;
  #figuresTimer: NodeJS.Timeout | undefined;

  /** @param floorMs no footage may begin before this: where that of an earlier session ends. */
  constructor(context: WorkerContext, cameraId: string, assignment: StreamAssignment, cut: Cut, floorMs: number) {
    const { stream, record, url, transport } = assignment;
    this.#context = context;
    this.#identity = { cameraId, stream };
    this.#record = record;
    this.#recorder = new Recorder(context, this.#identity, cut, floorMs);
    this.#tap = new LiveTap(this.#identity, context);
    this.#session = new StreamSession(context, { url, transport }, this);
  }

  get keyFrame(): LiveTap['keyFrame'] {
    return this.#tap.keyFrame;
  }

  /** Where the footage so far ends; 0 when there is none. */
  get recordedUntilMs(): number {
    return this.#recorder.endMs;
  }

  start(): void {
    const { send, clock } = this.#context;
    send({ type: 'streamState', ...this.#identity, state: 'connecting', sinceMs: clock.nowMs() });
    this.#figuresTimer = setInterval(() => this.#tellFigures(), FIGURES_EVERY_MS);
    this.#session.start();
  }

  /** Closes the session and the segment. Resolves when both are. */
  async close(reason: StopReason): Promise<void> {
    clearInterval(this.#figuresTimer);
    const stopped = this.#record ? this.#recorder.stop(reason) : Promise.resolve();
    this.#record = false;
    this.#tap.end(reason.message);
    await Promise.all([stopped, this.#session.close()]);
  }

  setRecord(record: boolean): void {
    if (this.#record && !record) {
      void this.#recorder.stop({ failure: 'removed', message: 'Recording was switched off.' });
    }
    this.#record = record;
  }

  setCut(cut: Cut): void {
    this.#recorder.setCut(cut);
  }

  setWatched(watching: boolean): void {
    this.#session.setHurried(watching);
    this.#tap.setWatched(watching);
  }

  onConfiguration(configuration: StreamConfiguration): void {
    if (this.#configuration?.runId !== configuration.runId) {
      this.#clock = new MediaClock(this.#recorder.endMs, this.#session.times);
      this.#untimed = [];
    }
    this.#configuration = configuration;
    this.#tap.configure(configuration);
  }

  onFragment(fragment: MediaFragment): void {
    const configuration = this.#configuration;
    const clock = this.#clock;
    if (configuration === undefined || clock === undefined) return;
    this.#meter.add(fragment);
    this.#tap.take(fragment);
    if (!this.#online) this.#tellOnline(configuration);
    if (fragment.track === 'video' && !this.#keepTime(clock, fragment)) return;
    if (!clock.anchored || clock.doubtful) {
      this.#untimed.push({ fragment, configuration });
      return;
    }
    const untimed = this.#untimed;
    if (untimed.length > 0) this.#untimed = [];
    for (const earlier of untimed) this.#recordFragment(clock, earlier.fragment, earlier.configuration);
    this.#recordFragment(clock, fragment, configuration);
  }

  onFailure(failure: Failure, stderr: readonly string[]): void {
    this.#log(failure, stderr);
    this.#configuration = undefined;
    this.#clock = undefined;
    this.#untimed = [];
    this.#tap.end(failure.message);
    if (this.#record) void this.#recorder.stop(failure);
    if (this.#online) this.#offlineSinceMs = undefined;
    this.#online = false;
    this.#offlineSinceMs ??= this.#context.clock.nowMs();
    this.#context.send({
      type: 'streamState',
      ...this.#identity,
      state: 'offline',
      sinceMs: this.#offlineSinceMs,
      ...failure,
    });
  }

  /** Once for each new reason: a camera that is off for a week fails the same way twenty thousand times. */
  #log({ failure, message }: Failure, stderr: readonly string[]): void {
    if (message === this.#loggedFailure) return;
    this.#loggedFailure = message;
    const fields = { ...this.#identity, failure, stderr };
    this.#context.send({ type: 'log', level: 'info', message: `stream ended: ${message}`, fields });
  }

  /** Whether the frame may be recorded. */
  #keepTime(clock: MediaClock, { decodeMs, durationMs }: MediaFragment): boolean {
    const { clock: wallClock } = this.#context;
    const arrivalMs = wallClock.nowMs();
    const monotonicMs = wallClock.monotonicMs();
    const verdict = clock.observe({ arrivalMs, monotonicMs, decodeMs, durationMs });
    switch (verdict) {
      case 'ok':
        return true;
      case 'lost':
        // The picture before the hole claims to last until its end.
        if (this.#record) {
          const seconds = (durationMs / 1000).toFixed(1);
          void this.#recorder.stop({ failure: 'stalled', message: `The camera left out ${seconds} s.` });
        }
        return false;
      case 'jump':
        this.#session.restart({
          failure: 'clock',
          message: 'The times of the camera and of this computer jumped against each other.',
        });
        return false;
    }
  }

  #recordFragment(clock: MediaClock, fragment: MediaFragment, configuration: StreamConfiguration): void {
    if (!this.#record) return;
    const { decodeMs, durationMs } = fragment;
    const startMs = clock.timeOf(decodeMs);
    const endMs = clock.timeOf(decodeMs + durationMs);
    this.#recorder.take({ fragment, configuration, startMs, endMs });
  }

  #tellOnline({ video, audio }: StreamConfiguration): void {
    this.#online = true;
    this.#offlineSinceMs = undefined;
    this.#loggedFailure = undefined;
    this.#context.send({
      type: 'streamState',
      ...this.#identity,
      state: 'online',
      sinceMs: this.#context.clock.nowMs(),
      video: toVideoInfo(video),
      ...(audio !== undefined && { audio: toAudioInfo(audio) }),
    });
  }

  #tellFigures(): void {
    const figures = this.#online ? this.#meter.take() : undefined;
    if (figures !== undefined) this.#context.send({ type: 'streamStats', ...this.#identity, ...figures });
  }
}

function toVideoInfo({ codec, width = 0, height = 0 }: StreamConfiguration['video']): VideoInfo {
  return { codec, width, height, fps: 0, bitrateBps: 0 };
}

function toAudioInfo({ codec, sampleRate = 0, channels = 0 }: StreamConfiguration['video']): AudioInfo {
  return { codec, sampleRate, channels };
}
