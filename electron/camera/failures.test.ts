import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamFailure } from '../contract/camera.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import type { SimulatedCamera } from '../simulator/simulated-camera.ts';
import { FFMPEG, WorkerHarness, startSimulator } from './testing/camera-harness.ts';

const run = promisify(execFile);
const clip = clipParameters({ gopFrames: 15 });
const limits = { connectMs: 5_000, stallMs: 3_000 };

let simulator: CameraSimulator;
let camera: SimulatedCamera;
let worker: WorkerHarness;

beforeAll(async () => {
  simulator = await startSimulator([
    { path: 'yard', clip },
    { path: 'locked', clip, auth: { scheme: 'digest', user: 'admin', password: 'p@ss:word' } },
    { path: 'deaf', clip: clipParameters({ gopFrames: 15, audio: 'aac' }), audioOnly: true },
  ]);
  camera = simulator.camera('yard');
}, 120_000);
afterAll(() => simulator.close());
beforeEach(async () => {
  worker = await WorkerHarness.start(limits);
});
afterEach(async () => {
  camera.resume();
  await worker.close();
});

async function failureOf(url: string): Promise<{ failure: StreamFailure | undefined; message: string | undefined }> {
  worker.addCamera([{ url }]);
  const { failure, message } = await worker.message('streamState', ({ state }) => state === 'offline');
  return { failure, message };
}

async function recording(count = 1): Promise<void> {
  await worker.until(() => worker.of('segmentProgress').length >= count, 'recording');
}

/** Footage before and after the interruption does not overlap, and the files play. */
async function expectSoundFootage(): Promise<void> {
  await worker.closeWorker();
  const opened = worker.of('segmentOpened');
  const spans = worker.of('segmentClosed').map(({ segmentId, endMs }) => {
    const { startMs } = opened.find((segment) => segment.segmentId === segmentId)!;
    return { startMs, endMs };
  });
  expect(spans).toHaveLength(opened.length);
  spans.forEach(({ startMs, endMs }, index) => {
    expect(endMs).toBeGreaterThan(startMs);
    if (index > 0) expect(startMs).toBeGreaterThanOrEqual(spans[index - 1]!.endMs);
  });
  const names = await readdir(worker.recordingsDir, { recursive: true });
  for (const name of names.filter((entry) => entry.endsWith('.mp4'))) {
    const file = `${worker.recordingsDir}/${name}`;
    // Frames as they are: times of arrival, bunched on a busy machine, fit no constant rate.
    const decode = ['-v', 'error', '-i', file, '-fps_mode', 'passthrough', '-f', 'null', '-'];
    expect((await run(FFMPEG, decode)).stderr).toBe('');
  }
}

