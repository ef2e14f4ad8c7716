import { DEMO_CAMERAS } from '../contract/demo-cameras.ts';
import type { StreamName } from '../contract/ids.ts';
import { ProbeError } from '../contract/refused-error.ts';
import type { CameraControl } from '../server/ports.ts';
import type { DemoSources } from './camera-manager.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { SupervisedProcess } from './supervised-process.ts';
import type { WorkerLauncher } from './worker-launcher.ts';

export interface DemoSimulatorOptions {
  launcher: WorkerLauncher;
  /** Absolute path of the camera simulator's script. */
  entry: string;
  cacheDir: string;
  clock: Clock;
  log: Log;
  /** The simulator listens, for the first time or again: addresses have changed. */
  onListening(): void;
}

type FromSimulator = { type: 'listening'; port: number } | { type: 'failed'; message: string };

/** The first start encodes the clips: some seconds on a slow machine. */
const LISTENING_LIMIT_MS = 60_000;
const CLOSE_GRACE_MS = 1_000;

/** The process that serves the demo cameras over RTSP. It runs from the moment when a camera first asks for it. */
export class DemoSimulator implements DemoSources {
  readonly #options: DemoSimulatorOptions;
  readonly #waiting = new Set<() => void>();
  #ffmpegPath: string | undefined;
  #process: SupervisedProcess<FromSimulator> | undefined;
  #port: number | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: DemoSimulatorOptions) {
    this.#options = options;
  }

  /** FFmpeg makes the clips, so the simulator runs only once it is known where FFmpeg is. */
  start(ffmpegPath: string): void {
    this.#ffmpegPath = ffmpegPath;
  }

  ensureRunning(): void {
    const { launcher, entry, cacheDir, clock, log } = this.#options;
    const ffmpegPath = this.#ffmpegPath;
    if (this.#process !== undefined || ffmpegPath === undefined || this.#closing !== undefined) return;
    this.#process = new SupervisedProcess<FromSimulator>({
      name: 'demo-cameras',
      entry,
      launcher,
      clock,
      log,
      heartbeat: false,
      greeting: () => [{ type: 'start', ffmpegPath, cacheDir, cameras: 'demo', port: 0 }],
      onMessage: (message) => this.#handle(message),
      onLost: () => (this.#port = undefined),
    });
    this.#process.start();
  }

  readonly resolve = (key: string, stream: StreamName): string | undefined =>
    this.#port === undefined ? undefined : `rtsp://127.0.0.1:${this.#port}/${key}/${stream}`;

  async resolveSoon(key: string, stream: StreamName, signal: AbortSignal): Promise<string> {
    if (this.#port === undefined) await this.#listening(signal);
    const url = this.resolve(key, stream);
    if (url === undefined) throw new ProbeError('timeout', 'The demo cameras did not start in time.');
    return url;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#process?.close(CLOSE_GRACE_MS) ?? Promise.resolve());
  }

  #handle(message: FromSimulator): void {
    if (message.type === 'failed') {
      this.#options.log.error({ detail: message.message }, 'the demo cameras could not start');
      this.#process?.restart();
      return;
    }
    this.#port = message.port;
    for (const resolve of this.#waiting) resolve();
    this.#options.onListening();
  }

  /** Resolves when the simulator listens, when that took too long, or when nobody waits any more. */
  async #listening(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LISTENING_LIMIT_MS);
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    this.#waiting.delete(resolve);
    signal.throwIfAborted();
  }
}

/** Adds those demo cameras that are not there yet. */
export async function addDemoCameras(cameras: CameraControl): Promise<void> {
  const present = new Set(cameras.list().map((camera) => camera.source.url));
  for (const { key, name } of DEMO_CAMERAS) {
    const url = `demo:${key}`;
    if (!present.has(url)) await cameras.create({ name, source: { url } });
  }
}
