import { beforeEach, describe, expect, it, vi, afterEach } from 'vitest';
import { ProbeError } from '../contract/refused-error.ts';
import type { CameraAssignment, EngineToWorker, WorkerToEngine } from '../contract/worker-protocol.ts';
import { createLog } from './log.ts';
import { FakeLauncher, type FakeProcess } from './testing/fake-launcher.ts';
import { WorkerPool } from './worker-pool.ts';

const camera = (cameraId: string): CameraAssignment => ({ cameraId, streams: [], segmentMs: 60_000, cutOffsetMs: 0 });

let launcher: FakeLauncher;
let lost: string[][];
let heard: WorkerToEngine[];
let pool: WorkerPool;
beforeEach(() => {
  launcher = new FakeLauncher();
  launcher.exitsOnClose = true;
  lost = [];
  heard = [];
  pool = new WorkerPool({
    launcher,
    entry: '/worker.js',
    recordingsDir: '/recordings',
    logLevel: 'info',
    clock: { nowMs: () => 5 },
    log: createLog('silent', () => {}),
    onMessage: (message) => heard.push(message),
    onWorkerLost: (ids) => lost.push(ids),
  });
  pool.start('/usr/bin/ffmpeg');
});
afterEach(async () => {
  await pool.close(0);
  vi.useRealTimers();
});

const types = (process: FakeProcess): string[] => process.sent.map((message) => (message as EngineToWorker).type);
const requestOf = (process: FakeProcess): string => (process.sent.at(-1) as { requestId: string }).requestId;
const never = new AbortController().signal;

describe('WorkerPool', () => {
  it('puts eight cameras on a worker, and a new one where there is room', () => {
    for (let index = 0; index < 17; index++) pool.setCamera(camera(`c${index}`));
    expect(launcher.processes).toHaveLength(3);
    const counts = launcher.processes.map((process) => types(process).filter((type) => type === 'setCamera').length);
    expect(counts).toEqual([8, 8, 1]);
    pool.removeCamera('c0');
    pool.setCamera(camera('new'));
    expect(types(launcher.processes[2]!).filter((type) => type === 'setCamera')).toHaveLength(2);
  });

  it('takes a camera back to the worker that may still be closing its segments', () => {
    for (let index = 0; index < 9; index++) pool.setCamera(camera(`c${index}`));
    pool.removeCamera('c0');
    pool.setCamera(camera('c0'));
    expect(types(launcher.processes[0]!).slice(-2)).toEqual(['removeCamera', 'setCamera']);
  });

  it('tells of a lost worker also for a camera that it was still closing', () => {
    vi.useFakeTimers();
    pool.setCamera(camera('a'));
    pool.setCamera(camera('b'));
    pool.removeCamera('a');
    launcher.last.listener.onExit({ code: null, signal: 'SIGSEGV' });
    expect(lost).toEqual([['b', 'a']]);
  });

  it('changes a camera where it runs', () => {
    pool.setCamera(camera('a'));
    pool.setCamera({ ...camera('a'), segmentMs: 1 });
    expect(launcher.processes).toHaveLength(1);
    expect(types(launcher.last)).toEqual(['start', 'setCamera', 'setCamera']);
  });

  it('gives a new worker the cameras and the viewers of the one that died', () => {
    vi.useFakeTimers();
    pool.setCamera(camera('a'));
    pool.setCamera(camera('b'));
    pool.watch('a', 'sub', true);
    pool.watch('b', 'main', true);
    pool.watch('b', 'main', false);
    launcher.last.listener.onExit({ code: null, signal: 'SIGSEGV' });
    expect(lost).toEqual([['a', 'b']]);
    pool.removeCamera('b');
    vi.advanceTimersByTime(1_000);
    expect(launcher.processes).toHaveLength(2);
    expect(launcher.last.sent).toEqual([
      { type: 'start', ffmpegPath: '/usr/bin/ffmpeg', recordingsDir: '/recordings', logLevel: 'info' },
      { type: 'setCamera', camera: camera('a') },
      { type: 'watch', cameraId: 'a', stream: 'sub', watching: true },
    ]);
  });

  it('tells a worker of viewers who came before their camera', () => {
    pool.watch('a', 'sub', true);
    pool.watch('other', 'main', true);
    pool.setCamera(camera('a'));
    pool.setCamera({ ...camera('a'), segmentMs: 1 });
    const watch = { type: 'watch', cameraId: 'a', stream: 'sub', watching: true };
    expect(types(launcher.last)).toEqual(['start', 'setCamera', 'watch', 'setCamera']);
    expect(launcher.last.sent[2]).toEqual(watch);
    // Disabled and enabled again, it may come to another worker.
    pool.removeCamera('a');
    pool.setCamera(camera('a'));
    expect(launcher.last.sent.at(-1)).toEqual(watch);
  });

  it('probes without any camera, and tells the answers apart', async () => {
    const [good, bad] = [pool.probe('rtsp://a', 'tcp', never), pool.probe('rtsp://b', 'tcp', never)];
    const worker = launcher.last;
    expect(launcher.processes).toHaveLength(1);
    const ids = worker.sent.slice(1).map((message) => (message as { requestId: string }).requestId);
    const result = { video: { codec: 'avc1', width: 1, height: 1, fps: 0, bitrateBps: 0 } };
    worker.listener.onMessage({ type: 'probeFailed', requestId: ids[1], failure: 'auth-failed', message: 'no' });
    worker.listener.onMessage({ type: 'probeResult', requestId: ids[0], result });
    expect(await good).toEqual(result);
    await expect(bad).rejects.toThrow(new ProbeError('auth-failed', 'no'));
    expect(heard).toEqual([]);
  });

  it('ends a probe when nobody waits any more, when it lasts too long, and when the worker dies', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const aborted = pool.probe('rtsp://a', 'tcp', controller.signal);
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    await expect(pool.probe('rtsp://a', 'tcp', AbortSignal.abort(new Error('before')))).rejects.toThrow('before');

    const late = pool.probe('rtsp://a', 'tcp', never);
    vi.advanceTimersByTime(25_000);
    await expect(late).rejects.toMatchObject({ failure: 'timeout' });

    const orphan = pool.probe('rtsp://a', 'tcp', never);
    launcher.last.listener.onExit({ code: 1, signal: null });
    await expect(orphan).rejects.toMatchObject({ failure: 'timeout' });
  });

  it('has no snapshot of a camera that nobody runs, nor of one without a picture', async () => {
    expect(await pool.snapshot('a', 'main')).toBeUndefined();
    pool.setCamera(camera('a'));
    const [empty, full] = [pool.snapshot('a', 'main'), pool.snapshot('a', 'main')];
    const [first, second] = launcher.last.sent.slice(-2).map((message) => (message as { requestId: string }).requestId);
    launcher.last.listener.onMessage({ type: 'snapshotResult', requestId: second, jpeg: Buffer.of(1) });
    launcher.last.listener.onMessage({ type: 'snapshotResult', requestId: first, error: 'nothing yet' });
    expect(await empty).toBeUndefined();
    expect(await full).toEqual(Buffer.of(1));
    expect(requestOf(launcher.last)).toBe(second);
  });
});