describe('connecting', { timeout: 30_000 }, () => {
  it('finds nobody listening', async () => {
    expect(await failureOf('rtsp://127.0.0.1:1/x')).toMatchObject({ failure: 'unreachable', message: /refuses/ });
    expect(worker.of('recordingStopped')).toMatchObject([{ failure: 'unreachable' }]);
  });

  it('finds no such host', async () => {
    expect(await failureOf('rtsp://no-such-host.invalid/x')).toMatchObject({ failure: 'unreachable' });
  });

  it('finds that the password is wrong, and does not repeat it', async () => {
    const url = simulator.url('locked').replace('rtsp://', 'rtsp://admin:s3cr3t@');
    expect(await failureOf(url)).toMatchObject({ failure: 'auth-failed' });
    expect(JSON.stringify(worker.messages)).not.toContain('s3cr3t');
  });

  it('takes a password that needs escaping', async () => {
    worker.addCamera([{ url: simulator.url('locked', { withCredentials: true }) }]);
    await worker.message('streamState', ({ state }) => state === 'online');
  });

  it('finds no such stream', async () => {
    expect(await failureOf(simulator.url('yard').replace('yard', 'attic'))).toMatchObject({ failure: 'not-found' });
  });

  it.each([
    [401, 'auth-failed'],
    [403, 'auth-failed'],
    [404, 'not-found'],
    [453, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('understands the status %i as %s', async (status, failure) => {
    camera.refuse(status);
    expect(await failureOf(simulator.url('yard'))).toMatchObject({ failure });
  });

  it('finds no video', async () => {
    expect(await failureOf(simulator.url('deaf'))).toMatchObject({ failure: 'unsupported' });
  });

  it('gives up on a server that stays silent', async () => {
    camera.silence();
    expect(await failureOf(simulator.url('yard'))).toMatchObject({ failure: 'timeout' });
  });

  it('gives up on a camera that sends nothing', async () => {
    camera.stall();
    expect(await failureOf(simulator.url('yard'))).toMatchObject({ failure: 'timeout' });
  });

  it('finds a server that speaks something else', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await failureOf(`rtsp://127.0.0.1:${port}/x`)).toMatchObject({ failure: 'garbage' });
    server.close();
  });

  it.each(['file:///etc/passwd', 'concat:/etc/passwd', 'pipe:0', 'ftp://127.0.0.1/x'])('refuses %s', async (url) => {
    expect(await failureOf(url)).toMatchObject({ failure: 'refused-url' });
  });
});

describe('recording through trouble', { timeout: 60_000 }, () => {
  it('comes back after the camera dropped the connection', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording();
    camera.drop();
    const stopped = await worker.message('recordingStopped');
    expect(stopped.failure).toBe('unreachable');
    expect(worker.of('segmentClosed').at(-1)).toMatchObject({ endMs: stopped.atMs });
    await worker.until(() => worker.of('segmentOpened').length === 2, 'a second segment');
    await expectSoundFootage();
  });

  it('notices a camera that stops sending', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording();
    camera.stall();
    expect(await worker.message('recordingStopped')).toMatchObject({ failure: 'stalled' });
    camera.resume();
    await worker.until(() => worker.of('segmentOpened').length === 2, 'a second segment');
    await expectSoundFootage();
  });

  it('does not take a worker that was held up for a camera that stopped sending', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording();
    const before = worker.of('segmentProgress').length;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, limits.stallMs * 1.5);
    await recording(before + 3);
    expect(worker.of('recordingStopped')).toEqual([]);
    await expectSoundFootage();
  });

  it('survives the death of FFmpeg', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording();
    const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
    for (const pid of children.trim().split(' ')) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes(simulator.url('yard'))) process.kill(Number(pid), 'SIGKILL');
    }
    const { atMs } = await worker.message('recordingStopped');
    await worker.until(() => worker.of('segmentOpened').length === 2, 'a second segment');
    expect(worker.of('segmentOpened')[1]!.startMs - atMs).toBeLessThan(4_000);
    await expectSoundFootage();
  });

  it.each([3600, -3600])('begins anew when the camera’s timestamps jump by %i s', async (seconds) => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording(2);
    camera.jumpTimestamps(seconds);
    expect(await worker.message('recordingStopped')).toMatchObject({ failure: 'clock' });
    await worker.until(() => worker.of('segmentOpened').length === 2, 'a second segment');
    const [first, second] = worker.of('segmentOpened');
    expect(second!.startMs - first!.startMs).toBeLessThan(20_000);
    expect(second!.runId).not.toBe(first!.runId);
    await expectSoundFootage();
  });

  it.each([3_600_000, -3_600_000])('begins anew when the system clock steps by %i ms', async (stepMs) => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording(2);
    worker.clock.stepMs = stepMs;
    const { failure, atMs } = await worker.message('recordingStopped');
    expect(failure).toBe('clock');
    await worker.until(() => worker.of('segmentOpened').length === 2, 'a second segment');
    const { startMs } = worker.of('segmentOpened')[1]!;
    if (stepMs > 0) expect(startMs).toBeGreaterThan(atMs + stepMs - 10_000);
    else expect(startMs - atMs).toBeOneOf([0, 1]);
    await expectSoundFootage();
  });

  it('records a camera whose timestamps jump again and again by the times of arrival', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    for (const times of [1, 2]) {
      await worker.until(() => worker.of('segmentOpened').length === times, 'recording');
      camera.jumpTimestamps(3_600);
      await worker.until(() => worker.of('recordingStopped').length === times, 'the jump to be noticed');
    }
    expect(worker.of('recordingStopped')[1]).toMatchObject({ failure: 'clock', message: /useless/ });
    await worker.until(() => worker.of('segmentOpened').length === 3, 'a third segment');
    const { segmentId } = worker.of('segmentOpened')[2]!;
    const writes = () => worker.of('segmentProgress').filter((progress) => progress.segmentId === segmentId).length;
    camera.jumpTimestamps(-3_600);
    await worker.until(() => writes() >= 4, 'recording to go on');
    expect(worker.of('recordingStopped')).toHaveLength(2);
    await expectSoundFootage();
  });

  it('accounts for seconds that the camera left out', async () => {
    await worker.close();
    worker = await WorkerHarness.start();
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording(2);
    camera.skipFrames(clip.fps * 4);
    const { failure, atMs } = await worker.message('recordingStopped');
    expect(failure).toBe('stalled');
    await worker.until(() => worker.of('segmentOpened').length === 2, 'a second segment');
    const [first, second] = worker.of('segmentOpened');
    expect(second!.startMs).toBeGreaterThan(atMs + 3_500);
    expect(second!.runId).toBe(first!.runId);
    await expectSoundFootage();
  });

  it('follows the camera to another resolution', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording();
    await camera.switchClip(clipParameters({ gopFrames: 15, width: 320, height: 180 }));
    await worker.message('segmentOpened', ({ width }) => width === 320);
    await camera.switchClip(clip);
    await expectSoundFootage();
  });

  it('closes everything when the engine is gone', async () => {
    worker.addCamera([{ url: simulator.url('yard') }], { segmentMs: 3_600_000 });
    await recording();
    worker.disconnect();
    await worker.closed;
    expect(worker.of('segmentClosed')).toHaveLength(1);
    await worker.until(() => camera.stats.connectedClients === 0, 'no client', 5_000);
  });
});
