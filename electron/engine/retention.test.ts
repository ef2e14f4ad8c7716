import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { cameraLives } from '../store/camera-life-queries.ts';
import { DAY_MS } from '../store/coverage-rollups.ts';
import { gapsInRange } from '../store/gap-queries.ts';
import { insertGarbage } from '../store/garbage-queries.ts';
import { writeSetting } from '../store/setting-queries.ts';
import { keepFreeBytes, measureVolume } from './free-space.ts';
import { Library } from './library.ts';
import { KEEP_FREE_SETTING, Retention } from './retention.ts';
import { SegmentsInUse } from './segments-in-use.ts';
import { SpaceReserve } from './space-reserve.ts';
import { makeTestClip, TestRecordings, TestSegment } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';

const START_MS = Date.UTC(2026, 2, 4, 10);
const VOLUME_BYTES = 10_000_000;

let clip: TestClip;
let recordings: TestRecordings;
let retention: Retention;
let inUse: SegmentsInUse;
let cameras: string[];

beforeAll(async () => {
  clip = await makeTestClip();
});

beforeEach(async () => {
  recordings = await TestRecordings.create(clip, START_MS);
  cameras = [recordings.addCamera('Gate'), recordings.addCamera('Yard')];
  await recordings.index.start();
  inUse = new SegmentsInUse();
  const reserve = new SpaceReserve({ ...recordings, dataDir: recordings.folder, measureVolume: measureTestVolume });
  retention = new Retention({ ...recordings, inUse, measureVolume: measureTestVolume, reserve });
});

afterEach(async () => {
  await retention.close();
  await recordings.close();
});

/** A small volume which holds nothing but the recordings. */
async function measureTestVolume(): Promise<{ totalBytes: number; freeBytes: number }> {
  return { totalBytes: VOLUME_BYTES, freeBytes: VOLUME_BYTES - (await diskBytes(recordings.recordingsDir)) };
}

