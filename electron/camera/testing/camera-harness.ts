import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type {
  CameraAssignment,
  EngineToWorker,
  StreamAssignment,
  WorkerToEngine,
} from '../../contract/worker-protocol.ts';
import { CameraSimulator } from '../../simulator/camera-simulator.ts';
import type { CameraOptions } from '../../simulator/simulated-camera.ts';
import { CameraWorker } from '../camera-worker.ts';
import type { EngineChannel } from '../engine-channel.ts';
import type { SessionLimits, WorkerClock } from '../worker-context.ts';

export const FFMPEG = process.env['ATALAYA_FFMPEG'] ?? 'ffmpeg';

type Kind = WorkerToEngine['type'];
type Message<Type extends Kind> = Extract<WorkerToEngine, { type: Type }>;

/** A clock that a test can set; time goes on in it as in the real one. */
export class SteppedClock implements WorkerClock {
  stepMs = 0;

  nowMs(): number {
    return Date.now() + this.stepMs;
  }

  monotonicMs(): number {
    return performance.now();
  }
}

/** A worker in this process, a recordings folder, and everything that the worker says. */
export class WorkerHarness {
  readonly messages: WorkerToEngine[] = [];
  readonly clock = new SteppedClock();
  readonly recordingsDir: string;
  readonly #worker: CameraWorker;
  readonly #closed: Promise<void>;
  #toWorker: (message: EngineToWorker) => void = () => {};
  #disconnect: () => void = () => {};
  readonly #waiters = new Set<() => void>();

  private constructor(recordingsDir: string, limits: SessionLimits) {
    this.recordingsDir = recordingsDir;
    const channel: EngineChannel = {
      send: (message) => {
        this.messages.push(message);
        for (const waiter of [...this.#waiters]) waiter();
      },
      flushed: () => Promise.resolve(),
      backlogBytes: 0,
      onMessage: (listener) => (this.#toWorker = listener),
      onDisconnect: (listener) => (this.#disconnect = listener),
    };
    const closed = Promise.withResolvers<void>();
    this.#closed = closed.promise;
    this.#worker = new CameraWorker({
      channel,
      clock: this.clock,
      limits,
      env: process.env,
      pid: process.pid,
      newId: uuidv7,
      random: () => 0,
      onClosed: closed.resolve,
    });
  }

  static async start(limits: SessionLimits = { connectMs: 15_000, stallMs: 10_000 }): Promise<WorkerHarness> {
    const harness = new WorkerHarness(await mkdtemp(join(tmpdir(), 'atalaya-camera-')), limits);
    harness.#worker.start();
    const { recordingsDir } = harness;
    harness.send({ type: 'start', ffmpegPath: FFMPEG, recordingsDir, logLevel: 'info' });
    return harness;
  }

  send(message: EngineToWorker): void {
    this.#toWorker(message);
  }

  /** Assigns a camera and returns its id. */
  addCamera(
    streams: (Pick<StreamAssignment, 'url'> & Partial<StreamAssignment>)[],
    { segmentMs = 4_000, cameraId = uuidv7() }: { segmentMs?: number; cameraId?: string } = {},
  ): string {
    const camera: CameraAssignment = {
      cameraId,
      segmentMs,
      cutOffsetMs: 0,
      streams: streams.map((stream) => ({ stream: 'main', transport: 'tcp', record: true, ...stream })),
    };
    this.send({ type: 'setCamera', camera });
    return cameraId;
  }

  of<Type extends Kind>(type: Type): Message<Type>[] {
    return this.messages.filter((message): message is Message<Type> => message.type === type);
  }

  /** Resolves with the first message of that type, past or to come, which matches. */
  async message<Type extends Kind>(
    type: Type,
    matches: (message: Message<Type>) => boolean = () => true,
    limitMs = 20_000,
  ): Promise<Message<Type>> {
    let found: Message<Type> | undefined;
    await this.until(() => (found = this.of(type).find(matches)) !== undefined, `${type} did not come`, limitMs);
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  /** Resolves once the condition, which is asked again after each message, holds. */
  until(condition: () => boolean, otherwise: string, limitMs = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiters.delete(settle);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(settle);
        const said = this.messages.filter(({ type }) => type !== 'liveFragment').slice(-12);
        reject(new Error(`${otherwise} within ${limitMs} ms; last: ${said.map(brief).join('\n')}`));
      }, limitMs);
      this.#waiters.add(settle);
      settle();
    });
  }

  /** As when the engine dies. */
  disconnect(): void {
    this.#disconnect();
  }

  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Closes the worker, but leaves its files. */
  async closeWorker(): Promise<void> {
    this.send({ type: 'close' });
    await this.#closed;
  }

  async close(): Promise<void> {
    await this.closeWorker();
    await rm(this.recordingsDir, { recursive: true, force: true });
  }
}

/** Clips are made once and kept for the next run. */
export async function startSimulator(cameras: readonly CameraOptions[]): Promise<CameraSimulator> {
  const cacheDir = join(tmpdir(), 'atalaya-test-clips');
  const simulator = new CameraSimulator({ port: 0, ffmpegPath: FFMPEG, cacheDir, cameras });
  await simulator.start();
  return simulator;
}

function brief(message: WorkerToEngine): string {
  return JSON.stringify(message, (_key, value: unknown) => (value instanceof Uint8Array ? value.length : value));
}
