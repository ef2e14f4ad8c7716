import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Camera } from '../../electron/contract/camera.ts';
import { readSeiCounters } from '../../electron/simulator/sei-counter.ts';
import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import { BenchCameras } from './bench-cameras.ts';
import type { BenchContext } from './bench-context.ts';
import { BenchEngine } from './bench-engine.ts';
import { percentile, type Figure, type Measurement } from './figures.ts';
import { measureOnScreen } from './live-on-screen.ts';

/** So many that none is still watched from its last opening when its turn comes again. */
const CAMERAS = 8;
/** The server stays at a stream for 5 s after its last viewer. */
const UNWATCHED_MS = 6_000;
const DELAY_SECONDS = 8;
/** FFmpeg waits for a key frame: a second on average, so a few openings tell enough. */
const DIRECT_OPENINGS = 6;

/** How soon a live picture stands, and how far behind the camera it is. */
export async function liveBench(context: BenchContext): Promise<Measurement[]> {
  context.say(`live: ${context.options.openings} openings`);
  const cameras = await BenchCameras.start(context, CAMERAS);
  try {
    const engine = await BenchEngine.start(context, await mkdtemp(join(context.workDir, 'live-')));
    try {
      const added = await engine.record(cameras.urls);
      const figures = [
        ...(await measureOpenings(context, engine, added, cameras.urls)),
        ...(await measureDelay(context, engine, added, cameras.urls)),
        ...(await measureOnScreen(context, engine, added)),
      ];
      return [{ title: `Live, ${CAMERAS} cameras recorded meanwhile, GOP of 2 s`, figures }];
    } finally {
      await engine.close();
    }
  } finally {
    await cameras.close();
  }
}

async function measureOpenings(
  context: BenchContext,
  engine: BenchEngine,
  cameras: readonly Camera[],
  urls: readonly string[],
): Promise<Figure[]> {
  const times: number[] = [];
  for (let opening = 0; opening < context.options.openings; opening += 1) {
    const camera = cameras[opening % cameras.length];
    if (camera === undefined) break;
    // A random moment of the GOP; the first is as good as any.
    await pause(UNWATCHED_MS / CAMERAS + Math.random() * 250);
    times.push(await openLive(engine, camera.id));
  }
  const direct: number[] = [];
  for (const url of urls.slice(0, Math.min(DIRECT_OPENINGS, context.options.openings))) {
    direct.push(await openDirectly(context.ffmpegPath, url));
  }
  const name = 'ffmpeg at the camera';
  const what = 'opening until the first key frame is there';
  return [
    { what: `${what}, p50`, value: percentile(times, 50), unit: 'ms', peer: { name, value: percentile(direct, 50) } },
    { what: `${what}, p95`, value: percentile(times, 95), unit: 'ms', peer: { name, value: percentile(direct, 95) } },
  ];
}

/** From the connection's begin until init segment and key frame are there. */
async function openLive(engine: BenchEngine, cameraId: string): Promise<number> {
  const startedMs = performance.now();
  const socket = connect(engine, cameraId);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let binaryMessages = 0;
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('The live socket closed before a picture came.')));
  const timer = setTimeout(() => reject(new Error('No live picture came within 20 s.')), 20_000);
  socket.on('message', (_, isBinary) => {
    if (isBinary) binaryMessages += 1;
    // The init segment, and the first fragment, which is a key frame.
    if (binaryMessages === 2) resolve(performance.now() - startedMs);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.terminate();
  }
}

async function openDirectly(ffmpegPath: string, url: string): Promise<number> {
  const args = ['-v', 'error', '-rtsp_transport', 'tcp', '-i', url, '-map', '0:v:0', '-c', 'copy', '-frames:v', '1'];
  return (await runFfmpeg({ ffmpegPath, args: [...args, '-f', 'null', '-'] })).durationMs;
}

/** From the moment at which the camera sent a frame, which it says in the frame. */
async function measureDelay(
  context: BenchContext,
  engine: BenchEngine,
  [camera]: readonly Camera[],
  [url]: readonly string[],
): Promise<Figure[]> {
  if (camera === undefined || url === undefined) return [];
  const socket = connect(engine, camera.id);
  const live = new DelayMeter();
  socket.on('message', (data: Buffer, isBinary) => isBinary && live.take(data));
  await once(socket, 'open');
  await pause(DELAY_SECONDS * 1000);
  socket.terminate();

  const args = ['-v', 'error', '-nostdin', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-flush_packets', '1'];
  const child = spawn(context.ffmpegPath, [...args, '-f', 'h264', 'pipe:1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const direct = new DelayMeter();
  child.stdout.on('data', (chunk: Buffer) => direct.take(chunk));
  await pause(DELAY_SECONDS * 1000);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const name = 'ffmpeg to a pipe';
  const what = 'from the camera to the viewer’s socket';
  return [50, 95].map((percent) => ({
    ...{ what: `${what}, p${percent}`, value: live.percentile(percent), unit: 'ms' },
    peer: { name, value: direct.percentile(percent) },
  }));
}

class DelayMeter {
  readonly #startedMs = Date.now();
  readonly #delaysMs: number[] = [];

  take(bytes: Buffer): void {
    const nowMs = Date.now();
    for (const { sentMs } of readSeiCounters(bytes)) {
      // The GOP under way comes first, and is older.
      if (sentMs > this.#startedMs + 1000) this.#delaysMs.push(nowMs - sentMs);
    }
  }

  percentile(percent: number): number {
    return percentile(this.#delaysMs, percent);
  }
}

function connect({ url, api }: BenchEngine, cameraId: string): WebSocket {
  return new WebSocket(`${url.replace('http', 'ws')}/api/v1/cameras/${cameraId}/live`, { headers: api.headers });
}
