import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { SpaceReserve } from './space-reserve.ts';

const MIB = 2 ** 20;

let dataDir: string;
let freeBytes: number;
let lines: string[];
let reserve: SpaceReserve;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atalaya-reserve-'));
  freeBytes = 100 * MIB;
  lines = [];
  const measureVolume = () => Promise.resolve({ totalBytes: 500 * MIB, freeBytes });
  reserve = new SpaceReserve({ dataDir, measureVolume, log: createLog('info', (line) => lines.push(line)) });
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('keeps space once, and gives it up when the volume is full', async () => {
  await reserve.restore();
  await reserve.restore();
  const { size, blocks } = await stat(join(dataDir, 'reserve'));
  expect(size).toBe(10 * MIB);
  expect(blocks * 512).toBeGreaterThanOrEqual(size);
  await reserve.releaseWhenFull();
  expect(await readdir(dataDir)).toEqual(['reserve']);

  freeBytes = 0;
  await reserve.releaseWhenFull();
  await reserve.releaseWhenFull();
  expect(await readdir(dataDir)).toEqual([]);
  expect(lines).toHaveLength(1);
});

test('does not take the last space for itself', async () => {
  freeBytes = 30 * MIB;
  await reserve.restore();
  expect(await readdir(dataDir)).toEqual([]);
});

test('goes without when the folder cannot be written to', async () => {
  await rm(dataDir, { recursive: true });
  await reserve.restore();
  expect(lines).toHaveLength(1);
});
