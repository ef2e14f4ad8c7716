import { join } from 'node:path';
import type { FeedMessage } from '../contract/feed.ts';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import type { Store } from '../store/store.ts';
import { CameraManager } from './camera-manager.ts';
import type { Clock } from './clock.ts';
import type { Closers } from './closers.ts';
import { DemoSimulator } from './demo.ts';
import type { FfmpegLookup } from './ffmpeg-watch.ts';
import { WorkerLiveSource } from './live-source.ts';
import type { Log } from './log.ts';
import type { RecordingIndex } from './recording-index.ts';
import type { SecretBox } from './secret-box.ts';
import type { WorkerLauncher } from './worker-launcher.ts';
import { WorkerPool } from './worker-pool.ts';

export interface CameraSideOptions {
  store: Store;
  secretBox: SecretBox;
  index: RecordingIndex;
  launcher: WorkerLauncher;
  entries: { worker: string; simulator: string };
  recordingsDir: string;
  cacheDir: string;
  clock: Clock;
  log: Log;
  publish(message: FeedMessage): void;
  /** Hears everything that workers say, after those whom it concerns. */
  observe(message: WorkerToEngine): void;
}

/** A worker that has not closed its segments by then is killed: the engine must be gone within 5 s. */
const WORKER_CLOSE_MS = 3_000;

/** The part of the engine that runs cameras: their settings, the workers, the live tap, the demo cameras. */
export interface CameraSide {
  cameras: CameraManager;
  live: WorkerLiveSource;
  pool: WorkerPool;
  /** Lets the cameras run, or tells them that FFmpeg is missing. */
  run(ffmpeg: FfmpegLookup): void;
}

export function buildCameraSide(options: CameraSideOptions, closers: Closers): CameraSide {
  const { store, secretBox, index, launcher, entries, recordingsDir, cacheDir, clock, log, publish, observe } = options;
  const simulator: DemoSimulator = new DemoSimulator({
    ...{ launcher, clock, log },
    entry: entries.simulator,
    cacheDir: join(cacheDir, 'demo-cameras'),
    onListening: () => cameras.refreshDemo(),
  });
  closers.add('demo cameras', () => simulator.close());
  const pool: WorkerPool = new WorkerPool({
    ...{ launcher, recordingsDir, clock, log },
    entry: entries.worker,
    logLevel: log.level,
    onMessage: (message) => {
      index.handle(message);
      cameras.handle(message);
      live.handle(message);
      observe(message);
    },
    onWorkerLost: (cameraIds, atMs) => {
      cameras.workerLost(cameraIds, atMs);
      live.workerLost(cameraIds);
      index.workerLost(cameraIds, atMs).catch((error: unknown) => {
        log.error({ err: error }, 'what a lost worker left could not be re-indexed');
      });
    },
  });
  closers.add('workers', () => pool.close(WORKER_CLOSE_MS));
  const live = new WorkerLiveSource((cameraId, stream, watching) => pool.watch(cameraId, stream, watching));
  const cameras = new CameraManager({
    ...{ store, secretBox, pool, clock, log, publish },
    ledger: index,
    demo: simulator,
  });
  cameras.load();

  return {
    ...{ cameras, live, pool },
    run(ffmpeg) {
      if (ffmpeg.kind === 'missing') {
        const message = `FFmpeg is missing. Install it: ${ffmpeg.installHint}`;
        log.warn({ tried: ffmpeg.tried }, message);
        cameras.run({ failure: 'ffmpeg-missing', message });
        return;
      }
      log.info({ path: ffmpeg.path, version: ffmpeg.version }, 'FFmpeg found');
      pool.start(ffmpeg.path);
      simulator.start(ffmpeg.path);
      cameras.run(undefined);
    },
  };
}
