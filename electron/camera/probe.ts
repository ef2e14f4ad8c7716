import type { ProbeFailure, ProbeResult, Transport } from '../contract/camera.ts';
import { classifyEnd, toProbeFailure } from './failure-classifier.ts';
import { probeArguments, refuseUrl } from './ffmpeg-arguments.ts';
import { FfmpegRun, type FfmpegRunEnd } from './ffmpeg-run.ts';
import type { MediaFragment, StreamConfiguration } from './media-fragment.ts';
import { StreamMeter } from './stream-meter.ts';
import type { WorkerContext } from './worker-context.ts';

export type ProbeOutcome =
  { kind: 'found'; result: ProbeResult } | { kind: 'failed'; failure: ProbeFailure; message: string };

/** People wait for this. */
const LIMIT_MS = 10_000;
/** Media that is looked at for the figures; most GOPs are no longer. */
const MEASURED_MS = 2_000;

/** Connects once to what may be a camera, and tells what it sends, with a picture. */
export class Probe {
  readonly #run: FfmpegRun | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #meter = new StreamMeter();
  readonly #picture: Buffer[] = [];
  readonly outcome: Promise<ProbeOutcome>;
  #configuration: StreamConfiguration | undefined;
  #measuredMs = 0;
  #timedOut = false;

  constructor(context: WorkerContext, url: string, transport: Transport) {
    const { promise, resolve } = Promise.withResolvers<ProbeOutcome>();
    this.outcome = promise;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#run?.kill();
    }, LIMIT_MS);
    const refusal = refuseUrl(url);
    if (refusal !== undefined) {
      clearTimeout(this.#timer);
      resolve({ kind: 'failed', failure: 'unsupported', message: refusal });
      return;
    }
    this.#run = new FfmpegRun({
      ffmpegPath: context.ffmpegPath,
      env: context.env,
      args: probeArguments({ url, transport, probing: 'long' }),
      runId: context.newId(),
      hasAudio: false,
      onConfiguration: (configuration) => (this.#configuration = configuration),
      onFragment: (fragment) => this.#measure(fragment),
      onSideData: (chunk) => {
        this.#picture.push(chunk);
        this.#finishWhenDone();
      },
      onEnd: (end) => {
        clearTimeout(this.#timer);
        resolve(this.#conclude(end));
      },
    });
  }

  /** Ends the connection; the outcome says what is known by then. */
  cancel(): void {
    this.#run?.kill();
  }

  #measure(fragment: MediaFragment): void {
    this.#meter.add(fragment);
    this.#measuredMs += fragment.durationMs;
    this.#finishWhenDone();
  }

  #finishWhenDone(): void {
    if (this.#measuredMs >= MEASURED_MS && this.#picture.length > 0) this.#run?.stop();
  }

  #conclude(end: FfmpegRunEnd): ProbeOutcome {
    const figures = this.#meter.take();
    const configuration = this.#configuration;
    if (configuration !== undefined && figures !== undefined) {
      const { codec, width = 0, height = 0 } = configuration.video;
      const audio = describeAudio(end.stderr);
      return {
        kind: 'found',
        result: {
          video: { codec, width, height, ...figures },
          ...(audio !== undefined && { audio }),
          ...(this.#picture.length > 0 && { pictureBase64: Buffer.concat(this.#picture).toString('base64') }),
        },
      };
    }
    if (this.#timedOut) {
      const seconds = LIMIT_MS / 1000;
      return { kind: 'failed', failure: 'timeout', message: `The camera sent no picture within ${seconds} s.` };
    }
    const { failure, message } = classifyEnd(end);
    return { kind: 'failed', failure: toProbeFailure(failure), message };
  }
}

/** From FFmpeg's description of its input: `Stream #0:1: Audio: pcm_mulaw, 8000 Hz, mono`. */
export function describeAudio(stderr: readonly string[]): ProbeResult['audio'] {
  for (const line of stderr) {
    const codec = /Stream #0:\d+.*?: Audio: (\w+)/.exec(line)?.[1];
    if (codec !== undefined && codec !== 'none') return { codec, recordedAs: 'aac' };
  }
  return undefined;
}
