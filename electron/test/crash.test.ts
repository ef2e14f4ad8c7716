import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { readSeiCounters } from '../simulator/sei-counter.ts';
import { startCameras, TestEngine, TestFolder, waitFor } from './harness.ts';
import { decode, findUntiled, frameNumbers, recordedFiles } from './media.ts';

const NAMES = ['one', 'two', 'three', 'four'];
const FPS = 15;

let folder: TestFolder;
let simulator: CameraSimulator;
let engine: TestEngine;
let cameras: Camera[];

beforeAll(async () => {
  folder = await TestFolder.create();
  simulator = await startCameras(NAMES.map((path) => ({ path, clip: clipParameters({ fps: FPS }), sei: true })));
  engine = await TestEngine.start(folder);
  cameras = [];
  for (const name of NAMES) cameras.push(await engine.api.addCamera({ name, source: { url: simulator.url(name) } }));
  await allRecordPast(Date.now() + 4_000);
});
afterAll(async () => {
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

const allRecordPast = (timeMs: number) =>
  waitFor('footage of all cameras', async () => {
    const all = await Promise.all(cameras.map((camera) => engine.api.recordings(camera)));
    return all.every(({ coverage }) => (coverage.at(-1)?.endMs ?? 0) > timeMs);
  });

/** Processes of the engine, by what they run. */
async function childrenOf(pid: number): Promise<{ pid: number; command: string }[]> {
  const found = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(/^PPid:\t(\d+)$/m.exec(await readFile(`/proc/${name}/status`, 'utf8'))?.[1]);
      const command = (await readFile(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      if (parent === pid) found.push({ pid: Number(name), command });
    } catch {
      // The process ended while it was being looked at.
    }
  }
  return found;
}

const filesOf = async ({ id }: Camera) =>
  (await recordedFiles(folder.recordingsDir)).filter((file) => file.includes(id));

describe.skipIf(process.platform !== 'linux')('a crash', () => {
  it('of the engine loses at most a second of each camera, and no file', async () => {
    const workers = await childrenOf(engine.pid);
    const killedMs = Date.now();
    await engine.end('SIGKILL');
    await waitFor('the end of its workers', () => allEnded(workers));
    engine = await TestEngine.start(folder);
    for (const camera of cameras) {
      const files = await filesOf(camera);
      const frames = (await Promise.all(files.map((file) => readFile(file)))).flatMap((bytes) =>
        readSeiCounters(bytes),
      );
      const lastBefore = frames.filter(({ sentMs }) => sentMs <= killedMs).at(-1);
      expect(killedMs - lastBefore!.sentMs).toBeLessThanOrEqual(1_000);
      const { coverage, gaps } = await engine.api.recordings(camera);
      expect(findUntiled({ coverage, gaps }, camera.createdMs)).toEqual([]);
      expect(coverage[0]!.endMs).toBeGreaterThan(killedMs - 1_500);
      expect(gaps.map(({ cause }) => cause)).toContain('app-crashed');
    }
    await allRecordPast(Date.now());
  });

  it('of a worker interrupts its cameras for seconds, and leaves what they recorded', async () => {
    const [worker] = (await childrenOf(engine.pid)).filter(({ command }) => command.includes('worker'));
    const ffmpegs = await childrenOf(worker!.pid);
    expect(ffmpegs).toHaveLength(NAMES.length);
    const killedMs = Date.now();
    process.kill(worker!.pid, 'SIGKILL');
    await waitFor('the end of its FFmpeg processes', () => allEnded(ffmpegs));
    await waitFor('the news', async () => (await engine.api.cameras()).every(({ status }) => !status.recording));
    await allRecordPast(killedMs + 2_000);
    for (const camera of cameras) {
      const recordings = await engine.api.recordings(camera);
      expect(findUntiled(recordings, camera.createdMs)).toEqual([]);
      const gap = recordings.gaps.find(({ startMs, endMs }) => startMs <= killedMs + 1_000 && endMs > killedMs);
      expect(gap?.cause).toBe('app-crashed');
      // A second that was not written yet, and the way of a frame to the worker.
      expect(gap!.startMs).toBeGreaterThan(killedMs - 1_500);
      expect((await engine.api.camera(camera.id)).status.lastError).toBeUndefined();
    }
    expect((await childrenOf(engine.pid)).filter(({ command }) => command.includes('worker'))).toHaveLength(1);
    expect(simulator.stats.connectedClients).toBe(NAMES.length);
    expect(await engine.api.bytes('/metrics').then(String)).toContain('atalaya_workers_lost_total 1');
  });

  it('leaves files that all play, without a missing frame inside', async () => {
    expect(await engine.end('SIGTERM')).toMatchObject({ code: 0 });
    for (const file of await recordedFiles(folder.recordingsDir)) {
      expect((await decode(file)).frames).toBeGreaterThan(0);
      const numbers = await frameNumbers([file]);
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    }
  });
});

async function allEnded(processes: readonly { pid: number }[]): Promise<boolean> {
  const alive = await Promise.all(processes.map(({ pid }) => isAlive(pid)));
  return alive.every((lives) => !lives);
}

/** A zombie is dead: it only waits to be reaped. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    return !/^State:\tZ/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // No such process.
    return false;
  }
}
