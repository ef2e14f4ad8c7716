import { v7 as uuidv7 } from 'uuid';
import type { ProbeResult, Transport } from '../contract/camera.ts';
import type { StreamName } from '../contract/ids.ts';
import { ProbeError, RefusedError } from '../contract/refused-error.ts';
import type { CameraAssignment, EngineToWorker, WorkerToEngine } from '../contract/worker-protocol.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { SupervisedProcess } from './supervised-process.ts';
import type { WorkerLauncher } from './worker-launcher.ts';

export interface WorkerPoolOptions {
  launcher: WorkerLauncher;
  /** Absolute path of the camera worker's script. */
  entry: string;
  recordingsDir: string;
  logLevel: string;
  clock: Clock;
  log: Log;
  /** Everything a worker says, but for what the pool itself asked for. */
  onMessage(message: WorkerToEngine): void;
  /**
   * A worker died at `atMs` with these cameras, those included that it no longer ran; it is started again and gets
   * back what it ran.
   */
  onWorkerLost(cameraIds: string[], atMs: number): void;
}

interface Slot {
  process: SupervisedProcess<WorkerToEngine>;
  cameras: Map<string, CameraAssignment>;
  /** Cameras that this process ran before and that run nowhere now: it may still be closing their segments. */
  left: Set<string>;
}

interface Request {
  slot: Slot;
  /** Called with the answer, or with undefined when the worker died. */
  settle(answer: WorkerToEngine | undefined): void;
}

const MOST_CAMERAS_A_WORKER = 8;
/** Above the worker's own limit for a probe, so that its more precise answer comes first. */
const PROBE_LIMIT_MS = 25_000;
/** A snapshot is decoded from a key frame in memory: seconds mean that something hangs. */
const SNAPSHOT_LIMIT_MS = 8_000;