async function diskBytes(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** Both cameras record a segment of 2 s. */
async function recordBoth(): Promise<TestSegment[]> {
  const segments = cameras.map((id) => new TestSegment(recordings, id, 'run-1'));
  for (const segment of segments) await segment.open();
  await segments[0]?.grow(50);
  recordings.clock.ms -= 2000;
  await segments[1]?.grow(50);
  for (const segment of segments) await segment.close();
  return segments;
}

function keepFree(bytes: number): void {
  writeSetting(recordings.store, KEEP_FREE_SETTING, bytes);
}

function deletedGaps(cameraKey: number): number[][] {
  return gapsInRange(recordings.store, cameraKey, 0, Infinity)
    .filter((gap) => gap.cause === 'deleted-retention')
    .map((gap) => [gap.startMs - START_MS, (gap.endMs ?? 0) - START_MS]);
}

test('deletes the oldest of all cameras, no more than it takes, and says so in ledger and log', async () => {
  const rounds: TestSegment[][] = [];
  for (let round = 0; round < 5; round++) rounds.push(await recordBoth());
  const segmentBytes = (await stat(rounds[0]?.[0]?.path ?? '')).size;
  keepFree(VOLUME_BYTES - 6 * segmentBytes);
  await retention.check();
  expect(await diskBytes(recordings.recordingsDir)).toBe(6 * segmentBytes);
  expect(rounds.map((round) => round.filter((segment) => existsSync(segment.path)).length)).toEqual([0, 0, 2, 2, 2]);
  expect(deletedGaps(1)).toEqual([[0, 4000]]);
  expect(deletedGaps(2)).toEqual([[0, 4000]]);
  expect(recordings.logLines.filter((line) => line.includes('deleted the oldest footage'))).not.toEqual([]);
  expect(recordings.store.all(recordings.store.db.selectFrom('garbage').selectAll())).toEqual([]);
});

test('deletes no more on a volume that frees space only after a while', async () => {
  const rounds: TestSegment[][] = [];
  for (let round = 0; round < 5; round++) rounds.push(await recordBoth());
  const segmentBytes = (await stat(rounds[0]?.[0]?.path ?? '')).size;
  const before = await measureTestVolume();
  await retention.close();
  const reserve = { releaseWhenFull: () => Promise.resolve(), restore: () => Promise.resolve() };
  retention = new Retention({ ...recordings, inUse, measureVolume: () => Promise.resolve(before), reserve });
  keepFree(before.freeBytes + 3 * segmentBytes);
  await retention.check();
  expect(rounds.flat().filter((segment) => existsSync(segment.path))).toHaveLength(7);
});

test('deletes what is younger than an export of the oldest footage', async () => {
  const rounds: TestSegment[][] = [];
  for (let round = 0; round < 18; round++) rounds.push(await recordBoth());
  const segmentBytes = (await stat(rounds[0]?.[0]?.path ?? '')).size;
  inUse.hold(rounds.slice(0, 17).flatMap((round) => round.map((segment) => segment.opened.segmentId)));
  keepFree((await measureTestVolume()).freeBytes + segmentBytes);
  await retention.check();
  expect(rounds.map((round) => round.filter((segment) => existsSync(segment.path)).length)).toEqual([
    ...new Array<number>(17).fill(2),
    1,
  ]);
});

test('leaves locked segments and those in use, and warns when nothing else is left', async () => {
  const [first, second] = await recordBoth();
  const release = inUse.hold([first?.opened.segmentId ?? '']);
  recordings.store.run(recordings.store.db.updateTable('segments').set({ locked: 1 }).where('cameraKey', '=', 2));
  keepFree(VOLUME_BYTES);
  await retention.check();
  await retention.check();
  expect([first, second].map((segment) => existsSync(segment?.path ?? ''))).toEqual([true, true]);
  expect(recordings.logLines.filter((line) => line.includes('nearly full'))).toHaveLength(1);
  release();
  await retention.check();
  expect([first, second].map((segment) => existsSync(segment?.path ?? ''))).toEqual([false, true]);
});

test('does nothing while there is room', async () => {
  const segments = await recordBoth();
  await retention.check();
  expect(segments.every((segment) => existsSync(segment.path))).toBe(true);
});

test('unlinks garbage that a crash left, and the folders which that empties', async () => {
  const startMs = START_MS - 40 * DAY_MS;
  const folder = `${cameras[0]}/2026/01/23`;
  await mkdir(join(recordings.recordingsDir, folder), { recursive: true });
  const path = `${folder}/${startMs}-main.mp4`;
  await writeFile(join(recordings.recordingsDir, path), 'x');
  insertGarbage(recordings.store, { path, reason: 'test', bytes: 1, createdMs: START_MS });
  await retention.check();
  expect(existsSync(join(recordings.recordingsDir, `${cameras[0]}/2026`))).toBe(false);
  expect(recordings.store.all(recordings.store.db.selectFrom('garbage').selectAll())).toEqual([]);
});

test('a removed camera disappears at once, its footage and rows follow', async () => {
  const [first, second] = await recordBoth();
  const removedId = cameras[0] ?? '';
  recordings.index.cameraRemoved(removedId, recordings.clock.ms);
  const library = new Library(recordings);
  expect(library.segments(removedId, 'main', START_MS, START_MS + DAY_MS)).toEqual([]);
  expect(library.segmentFile(first?.opened.segmentId ?? '')).toBeUndefined();
  await retention.check();
  expect(existsSync(first?.path ?? '')).toBe(false);
  expect(cameraLives(recordings.store)).toHaveLength(2);
  recordings.clock.ms += 6000;
  await retention.check();
  expect(cameraLives(recordings.store).map((life) => life.id)).toEqual([cameras[1]]);
  expect(existsSync(join(recordings.recordingsDir, removedId))).toBe(false);
  expect(existsSync(second?.path ?? '')).toBe(true);
});

test('storage tells use, rate and forecast', async () => {
  for (let round = 0; round < 40; round++) await recordBoth();
  const storage = await retention.storage();
  const bytes = await diskBytes(recordings.recordingsDir);
  expect(storage.volumes).toEqual([
    {
      path: recordings.recordingsDir,
      totalBytes: VOLUME_BYTES,
      freeBytes: VOLUME_BYTES - bytes,
      thresholdBytes: VOLUME_BYTES / 2,
      recordingsBytes: bytes,
    },
  ]);
  expect(storage.cameras.map((camera) => camera.bytes)).toEqual([bytes / 2, bytes / 2]);
  const perDay = ((bytes / 2) * DAY_MS) / 80_000;
  expect(storage.cameras[0]).toMatchObject({ oldestMs: START_MS, bytesPerDay: Math.round(perDay) });
  expect(storage.forecastDays).toBeCloseTo(VOLUME_BYTES / 2 / (2 * perDay), 6);
});

test('what is kept free: the setting, else 5 GiB or 5 %, at most half of what recordings may take', () => {
  const gib = 2 ** 30;
  expect(keepFreeBytes({ totalBytes: 1000 * gib, freeBytes: 500 * gib }, 0, undefined)).toBe(50 * gib);
  expect(keepFreeBytes({ totalBytes: 60 * gib, freeBytes: 30 * gib }, 0, undefined)).toBe(5 * gib);
  expect(keepFreeBytes({ totalBytes: 6 * gib, freeBytes: 2 * gib }, gib, undefined)).toBe(1.5 * gib);
  expect(keepFreeBytes({ totalBytes: 6 * gib, freeBytes: 2 * gib }, gib, gib)).toBe(gib);
  expect(keepFreeBytes({ totalBytes: 600 * gib, freeBytes: 2 * gib }, gib, 0)).toBe(gib / 8);
  expect(keepFreeBytes({ totalBytes: 6 * gib, freeBytes: 2 * gib }, gib, 'x')).toBe(1.5 * gib);
});

test('measures a real volume', async () => {
  const { totalBytes, freeBytes } = await measureVolume(recordings.folder);
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
});
