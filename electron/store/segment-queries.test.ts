import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cameraFootage, cameraLife, forgetCamera } from './camera-life-queries.ts';
import { insertCamera } from './camera-queries.ts';
import { DAY_MS } from './coverage-rollups.ts';
import { openDatabase } from './database.ts';
import {
  coverageInRange,
  deleteSegment,
  insertSegment,
  moveSegmentEnd,
  oldestSegments,
  segmentById,
  segmentFiles,
  segmentsInRange,
} from './segment-queries.ts';
import type { NewSegment } from './segment-queries.ts';
import type { Store } from './store.ts';

/** 3 s before midnight UTC. */
const START_MS = Date.UTC(2026, 2, 4) - 3000;

let folder: string;
let store: Store;
let cameraKey: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-segments-'));
  store = await openDatabase(join(folder, 'atalaya.db'));
  const camera = insertCamera(store, '0198f0a0-0000-7000-8000-000000000001', START_MS, {
    name: 'Gate',
    enabled: 1,
    url: 'rtsp://gate/1',
    subUrl: null,
    transport: 'tcp',
    recordingMode: 'continuous',
    credentials: null,
  });
  cameraKey = camera.cameraKey;
});

afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

function segment(index: number, change: Partial<NewSegment> = {}): NewSegment {
  const startMs = START_MS + index * 10_000;
  return {
    id: `0198f0a0-0000-7000-8000-${String(index + 100).padStart(12, '0')}`,
    cameraKey,
    stream: 'main',
    startMs,
    endMs: startMs + 10_000,
    fileMs: startMs,
    bytes: 5_000_000,
    frames: 250,
    trigger: 'continuous',
    runId: 'run-1',
    mimeType: 'video/mp4; codecs="avc1.64001f"',
    width: 1920,
    height: 1080,
    initBytes: 800,
    keyFrames: [
      { timeMs: startMs, offsetBytes: 800 },
      { timeMs: startMs + 5000, offsetBytes: 2_500_000 },
    ],
    sha256: Buffer.alloc(32, index),
    ...change,
  };
}

/** Covered ms: of each day, and of all hours and all minutes. */
function rollups(): { days: number[]; hours: number; minutes: number } {
  const { db } = store;
  const days = store.all(db.selectFrom('coverageDays').select('coveredMs').orderBy('day'));
  const hours = store.all(db.selectFrom('coverageHours').select('hours'));
  const minutes = store.all(db.selectFrom('coverageMinutes').select('minutes'));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return {
    days: days.map((day) => day.coveredMs),
    hours: sum(hours.flatMap((row) => [...new Uint32Array(new Uint8Array(row.hours).buffer)])),
    minutes: sum(minutes.flatMap((row) => [...new Uint16Array(new Uint8Array(row.minutes).buffer)])),
  };
}

test('a segment comes back as it was written, with its chain and key frames', () => {
  insertSegment(store, segment(0));
  insertSegment(store, segment(1));
  const [first, second] = segmentsInRange(store, cameraKey, 'main', START_MS, START_MS + DAY_MS);
  const { frames: _frames, sha256: _sha256, ...expected } = segment(1);
  expect(second).toEqual({ ...expected, segmentKey: second?.segmentKey });
  expect(segmentById(store, expected.id)).toEqual(second);
  const hashes = store.all(store.db.selectFrom('segments').select(['sha256', 'previousSha256']).orderBy('startMs'));
  expect(hashes.map((row) => row.previousSha256)).toEqual([null, hashes[0]?.sha256]);
  expect(first?.endMs).toBe(second?.startMs);
});

test('a range takes the segments that touch it, half open', () => {
  for (const index of [0, 1, 2]) insertSegment(store, segment(index));
  const starts = (fromMs: number, toMs: number) =>
    coverageInRange(store, cameraKey, START_MS + fromMs, START_MS + toMs).map((row) => row.startMs - START_MS);
  expect(starts(9_999, 10_000)).toEqual([0]);
  expect(starts(10_000, 10_001)).toEqual([10_000]);
  expect(starts(5_000, 25_000)).toEqual([0, 10_000, 20_000]);
  expect(starts(30_000, 40_000)).toEqual([]);
  expect(starts(-5_000, 0)).toEqual([]);
});

test('rollups follow insertion, a moved end and deletion, across midnight', () => {
  const key = insertSegment(store, segment(0));
  expect(rollups()).toEqual({ days: [3000, 7000], hours: 10_000, minutes: 10_000 });
  moveSegmentEnd(store, key, START_MS + 2500);
  expect(rollups()).toEqual({ days: [2500], hours: 2500, minutes: 2500 });
  moveSegmentEnd(store, key, START_MS + 4000);
  expect(rollups()).toEqual({ days: [3000, 1000], hours: 4000, minutes: 4000 });
  expect(cameraFootage(store, cameraKey)).toEqual({
    segments: 1,
    bytes: 5_000_000,
    fromMs: START_MS,
    toMs: START_MS + 4000,
  });
  deleteSegment(store, key);
  expect(rollups()).toEqual({ days: [], hours: 0, minutes: 0 });
  expect(cameraFootage(store, cameraKey)).toEqual({ segments: 0, bytes: 0 });
});

test('the sub-stream counts as bytes, not as coverage', () => {
  insertSegment(store, segment(0, { stream: 'sub' }));
  expect(coverageInRange(store, cameraKey, START_MS, START_MS + DAY_MS)).toEqual([]);
  expect(cameraFootage(store, cameraKey)).toMatchObject({ segments: 1, bytes: 5_000_000 });
});

test('files are found by the time in their name', () => {
  insertSegment(store, segment(0));
  insertSegment(store, segment(1, { fileMs: START_MS - 5 * DAY_MS }));
  const day = Math.floor(START_MS / DAY_MS) * DAY_MS;
  expect(segmentFiles(store, cameraKey, day, day + DAY_MS).map((file) => file.fileMs)).toEqual([START_MS]);
  const other = day - 5 * DAY_MS;
  expect(segmentFiles(store, cameraKey, other, other + DAY_MS)).toMatchObject([{ startMs: START_MS + 10_000 }]);
});

test('the oldest segments come first and locked ones not at all', () => {
  const keys = [2, 0, 1].map((index) => insertSegment(store, segment(index)));
  store.run(
    store.db
      .updateTable('segments')
      .set({ locked: 1 })
      .where('segmentKey', '=', keys[1] ?? 0),
  );
  expect(oldestSegments(store, cameraKey, 5).map((row) => row.segmentKey)).toEqual([keys[2], keys[0]]);
});

test('a camera without segments can be forgotten', () => {
  const key = insertSegment(store, segment(0));
  expect(() => forgetCamera(store, cameraKey)).toThrow(/FOREIGN KEY/);
  deleteSegment(store, key);
  forgetCamera(store, cameraKey);
  expect(cameraLife(store, '0198f0a0-0000-7000-8000-000000000001')).toBeUndefined();
});

test('a camera-day of 1440 segments with a 2 s GOP stays within 0.7 MB', () => {
  store.transaction(() => {
    for (let index = 0; index < 1440; index++) {
      const startMs = START_MS + index * 60_000;
      const keyFrames = Array.from({ length: 30 }, (_, gop) => ({
        timeMs: startMs + gop * 2000,
        offsetBytes: 800 + gop * 1_000_123,
      }));
      const times = { startMs, endMs: startMs + 60_000, fileMs: startMs };
      insertSegment(store, segment(index, { ...times, keyFrames, bytes: 30_000_000 }));
    }
  });
  expect(store.sizeBytes()).toBeLessThan(700_000);
});
