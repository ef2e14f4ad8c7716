import type { StreamFailure } from '../contract/camera.ts';
import type { StreamAssignment } from '../contract/worker-protocol.ts';
import { Backoff, type BackoffLimits } from './backoff.ts';
import { classifyEnd, needsLongProbing, nextAudioPlan, type Failure } from './failure-classifier.ts';
import { refuseUrl, streamArguments, type AudioPlan, type TimeSource } from './ffmpeg-arguments.ts';
import { FfmpegRun, type FfmpegRunEnd } from './ffmpeg-run.ts';
import type { MediaFragment, StreamConfiguration } from './media-fragment.ts';
import { ParameterSetWatch } from './parameter-set-watch.ts';
import type { WorkerContext } from './worker-context.ts';

export interface SessionListener {
  onConfiguration(configuration: StreamConfiguration): void;
  onFragment(fragment: MediaFragment): void;
  /**
   * The stream is gone, or could not be had. The session tries again by itself, for ever.
   *
   * @param stderr FFmpeg's last lines, without credentials.
   */
  onFailure(failure: Failure, stderr: readonly string[]): void;
}

export type SessionSource = Pick<StreamAssignment, 'url' | 'transport'>;

/**
 * One stream of a camera: at most one FFmpeg, and so at most one RTSP session, at any time. Reconnects for ever.
 */
export class StreamSession {
  readonly #context: WorkerContext;
  readonly #source: SessionSource;
  readonly #listener: SessionListener;
  readonly #backoff: Backoff;
  /** Remembered over reconnections. */
  #audio: AudioPlan = 'copy';
  #probing: 'short' | 'long' = 'short';
  #times: TimeSource = 'camera';
  /** Runs one after the other which a jump of the clock ended soon. */
  #clockFailures = 0;
  /** Changes of the picture format without a stable time in between. */
  #formatChanges = 0;
  #state: State = { kind: 'idle' };
  #hurried = false;

  constructor(context: WorkerContext, source: SessionSource, listener: SessionListener) {
    this.#context = context;
    this.#source = source;
    this.#listener = listener;
    this.#backoff = new Backoff(context.random);
  }

  /** Whose time the fragments of the present run carry. */
  get times(): TimeSource {
    return this.#times;
  }

