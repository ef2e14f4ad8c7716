import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordingPath } from '../contract/recording-path.ts';
import { DAY_MS } from '../store/coverage-rollups.ts';
import { gapsInRange } from '../store/gap-queries.ts';
import { segmentsInRange } from '../store/segment-queries.ts';
import { GapLedger } from './gap-ledger.ts';
import { Reconcile } from './reconcile.ts';
import { makeTestClip, TestRecordings, TestSegment } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';

const START_MS = Date.UTC(2026, 2, 4, 10);

let clip: TestClip;
let recordings: TestRecordings;
let reconcile: Reconcile;
let cameraId: string;

beforeAll(async () => {
  clip = await makeTestClip();
});

beforeEach(async () => {
  recordings = await TestRecordings.create(clip, START_MS);
  cameraId = recordings.addCamera();
  await recordings.index.start();
  const ledger = new GapLedger(recordings.store);
  reconcile = new Reconcile({ ...recordings, ledger, newId: uuidv7, settleMs: 1 });
});

afterEach(async () => {
  await reconcile.close();
  await recordings.close();
});

async function recordAndClose(): Promise<TestSegment> {
  const segment = new TestSegment(recordings, cameraId, 'run-1');
  await segment.open();
  await segment.grow(50);
  await segment.close();
  return segment;
}

/** A file as a recorder left it, of which no one was told. */
async function writeOrphan(startMs: number, bytes: Uint8Array = clip.bytes): Promise<string> {
  const path = join(recordings.recordingsDir, recordingPath({ cameraId, stream: 'main', startMs }));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

async function checkInBackground(isGrowing = () => false): Promise<void> {
  reconcile.start(recordings.clock.ms + 1, isGrowing);
  await reconcile.finished();
}

function stored(): number[][] {
  const rows = segmentsInRange(recordings.store, 1, 'main', 0, Infinity);
  return rows.map((row) => [row.startMs - START_MS, row.endMs - START_MS]);
}

function gaps(): unknown[][] {
  return gapsInRange(recordings.store, 1, 0, Infinity).map((gap) => [
    gap.startMs - START_MS,
    gap.endMs === null ? 'now' : gap.endMs - START_MS,
    gap.cause,
  ]);
}

test('an orphan of any day is indexed, once, and the gap gives way', async () => {
  recordings.clock.ms += 10 * DAY_MS;
  await writeOrphan(START_MS + 3 * DAY_MS);
  await checkInBackground();
  await checkInBackground();
  expect(stored()).toEqual([[3 * DAY_MS, 3 * DAY_MS + 4000]]);
  expect(gaps()).toEqual([
    [0, 3 * DAY_MS, 'app-stopped'],
    [3 * DAY_MS + 4000, 'now', 'app-stopped'],
  ]);
});

test('an orphan that overlaps what is recorded is filed in the free place behind it', async () => {
  await recordAndClose();
  await recordAndClose();
  await writeOrphan(START_MS + 500);
  await checkInBackground();
  expect(stored()).toEqual([
    [0, 2000],
    [2000, 4000],
    [4000, 8000],
  ]);
});

test('at start, a file which the last run’s worker still writes is indexed when it is complete', async () => {
  recordings.clock.ms = Date.now();
  const startMs = recordings.clock.ms - 4000;
  const path = await writeOrphan(startMs, clip.bytes.subarray(0, clip.offsets[50]));
  const clock = { nowMs: () => Date.now() };
  const starting = new Reconcile({ ...recordings, clock, ledger: new GapLedger(recordings.store), newId: uuidv7 });
  const recovered = starting.recoverRecent(startMs);
  await writeFile(path, clip.bytes);
  await recovered;
  const [row] = segmentsInRange(recordings.store, 1, 'main', 0, Infinity);
  expect((row?.endMs ?? 0) - (row?.startMs ?? 0)).toBe(4000);
  expect(row?.bytes).toBe(clip.bytes.length);
});

test('a growing file is left alone', async () => {
  await writeOrphan(START_MS);
  await checkInBackground(() => true);
  expect(stored()).toEqual([]);
});

test('a file without a picture becomes garbage; a stray file stays', async () => {
  await writeOrphan(START_MS, clip.bytes.subarray(0, clip.initBytes));
  const notes = join(recordings.recordingsDir, cameraId, '2026/03/04/notes.txt');
  await writeFile(notes, 'mine');
  await checkInBackground();
  const paths = recordings.store.all(recordings.store.db.selectFrom('garbage').select('path'));
  expect(paths).toEqual([{ path: recordingPath({ cameraId, stream: 'main', startMs: START_MS }) }]);
});

test('a row whose file is gone becomes a gap', async () => {
  await recordAndClose();
  const lost = await recordAndClose();
  await recordAndClose();
  await rm(lost.path);
  await checkInBackground();
  expect(stored()).toEqual([
    [0, 2000],
    [4000, 6000],
  ]);
  expect(gaps()).toEqual([
    [2000, 4000, 'disk-error'],
    [6000, 'now', 'stream-stalled'],
  ]);
});

test('a recordings folder that is not mounted costs no row', async () => {
  await recordAndClose();
  await rename(recordings.recordingsDir, `${recordings.recordingsDir}-elsewhere`);
  await checkInBackground();
  expect(stored()).toEqual([[0, 2000]]);
  expect(recordings.logLines.join('\n')).toMatch(/is its disk mounted/);
});
