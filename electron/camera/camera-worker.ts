import type { EngineToWorker, WorkerToEngine } from '../contract/worker-protocol.ts';
import { Camera } from './camera.ts';
import type { EngineChannel } from './engine-channel.ts';
import { Probe } from './probe.ts';
import type { ReadPacer } from './read-pacer.ts';
import type { SessionLimits, WorkerClock, WorkerContext } from './worker-context.ts';

export interface CameraWorkerOptions {
  channel: EngineChannel;
  clock: WorkerClock;
  limits: SessionLimits;
  pacer?: ReadPacer | undefined;
  env: NodeJS.ProcessEnv;
  pid: number;
  newId(): string;
  random(): number;
  /** Everything is closed; the process may end. */
  onClosed(): void;
}

/** One worker process: up to eight cameras, run as the engine says. */
export class CameraWorker {
  readonly #options: CameraWorkerOptions;
  readonly #cameras = new Map<string, Camera>();
  readonly #probes = new Set<Probe>();
  #context: WorkerContext | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: CameraWorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const { channel } = this.#options;
    channel.onMessage((message) => this.#handle(message));
    channel.onDisconnect(() => void this.close());
  }

  /** Closes every segment and session. Safe to call twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    for (const probe of this.#probes) probe.cancel();
    const reason = { failure: 'closing', message: 'Atalaya is closing.' } as const;
    await Promise.all([...this.#cameras.values()].map((camera) => camera.close(reason)));
    await this.#options.channel.flushed();
    this.#options.onClosed();
  }

  #handle(message: EngineToWorker): void {
    if (message.type === 'start') {
      this.#begin(message);
      return;
    }
    if (message.type === 'close') {
      void this.close();
      return;
    }
    const context = this.#context;
    if (context === undefined || this.#closing !== undefined) return;
    switch (message.type) {
      case 'setCamera': {
        const { cameraId } = message.camera;
        const camera = this.#cameras.get(cameraId) ?? new Camera(context, cameraId);
        this.#cameras.set(cameraId, camera);
        camera.assign(message.camera);
        return;
      }
      case 'removeCamera':
        // It stays known: should it come back, its footage must not begin before the old one ends.
        void this.#cameras
          .get(message.cameraId)
          ?.close({ failure: 'removed', message: 'The camera was removed or disabled.' });
        return;
      case 'watch':
        this.#cameras.get(message.cameraId)?.watch(message.stream, message.watching);
        return;
      case 'snapshot':
        void this.#snapshot(message);
        return;
      case 'probe':
        void this.#probe(context, message);
        return;
      case 'ping':
        this.#send({ type: 'pong', sentMs: message.sentMs, rssBytes: process.memoryUsage.rss() });
        return;
    }
  }

  #begin({ ffmpegPath, recordingsDir }: Extract<EngineToWorker, { type: 'start' }>): void {
    const { channel, clock, limits, pacer, env, pid, newId, random } = this.#options;
    this.#context = {
      ffmpegPath,
      env,
      recordingsDir,
      clock,
      limits,
      pacer,
      newId,
      random,
      send: (message) => this.#send(message),
      liveBacklogBytes: () => channel.backlogBytes,
    };
    this.#send({ type: 'ready', pid });
  }

  async #snapshot({ requestId, cameraId, stream }: Extract<EngineToWorker, { type: 'snapshot' }>): Promise<void> {
    try {
      const jpeg = await this.#cameras.get(cameraId)?.snapshot(stream);
      const answer = jpeg === undefined ? { error: 'there is no picture yet' } : { jpeg };
      this.#send({ type: 'snapshotResult', requestId, ...answer });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#send({ type: 'snapshotResult', requestId, error: reason });
      this.#send({ type: 'log', level: 'warn', message: 'snapshot failed', fields: { cameraId, stream, reason } });
    }
  }

  async #probe(
    context: WorkerContext,
    { requestId, url, transport }: Extract<EngineToWorker, { type: 'probe' }>,
  ): Promise<void> {
    const probe = new Probe(context, url, transport);
    this.#probes.add(probe);
    const outcome = await probe.outcome;
    this.#probes.delete(probe);
    if (outcome.kind === 'found') this.#send({ type: 'probeResult', requestId, result: outcome.result });
    else this.#send({ type: 'probeFailed', requestId, failure: outcome.failure, message: outcome.message });
  }

  #send(message: WorkerToEngine): void {
    this.#options.channel.send(message);
  }
}
