import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineToWorker, WorkerToEngine } from '../contract/worker-protocol.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { FFMPEG, startSimulator } from './testing/camera-harness.ts';

const ENTRY = fileURLToPath(new URL('../worker.ts', import.meta.url));

let simulator: CameraSimulator;
let child: ChildProcess;
let recordingsDir: string;
let messages: WorkerToEngine[];

beforeAll(async () => {
  const clip = clipParameters({ gopFrames: 15 });
  simulator = await startSimulator(['a', 'b'].map((path) => ({ path, clip })));
}, 120_000);
afterAll(() => simulator.close());

beforeEach(async () => {
  recordingsDir = await mkdtemp(join(tmpdir(), 'atalaya-worker-'));
  messages = [];
  child = fork(ENTRY, [], { serialization: 'advanced', execArgv: [] });
  child.on('message', (message) => messages.push(message as WorkerToEngine));
  tell({ type: 'start', ffmpegPath: FFMPEG, recordingsDir, logLevel: 'info' });
  for (const path of ['a', 'b']) {
    const streams = [{ stream: 'main', url: simulator.url(path), transport: 'tcp', record: true } as const];
    tell({ type: 'setCamera', camera: { cameraId: uuidv7(), streams, segmentMs: 60_000, cutOffsetMs: 0 } });
  }
  await until(() => messages.filter(({ type }) => type === 'segmentProgress').length >= 2);
}, 30_000);
afterEach(async () => {
  child.kill('SIGKILL');
  await rm(recordingsDir, { recursive: true, force: true });
});

function tell(message: EngineToWorker): void {
  child.send(message);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await once(child, 'message');
}

describe('the worker process', { timeout: 30_000 }, () => {
  it.each(['close', 'SIGTERM', 'disconnect'] as const)('closes its segments and exits: %s', async (how) => {
    const exited = once(child, 'exit');
    const startedMs = performance.now();
    if (how === 'close') tell({ type: 'close' });
    else if (how === 'SIGTERM') child.kill('SIGTERM');
    else child.disconnect();
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    if (how !== 'disconnect') {
      const count = (wanted: string): number => messages.filter(({ type }) => type === wanted).length;
      expect(count('segmentClosed')).toBeGreaterThanOrEqual(2);
      expect(count('segmentClosed')).toBe(count('segmentOpened'));
      expect(messages.at(-1)).toMatchObject({ type: 'recordingStopped', failure: 'closing' });
    }
    await expect.poll(() => simulator.stats.connectedClients, { timeout: 5_000 }).toBe(0);
  });

  it('takes its FFmpeg children with it when it is killed', async () => {
    child.kill('SIGKILL');
    await expect.poll(() => simulator.stats.connectedClients, { timeout: 10_000 }).toBe(0);
  });

  it('answers pings', async () => {
    tell({ type: 'ping', sentMs: 5 });
    await until(() => messages.some(({ type }) => type === 'pong'));
    expect(messages.find(({ type }) => type === 'pong')).toMatchObject({ sentMs: 5 });
  });
});
