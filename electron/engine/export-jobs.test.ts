import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ExportJob, ExportRequest } from '../contract/exports.ts';
import { countPictures, decodeErrors, h265 } from '../mp4/test-media.ts';
import { ExportManager } from './export-jobs.ts';
import type { VolumeSpace } from './free-space.ts';
import { Library } from './library.ts';
import { SegmentsInUse } from './segments-in-use.ts';
import { checkedArchiveNames } from './test-archive.ts';
import { makeTestClip, TestRecordings, TestSegment } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';

const START_MS = Date.UTC(2026, 2, 4, 10);

let clip: TestClip;
let recordings: TestRecordings;
let exports: ExportManager;
let inUse: SegmentsInUse;
let volume: VolumeSpace;
let gate: string;
let yard: string;

beforeAll(async () => {
  clip = await makeTestClip();
});

beforeEach(async () => {
  recordings = await TestRecordings.create(clip, START_MS);
  gate = recordings.addCamera('Gate: north/left');
  yard = recordings.addCamera('Yard');
  await recordings.index.start();
  inUse = new SegmentsInUse();
  volume = { totalBytes: 1e12, freeBytes: 1e11 };
  exports = createManager();
  await exports.start();
});

afterEach(async () => {
  await exports.close();
  await recordings.close();
});

function createManager(): ExportManager {
  return new ExportManager({
    ...recordings,
    library: new Library(recordings),
    exportsDir: join(recordings.folder, 'exports'),
    inUse,
    newId: uuidv7,
    measureVolume: () => Promise.resolve(volume),
  });
}

/** Records segments of 100 frames (4 s) one after the other; the last one stays open. */
async function record(cameraId: string, segments: number): Promise<TestSegment | undefined> {
  let segment: TestSegment | undefined;
  for (let index = 0; index < segments; index++) {
    const before = segment;
    segment = new TestSegment(recordings, cameraId, 'run-1');
    await segment.open();
    await before?.close();
    await segment.grow(100);
  }
  return segment;
}

async function finished(id: string): Promise<ExportJob> {
  for (;;) {
    const job = exports.get(id);
    if (job !== undefined && job.state !== 'queued' && job.state !== 'running') return job;
    await once(exports, 'changed');
  }
}

test('a clip begins at the key frame before the range, ends with it, and plays', async () => {
  await record(gate, 3);
  const range = { fromMs: START_MS + 3500, toMs: START_MS + 8300 };
  const job = await exports.create({ cameraIds: [gate], ...range, format: 'mp4' });
  expect(job).toMatchObject({ state: 'queued', progress: 0, files: [] });
  const done = await finished(job.id);
  expect(done).toMatchObject({ state: 'done', progress: 1, finishedMs: recordings.clock.ms });
  const startMs = START_MS + 3200;
  const name = 'Gate- north-left_2026-03-04_10-00-03Z.mp4';
  expect(done.files).toMatchObject([{ name, cameraId: gate, startMs, durationMs: 5120, gaps: [] }]);
  const file = exports.file(job.id, 0);
  expect(file).toMatchObject({ name, contentType: 'video/mp4', bytes: (await stat(file?.path ?? '')).size });
  expect(await decodeErrors(file?.path ?? '')).toBe('');
  expect(await countPictures(file?.path ?? '')).toBe(5120 / 40);
});

test('gaps are left out of the clip and listed in the job; a growing segment is taken as far as it goes', async () => {
  await (await record(gate, 1))?.close();
  recordings.clock.ms += 10_000;
  await record(gate, 1);
  const { id } = await exports.create({ cameraIds: [gate], fromMs: START_MS, toMs: START_MS + 60_000, format: 'mp4' });
  const [file] = (await finished(id)).files;
  expect(file).toMatchObject({ startMs: START_MS, durationMs: 8000 });
  expect(file?.gaps).toMatchObject([{ startMs: START_MS + 4000, endMs: START_MS + 14_000, cause: 'stream-stalled' }]);
  expect(await countPictures(exports.file(id, 0)?.path ?? '')).toBe(200);
});

test('another clip begins where the codec changes, so that every picture is seen', async () => {
  await (await record(gate, 1))?.close();
  recordings.clock.ms += 3_000;
  const segment = new TestSegment(recordings, gate, 'run-2', 'main', await makeTestClip(h265));
  await segment.open();
  await segment.grow(100);
  await segment.close();
  const toMs = recordings.clock.ms;
  const { id } = await exports.create({ cameraIds: [gate], fromMs: START_MS, toMs, format: 'mp4' });
  const { files } = await finished(id);
  expect(files.map(({ startMs, durationMs, gaps }) => [startMs - START_MS, durationMs, gaps.length])).toEqual([
    [0, 4000, 1],
    [7000, 4000, 0],
  ]);
  for (const [index] of files.entries()) expect(await countPictures(exports.file(id, index)?.path ?? '')).toBe(100);
});