/**
 * The camera workers: each runs up to eight cameras, so that a crash takes few of them down. A camera stays with its
 * worker over restarts: moving the cameras of a crashed worker would let one poisonous camera crash the others, too.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #requests = new Map<string, Request>();
  readonly #watched = new Map<string, { cameraId: string; stream: StreamName }>();
  #slots: Slot[] = [];
  #ffmpegPath: string | undefined;
  #nextNumber = 1;
  #workersLost = 0;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Workers run FFmpeg, so none is started before it is known where FFmpeg is. */
  start(ffmpegPath: string): void {
    this.#ffmpegPath = ffmpegPath;
  }

  get workers(): number {
    return this.#slots.length;
  }

  /** How many ended by themselves so far. */
  get workersLost(): number {
    return this.#workersLost;
  }

  /** Runs this camera, or changes how it is run. */
  setCamera(camera: CameraAssignment): void {
    const known = this.#slotOf(camera.cameraId);
    const slot = known ?? this.#slotLeftBy(camera.cameraId) ?? this.#slotWithRoom();
    for (const { left } of this.#slots) left.delete(camera.cameraId);
    slot.cameras.set(camera.cameraId, camera);
    send(slot, { type: 'setCamera', camera });
    if (known !== undefined) return;
    // Its viewers may have come before it: a tile is on screen while its camera waits for FFmpeg, or is disabled.
    for (const message of this.#watchMessages(new Set([camera.cameraId]))) send(slot, message);
  }

  removeCamera(cameraId: string): void {
    const slot = this.#slotOf(cameraId);
    if (slot === undefined) return;
    slot.cameras.delete(cameraId);
    slot.left.add(cameraId);
    send(slot, { type: 'removeCamera', cameraId });
  }

  /** Asks for a stream's live data; remembered, so that it flows again after the worker was restarted. */
  watch(cameraId: string, stream: StreamName, watching: boolean): void {
    const key = `${cameraId}/${stream}`;
    if (watching) this.#watched.set(key, { cameraId, stream });
    else this.#watched.delete(key);
    const slot = this.#slotOf(cameraId);
    if (slot !== undefined) send(slot, { type: 'watch', cameraId, stream, watching });
  }

  /** JPEG of the stream's last key frame; undefined while there is none. */
  async snapshot(cameraId: string, stream: StreamName): Promise<Uint8Array | undefined> {
    const slot = this.#slotOf(cameraId);
    if (slot === undefined) return undefined;
    const answer = await this.#request(slot, SNAPSHOT_LIMIT_MS, undefined, (requestId) => ({
      type: 'snapshot',
      requestId,
      cameraId,
      stream,
    }));
    return answer?.type === 'snapshotResult' ? answer.jpeg : undefined;
  }

  /** What a URL (with its credentials) gives. Rejects with ProbeError, or with the signal's reason. */
  async probe(url: string, transport: Transport, signal: AbortSignal): Promise<ProbeResult> {
    const slot = this.#slots.toSorted((a, b) => a.cameras.size - b.cameras.size)[0] ?? this.#slotWithRoom();
    const answer = await this.#request(slot, PROBE_LIMIT_MS, signal, (requestId) => ({
      type: 'probe',
      requestId,
      url,
      transport,
    }));
    if (answer?.type === 'probeResult') return answer.result;
    if (answer?.type === 'probeFailed') throw new ProbeError(answer.failure, answer.message);
    if (answer === undefined) throw new ProbeError('timeout', 'The camera did not answer in time.');
    throw new Error(`unexpected answer to a probe: ${answer.type}`);
  }

  /** Closes every worker, which closes its segments; one that has not within `graceMs` is killed. */
  close(graceMs: number): Promise<void> {
    return (this.#closing ??= this.#close(graceMs));
  }

  async #close(graceMs: number): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.process.close(graceMs)));
    this.#slots = [];
    for (const request of [...this.#requests.values()]) request.settle(undefined);
  }

  #slotOf(cameraId: string): Slot | undefined {
    return this.#slots.find((slot) => slot.cameras.has(cameraId));
  }

  /** Back where it ran before, if there is room: its new session must wait for the end of the old one. */
  #slotLeftBy(cameraId: string): Slot | undefined {
    return this.#slots.find(({ cameras, left }) => left.has(cameraId) && cameras.size < MOST_CAMERAS_A_WORKER);
  }

  /** The least loaded worker that takes another camera; a new one when all are full. */
  #slotWithRoom(): Slot {
    const [emptiest] = this.#slots.toSorted((a, b) => a.cameras.size - b.cameras.size);
    if (emptiest !== undefined && emptiest.cameras.size < MOST_CAMERAS_A_WORKER) return emptiest;
    return this.#addSlot();
  }

  #addSlot(): Slot {
    const ffmpegPath = this.#ffmpegPath;
    if (ffmpegPath === undefined || this.#closing !== undefined) {
      throw new RefusedError('not-ready', 'The engine is starting or closing. Try again in a moment.');
    }
    const { launcher, entry, recordingsDir, logLevel, clock, log } = this.#options;
    const cameras = new Map<string, CameraAssignment>();
    const start: EngineToWorker = { type: 'start', ffmpegPath, recordingsDir, logLevel };
    const slot: Slot = {
      cameras,
      left: new Set(),
      process: new SupervisedProcess<WorkerToEngine>({
        name: `camera-worker-${this.#nextNumber++}`,
        entry,
        launcher,
        clock,
        log,
        heartbeat: true,
        greeting: () => [start, ...[...cameras.values()].map(setCamera), ...this.#watchMessages(cameras)],
        onMessage: (message) => this.#handle(message),
        onLost: (_exit, atMs) => this.#lost(slot, atMs),
      }),
    };
    this.#slots.push(slot);
    slot.process.start();
    return slot;
  }

  #watchMessages(cameras: { has(cameraId: string): boolean }): EngineToWorker[] {
    return [...this.#watched.values()]
      .filter(({ cameraId }) => cameras.has(cameraId))
      .map(({ cameraId, stream }) => ({ type: 'watch', cameraId, stream, watching: true }));
  }

  #handle(message: WorkerToEngine): void {
    switch (message.type) {
      case 'snapshotResult':
      case 'probeResult':
      case 'probeFailed':
        this.#requests.get(message.requestId)?.settle(message);
        return;
      case 'ready':
      case 'pong':
        return;
      case 'log':
        this.#options.log[message.level](message.fields ?? {}, message.message);
        return;
      default:
        this.#options.onMessage(message);
    }
  }

  #lost(slot: Slot, atMs: number): void {
    this.#workersLost += 1;
    for (const request of [...this.#requests.values()]) if (request.slot === slot) request.settle(undefined);
    const left = [...slot.left];
    slot.left.clear();
    this.#options.onWorkerLost([...slot.cameras.keys(), ...left], atMs);
  }

  /** Resolves with the answer, or with undefined when there was none in time. Rejects when the signal aborts. */
  #request(
    slot: Slot,
    limitMs: number,
    signal: AbortSignal | undefined,
    message: (requestId: string) => EngineToWorker,
  ): Promise<WorkerToEngine | undefined> {
    const requestId = uuidv7();
    const { promise, resolve, reject } = Promise.withResolvers<WorkerToEngine | undefined>();
    const timer = setTimeout(() => settle(undefined), limitMs);
    const onAbort = (): void => settle(undefined);
    const settle = (answer: WorkerToEngine | undefined): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#requests.delete(requestId);
      if (signal?.aborted === true) reject(signal.reason);
      else resolve(answer);
    };
    this.#requests.set(requestId, { slot, settle });
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    else send(slot, message(requestId));
    return promise;
  }
}

const setCamera = (camera: CameraAssignment): EngineToWorker => ({ type: 'setCamera', camera });

function send(slot: Slot, message: EngineToWorker): void {
  slot.process.send(message);
}
