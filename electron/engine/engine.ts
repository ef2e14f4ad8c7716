import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeedMessage } from '../contract/feed.ts';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import type { EnginePorts } from '../server/ports.ts';
import { createServer, type Server } from '../server/server.ts';
import { takeDataLock } from '../store/data-lock.ts';
import { DatabaseError, openDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { buildCameraSide } from './camera-side.ts';
import type { Clock } from './clock.ts';
import { Closers } from './closers.ts';
import { addDemoCameras } from './demo.ts';
import { FeedHub } from './feed.ts';
import { FfmpegWatch, type FfmpegLookup } from './ffmpeg-watch.ts';
import { createFirstAdministrator } from './first-administrator.ts';
import { measureVolume } from './free-space.ts';
import type { Log } from './log.ts';
import { buildRecordings } from './recordings.ts';
import { SecretBox } from './secret-box.ts';
import { loadSecretKey, type KeyProtector } from './secret-key.ts';
import { SpaceReserve } from './space-reserve.ts';
import { StartError } from './start-error.ts';
import { StatusPublisher } from './status-publisher.ts';
import { EngineStatus } from './system-status.ts';
import type { WorkerLauncher } from './worker-launcher.ts';

export interface EngineOptions {
  dataDir: string;
  cacheDir: string;
  launcher: WorkerLauncher;
  /** Absolute paths of the scripts that run as processes of their own. */
  entries: { worker: string; simulator: string };
  findFfmpeg(): Promise<FfmpegLookup>;
  clock: Clock;
  log: Log;
  host: string;
  /** 0 takes a free one. */
  port: number;
  rendererDir: string;
  version: string;
  /** The system's keyring, where there is one. */
  keyProtector?: KeyProtector | undefined;
  /** Instead of `<data>/secret.key`: 32 bytes in base64 or hex. */
  secretKey?: string | undefined;
  /** Lets the desktop window in without a password, once. */
  launchToken?: string | undefined;
  /** Adds the demo cameras that are not there yet. */
  demo: boolean;
  /** Creates the user `admin` where there is no user yet. */
  adminPassword?: string | undefined;
}

export interface EngineAddress {
  url: string;
  port: number;
}

/** Builds everything in order, and closes it in the opposite order. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #closers: Closers;
  #ports: EnginePorts | undefined;
  #building: Promise<EngineAddress> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#closers = new Closers(options.log);
  }

  /** What the server, and the desktop's shell, ask the engine for. Only after `start`. */
  get ports(): EnginePorts {
    if (this.#ports === undefined) throw new Error('the engine has not started');
    return this.#ports;
  }

  /**
   * Resolves when the API answers; cameras start right after. Throws StartError with a sentence for the user when
   * something stands in the way, and leaves nothing open then.
   */
  async start(): Promise<EngineAddress> {
    this.#building = this.#build();
    try {
      return await this.#building;
    } catch (error) {
      await this.close();
      throw error instanceof DatabaseError ? new StartError(error.message, { cause: error }) : error;
    }
  }

  /** Closes every segment and everything else, within 5 s. Safe to call twice, and while the engine starts. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#closers.refuseMore();
    // A start that is under way gives up at its next step; `start` reports why it failed.
    await this.#building?.catch(() => {});
    await this.#closers.closeAll();
    this.#options.log.info('the engine is closed');
  }

  async #build(): Promise<EngineAddress> {
    const { dataDir, cacheDir, clock, log, version, launcher, entries } = this.#options;
    const closers = this.#closers;
    log.info({ version, dataDir, pid: process.pid }, 'the engine starts');
    const recordingsDir = join(dataDir, 'recordings');
    await makeFolders([dataDir, recordingsDir, cacheDir]);
    const reserve = new SpaceReserve({ dataDir, measureVolume, log });
    await reserve.releaseWhenFull();
    closers.add('lock', lockDataDir(dataDir));
    const ffmpeg = new FfmpegWatch(this.#options.findFfmpeg, (found) => side.run(found));
    closers.add('search for FFmpeg', () => ffmpeg.close());
    await ffmpeg.start();
    const store = await this.#openStore();
    const secretBox = await this.#openSecretBox();
    const { index, library, exports, retention } = await buildRecordings(
      { store, dataDir, recordingsDir, reserve, clock, log },
      closers,
    );

    const feed: FeedHub = new FeedHub(() => ({
      type: 'snapshot',
      nowMs: clock.nowMs(),
      cameras: cameras.list(),
      exports: exports.list(),
      health: system.health(),
    }));
    const observe = (message: WorkerToEngine): void => system.handle(message);
    const publish = (message: FeedMessage): void => feed.publish(message);
    const side = buildCameraSide(
      { store, secretBox, index, launcher, entries, recordingsDir, cacheDir, clock, log, publish, observe },
      closers,
    );
    const { cameras, live, pool } = side;
    const system = new EngineStatus({
      version,
      cameras: () => cameras.list(),
      ffmpeg: () => ffmpeg.current,
      storage: () => retention.storage(),
      processes: () => ({ workers: pool.workers, workersLost: pool.workersLost, watchedStreams: live.watched }),
    });
    index.on('recorded', (cameraId, endMs) => publish({ type: 'recorded', cameraId, endMs }));
    exports.on('changed', (job) => publish({ type: 'export', job }));
    exports.on('removed', (exportId) => publish({ type: 'exportRemoved', exportId }));

    this.#ports = { cameras, live, library, exports, feed, system };
    const address = await this.#serve(store, this.#ports);
    const publisher = new StatusPublisher(system, feed, log);
    publisher.start();
    closers.add('status', () => publisher.close());
    side.run(ffmpeg.current);
    retention.start();
    if (this.#options.demo) await addDemoCameras(cameras);
    return address;
  }

  async #openStore(): Promise<Store> {
    const { dataDir, clock, adminPassword } = this.#options;
    const store = await openDatabase(join(dataDir, 'atalaya.db'));
    this.#closers.add('database', () => store.close());
    if (adminPassword !== undefined) await createFirstAdministrator(store, clock, adminPassword);
    return store;
  }

  async #openSecretBox(): Promise<SecretBox> {
    const { dataDir, secretKey, keyProtector } = this.#options;
    return new SecretBox(await loadSecretKey({ dataDir, explicitKey: secretKey, protector: keyProtector }));
  }

  async #serve(store: Store, ports: EnginePorts): Promise<EngineAddress> {
    const { clock, log, rendererDir, version, launchToken, host } = this.#options;
    const server = createServer({
      ...{ ports, store, clock, log, rendererDir, version },
      ...(launchToken !== undefined && { launchToken }),
    });
    this.#closers.add('server', () => server.close());
    const { port } = await listen(server, host, this.#options.port);
    this.#closers.throwIfClosing();
    return { url: `http://${host}:${port}`, port };
  }
}

async function makeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      // Footage and passwords are nobody else's business.
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StartError(`${folder} cannot be created: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Takes the folder for this engine; returns the way to give it back. */
function lockDataDir(dataDir: string): () => void {
  let release;
  try {
    release = takeDataLock(join(dataDir, 'engine.lock'));
  } catch (error) {
    throw new StartError(`${dataDir} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  if (release !== undefined) return release;
  throw new StartError(
    `Another Atalaya is using ${dataDir} already. Close it first, or give this one its own folder with --data-dir.`,
  );
}

async function listen(server: Server, host: string, port: number): Promise<{ port: number }> {
  try {
    return await server.start({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${port} is in use by another program, perhaps by Atalaya itself. Close that, or choose another with --port.`,
        { cause: error },
      );
    }
    if (code === 'EACCES') {
      throw new StartError(`Port ${port} may not be used by this user. Choose one above 1023 with --port.`, {
        cause: error,
      });
    }
    throw error;
  }
}