test('two cameras give two clips, or one archive with nothing else in it', async () => {
  await record(gate, 1);
  recordings.clock.ms = START_MS;
  await record(yard, 1);
  const request = { cameraIds: [gate, yard], fromMs: START_MS, toMs: START_MS + 4000 };
  const clips = await exports.create({ ...request, format: 'mp4' });
  const archive = await exports.create({ ...request, format: 'zip' });
  const names = (await finished(clips.id)).files.map((file) => file.name);
  expect(names).toEqual(['Gate- north-left_2026-03-04_10-00-00Z.mp4', 'Yard_2026-03-04_10-00-00Z.mp4']);
  const packed = await finished(archive.id);
  expect(packed.files).toMatchObject([
    { name: 'Atalaya_2026-03-04_10-00-00Z.zip', startMs: START_MS, durationMs: 4000 },
  ]);
  expect(packed.files[0]).not.toHaveProperty('cameraId');
  const file = exports.file(archive.id, 0);
  expect(file?.contentType).toBe('application/zip');
  expect(await readdir(join(recordings.folder, 'exports', archive.id))).toEqual([file?.name]);
  expect(await checkedArchiveNames(file?.path ?? '')).toEqual(names);
});

test('refuses what cannot be exported, and changes nothing', async () => {
  await record(gate, 1);
  const range = { fromMs: START_MS, toMs: START_MS + 4000, format: 'mp4' } as const;
  const unknown = exports.create({ ...range, cameraIds: [uuidv7()] });
  await expect(unknown).rejects.toMatchObject({ kind: 'not-found' });
  const empty = exports.create({ ...range, cameraIds: [gate], fromMs: START_MS - 9000, toMs: START_MS });
  await expect(empty).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringMatching(/Nothing is recorded/),
  });
  volume = { totalBytes: 1e12, freeBytes: 2e8 };
  const tooLarge = exports.create({ ...range, cameraIds: [gate] });
  await expect(tooLarge).rejects.toMatchObject({ kind: 'insufficient-space' });
  expect(exports.list()).toEqual([]);
});

test('a job can be cancelled while it waits and while it runs, and deleted afterwards', async () => {
  await record(gate, 3);
  const request: ExportRequest = { cameraIds: [gate], fromMs: START_MS, toMs: START_MS + 12_000, format: 'mp4' };
  const running = await exports.create(request);
  const waiting = await exports.create(request);
  expect(isFirstSegmentHeld()).toBe(true);
  expect(await exports.remove(waiting.id)).toBe(true);
  expect(await exports.remove(running.id)).toBe(true);
  expect((await finished(running.id)).state).toBe('cancelled');
  expect((await finished(waiting.id)).state).toBe('cancelled');
  expect(exports.file(running.id, 0)).toBeUndefined();
  expect(existsSync(join(recordings.folder, 'exports', running.id))).toBe(false);
  for (const { id } of [running, waiting]) expect(await exports.remove(id)).toBe(true);
  expect(exports.list()).toEqual([]);
  expect(await exports.remove(running.id)).toBe(false);
});

function isFirstSegmentHeld(): boolean {
  const [segment] = new Library(recordings).segments(gate, 'main', START_MS, START_MS + 1);
  return inUse.has(segment?.id ?? '');
}

test('deleting a finished job deletes its files; retention is free again', async () => {
  await record(gate, 1);
  const { id } = await exports.create({ cameraIds: [gate], fromMs: START_MS, toMs: START_MS + 4000, format: 'mp4' });
  await finished(id);
  const path = exports.file(id, 0)?.path ?? '';
  await expect.poll(isFirstSegmentHeld).toBe(false);
  expect(existsSync(path)).toBe(true);
  const removed = once(exports, 'removed');
  await exports.remove(id);
  expect(await removed).toEqual([id]);
  expect(existsSync(path)).toBe(false);
});

test('done jobs survive a restart; interrupted ones have failed with a sentence', async () => {
  await record(gate, 1);
  const request: ExportRequest = { cameraIds: [gate], fromMs: START_MS, toMs: START_MS + 4000, format: 'mp4' };
  const done = await exports.create(request);
  await finished(done.id);
  const interrupted = await exports.create(request);
  const waiting = await exports.create(request);
  await exports.close();
  exports = createManager();
  await exports.start();
  expect(exports.list().map((job) => [job.id, job.state])).toEqual([
    [done.id, 'done'],
    [interrupted.id, 'failed'],
    [waiting.id, 'failed'],
  ]);
  expect(exports.get(waiting.id)).toMatchObject({ failure: 'stopped', error: expect.stringMatching(/stopped before/) });
  expect(existsSync(exports.file(done.id, 0)?.path ?? '')).toBe(true);
});

test('footage that vanished fails the job with a sentence', async () => {
  const segment = await record(gate, 1);
  await rm(segment?.path ?? '');
  const { id } = await exports.create({ cameraIds: [gate], fromMs: START_MS, toMs: START_MS + 4000, format: 'mp4' });
  expect(await finished(id)).toMatchObject({
    ...{ state: 'failed', failure: 'deleted' },
    error: expect.stringMatching(/deleted meanwhile/),
  });
  expect(await readdir(join(recordings.folder, 'exports'))).toEqual([]);
});