  start(): void {
    if (this.#state.kind === 'idle') this.#connect();
  }

  /** While somebody watches, frames are handed on one by one as they come. */
  setHurried(hurried: boolean): void {
    this.#hurried = hurried;
    if (this.#state.kind === 'running') this.#state.run.setHurried(hurried);
  }

  /** Ends the present run for a reason found outside FFmpeg, such as a jump of the clock, and connects again. */
  restart(failure: Failure): void {
    const state = this.#state;
    if (state.kind !== 'running' || state.verdict !== undefined) return;
    state.verdict = failure;
    state.run.stop();
  }

  /** Tears the RTSP session down. Resolves when FFmpeg has been reaped. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'waiting') clearTimeout(state.timer);
    if (state.kind !== 'running') return;
    clearInterval(state.watchdog);
    state.run.stop();
    await state.run.ended;
  }

  #connect(): void {
    const { url, transport } = this.#source;
    const refusal = refuseUrl(url);
    if (refusal !== undefined) {
      this.#fail({ failure: 'refused-url', message: refusal }, []);
      return;
    }
    const run = new FfmpegRun({
      ffmpegPath: this.#context.ffmpegPath,
      env: this.#context.env,
      args: streamArguments({ url, transport, probing: this.#probing, times: this.#times }, this.#audio),
      runId: this.#context.newId(),
      hasAudio: this.#audio !== 'none',
      // Over TCP an FFmpeg that waits for room in its pipe makes the camera wait; over UDP packets would be lost.
      // Times of arrival would be those at which FFmpeg comes to read.
      pacer: transport === 'udp' || this.#times === 'arrival' ? undefined : this.#context.pacer,
      onConfiguration: (configuration) => {
        if (!isCurrent()) return;
        state.parameterSets ??= new ParameterSetWatch(configuration.video.codec);
        this.#listener.onConfiguration(configuration);
      },
      onFragment: (fragment) => {
        if (!isCurrent() || this.#hasNewFormat(state, fragment)) return;
        const nowMs = this.#context.clock.monotonicMs();
        state.onlineSinceMs ??= nowMs;
        // Sound alone does not keep a stream alive.
        if (fragment.track === 'video') {
          state.lastFrameMs = nowMs;
          state.silentMs = 0;
        }
        this.#listener.onFragment(fragment);
      },
      onEnd: (end) => {
        clearInterval(state.watchdog);
        if (this.#state === state) this.#ended(state, end);
      },
    });
    const state: Running = {
      kind: 'running',
      run,
      silentMs: 0,
      onlineSinceMs: undefined,
      lastFrameMs: undefined,
      verdict: undefined,
      reconnectsAtOnce: false,
      parameterSets: undefined,
      watchdog: setInterval(() => this.#watch(state), WATCH_EVERY_MS),
    };
    this.#state = state;
    run.setHurried(this.#hurried);
    const isCurrent = (): boolean => this.#state === state && state.verdict === undefined;
  }

  /** Whether this key frame needs another init segment, which only a new run gives; the run is then ended. */
  #hasNewFormat(state: Running, fragment: MediaFragment): boolean {
    if (!fragment.keyFrame || state.parameterSets === undefined || this.#formatChanges > MOST_FORMAT_CHANGES)
      return false;
    if (!state.parameterSets.hasChanged(fragment.bytes)) return false;
    this.#formatChanges += 1;
    state.reconnectsAtOnce = true;
    this.restart({ failure: 'stalled', message: 'The camera changed its picture format.' });
    return true;
  }

  /** FFmpeg cannot be trusted to notice that nothing comes. */
  #watch(state: Running): void {
    if (state.verdict !== undefined) return;
    const { limits } = this.#context;
    state.silentMs += WATCH_EVERY_MS;
    if (state.lastFrameMs !== undefined && state.silentMs > limits.stallMs) {
      const seconds = Math.round(limits.stallMs / 1000);
      state.verdict = { failure: 'stalled', message: `The camera sent no picture for ${seconds} s.` };
      state.run.kill();
    } else if (state.lastFrameMs === undefined && state.silentMs > this.#connectLimitMs()) {
      const seconds = Math.round(this.#connectLimitMs() / 1000);
      state.verdict = { failure: 'timeout', message: `The camera sent no picture within ${seconds} s.` };
      state.run.kill();
    }
  }

  #connectLimitMs(): number {
    const { connectMs } = this.#context.limits;
    return this.#probing === 'long' ? connectMs * 2 : connectMs;
  }

  #ended(state: Running, end: FfmpegRunEnd): void {
    const wasOnline = state.onlineSinceMs !== undefined;
    if (state.verdict === undefined && !wasOnline) {
      const audio = nextAudioPlan(this.#audio, end);
      if (audio !== undefined) {
        this.#audio = audio;
        this.#connect();
        return;
      }
      if (this.#probing === 'short' && needsLongProbing(end.stderr)) {
        this.#probing = 'long';
        this.#connect();
        return;
      }
    }
    const onlineMs = this.#context.clock.monotonicMs() - (state.onlineSinceMs ?? Infinity);
    const isStable = onlineMs >= STABLE_AFTER_MS;
    if (isStable) this.#formatChanges = 0;
    const sentMs = (state.lastFrameMs ?? -Infinity) - (state.onlineSinceMs ?? Infinity);
    if (sentMs >= WORTHWHILE_AFTER_MS) this.#backoff.reset();
    const failure = this.#judgeTimes(state.verdict ?? asStall(classifyEnd(end), wasOnline), isStable);
    this.#fail(failure, end.stderr, isStable || state.reconnectsAtOnce);
  }

  /** A camera whose timestamps jump again and again is recorded by the times at which its frames come. */
  #judgeTimes(failure: Failure, wasStable: boolean): Failure {
    if (wasStable) this.#clockFailures = 0;
    if (failure.failure !== 'clock' || this.#times === 'arrival') return failure;
    this.#clockFailures += 1;
    if (this.#clockFailures < MOST_CLOCK_FAILURES) return failure;
    this.#times = 'arrival';
    return { failure: 'clock', message: 'The camera’s timestamps are useless: times of arrival are taken instead.' };
  }

  #fail(failure: Failure, stderr: readonly string[], immediately = false): void {
    const waitMs = immediately ? 0 : this.#backoff.nextMs(backoffLimits(failure.failure));
    this.#state = { kind: 'waiting', timer: setTimeout(() => this.#connect(), waitMs) };
    this.#listener.onFailure(failure, stderr);
  }
}

interface Running {
  kind: 'running';
  run: FfmpegRun;
  /** Time without a picture, counted in looks: when this process was held up, frames wait for it to read them. */
  silentMs: number;
  onlineSinceMs: number | undefined;
  lastFrameMs: number | undefined;
  /** Why we ended it ourselves. */
  verdict: Failure | undefined;
  /** The camera is well: it only needs another run. */
  reconnectsAtOnce: boolean;
  parameterSets: ParameterSetWatch | undefined;
  watchdog: NodeJS.Timeout;
}

type State = { kind: 'idle' } | { kind: 'closed' } | { kind: 'waiting'; timer: NodeJS.Timeout } | Running;

const WATCH_EVERY_MS = 1_000;
/** A stream that lasted this long was healthy: it may come back at once. */
const STABLE_AFTER_MS = 30_000;

/** A stream that comes and goes is asked for again soon: waiting longer would lose more than the camera does. */
const WORTHWHILE_AFTER_MS = 2_000;

/** One jump may be the camera setting its clock, or this computer. */
const MOST_CLOCK_FAILURES = 2;

/** A camera that changes its parameter sets all the time means no change of format by it. */
const MOST_FORMAT_CHANGES = 3;

/** Cameras lock an account after a few wrong passwords; what is unsupported today is so in a minute. */
function backoffLimits(failure: StreamFailure): BackoffLimits {
  if (failure === 'auth-failed') return { firstMs: 10_000, longestMs: 300_000 };
  if (failure === 'unsupported' || failure === 'refused-url') return { firstMs: 5_000, longestMs: 60_000 };
  return { firstMs: 1_000, longestMs: 30_000 };
}

/** FFmpeg's own time limit may strike first: a stream that was there and fell silent has stalled. */
function asStall(failure: Failure, wasOnline: boolean): Failure {
  if (failure.failure !== 'timeout' || !wasOnline) return failure;
  return { failure: 'stalled', message: 'The camera stopped sending.' };
}
