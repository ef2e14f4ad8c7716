import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../store/coverage-rollups.ts';
import { insertSegment } from '../store/segment-queries.ts';
import { Library } from './library.ts';
import { makeTestClip, TestRecordings, TestSegment } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';
import { planTimeline } from './timeline-buckets.ts';

const START_MS = Date.UTC(2026, 2, 4, 10);

let clip: TestClip;
let recordings: TestRecordings;
let library: Library;
let cameraId: string;

beforeAll(async () => {
  clip = await makeTestClip();
});

beforeEach(async () => {
  recordings = await TestRecordings.create(clip, START_MS);
  cameraId = recordings.addCamera();
  await recordings.index.start();
  recordings.index.cameraCause(cameraId, 'camera-offline', 'connecting', START_MS);
  library = new Library(recordings);
});

afterEach(() => recordings.close());

async function record(frames: number, runId = 'run-1'): Promise<TestSegment> {
  const segment = new TestSegment(recordings, cameraId, runId);
  await segment.open();
  await segment.grow(frames);
  return segment;
}

test('a growing segment is playable up to its last whole fragment', async () => {
  const segment = await record(25);
  await segment.grow(10, 30);
  const [playable] = library.segments(cameraId, 'main', START_MS, START_MS + DAY_MS);
  expect(playable).toMatchObject({ startMs: START_MS, endMs: START_MS + 1400, runId: 'run-1', width: 64 });
  expect(playable?.keyFrames).toHaveLength(4);
  const file = library.segmentFile(segment.opened.segmentId);
  expect(file).toMatchObject({ path: segment.path, bytes: playable?.bytes, cameraId, closed: false });
  expect((await readFile(segment.path)).length).toBe((playable?.bytes ?? 0) + 30);
  await segment.close();
  expect(library.segmentFile(segment.opened.segmentId)).toMatchObject({ path: segment.path, closed: true });
  expect(library.segments(cameraId, 'main', START_MS + 1400, START_MS + DAY_MS)).toEqual([]);
});

test('coverage merges what meets, and with the gaps it tiles the range', async () => {
  recordings.clock.ms += 1000;
  await (await record(25)).close();
  await (await record(25)).close();
  recordings.clock.ms += 5000;
  await record(50, 'run-2');
  const { coverage, gaps } = library.recordings(cameraId, START_MS, START_MS + DAY_MS);
  expect(coverage.map(({ startMs, endMs }) => [startMs - START_MS, endMs - START_MS])).toEqual([
    [1000, 3000],
    [8000, 10_000],
  ]);
  expect(gaps.map(({ startMs, endMs, cause }) => [startMs - START_MS, endMs - START_MS, cause])).toEqual([
    [0, 1000, 'camera-offline'],
    [3000, 8000, 'stream-stalled'],
  ]);
  const part = library.recordings(cameraId, START_MS + 2500, START_MS + 4000);
  expect(part.coverage).toEqual([{ startMs: START_MS + 2500, endMs: START_MS + 3000, trigger: 'continuous' }]);
  expect(part.gaps).toMatchObject([{ startMs: START_MS + 3000, endMs: START_MS + 4000 }]);
});

test('the moment between two segments is no gap, unless the next one does not come', async () => {
  await (await record(25)).close();
  const gaps = () => library.gaps(cameraId, START_MS, START_MS + DAY_MS);
  recordings.clock.ms += 900;
  expect(gaps()).toEqual([]);
  recordings.clock.ms += 4500;
  expect(gaps()).toMatchObject([{ startMs: START_MS + 1000, cause: 'stream-stalled' }]);
});

test('a lasting gap ends now', () => {
  recordings.clock.ms += 5000;
  expect(library.gaps(cameraId, START_MS, START_MS + DAY_MS)).toEqual([
    { startMs: START_MS, endMs: START_MS + 5000, cause: 'camera-offline', detail: 'connecting' },
  ]);
});

test('unknown cameras and segments have nothing', () => {
  const other = '0198f0a0-0000-7000-8000-00000000dead';
  expect(library.segments(other, 'main', 0, START_MS)).toEqual([]);
  expect(library.recordings(other, 0, START_MS)).toEqual({ coverage: [], gaps: [] });
  expect(library.segmentFile(other)).toBeUndefined();
});

describe('timeline', () => {
  test('plans by what is fast enough', () => {
    const plan = (cameras: number, lengthMs: number, bucketMs: number) => {
      const { level, bucketMs: got } = planTimeline({ cameras, fromMs: START_MS, toMs: START_MS + lengthMs, bucketMs });
      return [level, got];
    };
    expect(plan(1, DAY_MS, 57_600)).toEqual(['segment', 57_600]);
    expect(plan(16, DAY_MS, 57_600)).toEqual(['minute', MINUTE_MS]);
    expect(plan(16, 30 * DAY_MS, 1000 * 1728)).toEqual(['minute', 29 * MINUTE_MS]);
    expect(plan(64, 30 * DAY_MS, 30 * MINUTE_MS)).toEqual(['hour', HOUR_MS]);
    expect(plan(16, 365 * DAY_MS, 5.8 * HOUR_MS)).toEqual(['hour', 6 * HOUR_MS]);
    expect(plan(16, 365 * DAY_MS, 1.5 * DAY_MS)).toEqual(['hour', 1.5 * DAY_MS]);
  });

  test('every level counts every recorded millisecond, and no bucket holds more than its length', () => {
    const segments = fc.array(fc.record({ gapMs: fc.nat(7_000_000), lengthMs: fc.integer({ min: 1, max: 90_000 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    let nextId = 1;
    fc.assert(
      fc.property(
        segments,
        fc.constantFrom(1, 16, 70),
        fc.integer({ min: 1000, max: DAY_MS }),
        (list, copies, bucket) => {
          recordings.store.run(recordings.store.db.deleteFrom('segments'));
          for (const table of ['coverageDays', 'coverageHours', 'coverageMinutes'] as const) {
            recordings.store.run(recordings.store.db.deleteFrom(table));
          }
          let endMs = START_MS;
          let totalMs = 0;
          recordings.store.transaction(() => {
            for (const { gapMs, lengthMs } of list) {
              const startMs = endMs + gapMs;
              endMs = startMs + lengthMs;
              totalMs += lengthMs;
              insertSegment(recordings.store, {
                id: `0198f0a0-0000-7000-8000-${String(nextId++).padStart(12, '0')}`,
                ...{ cameraKey: 1, stream: 'main', startMs, endMs, fileMs: startMs, bytes: 1, frames: 1 },
                ...{ trigger: 'continuous', runId: 'r', mimeType: 'm', width: 1, height: 1, initBytes: 1 },
                ...{ keyFrames: [], sha256: Buffer.alloc(32) },
              });
            }
          });
          const cameraIds = new Array<string>(copies).fill(cameraId);
          const query = { cameraIds, fromMs: START_MS, toMs: endMs, bucketMs: bucket };
          const { bucketMs, cameras, startMs } = library.timeline(query);
          expect(startMs % bucketMs).toBe(0);
          const coveredMs = cameras[0]?.coveredMs ?? [];
          expect(Math.max(...coveredMs)).toBeLessThanOrEqual(bucketMs);
          expect(coveredMs.reduce((sum, ms) => sum + ms, 0)).toBe(totalMs);
          expect(startMs + coveredMs.length * bucketMs).toBeGreaterThanOrEqual(endMs);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('holds the growing segment, gaps of a bucket or more, and no shorter ones', async () => {
    recordings.clock.ms += 700;
    await record(50);
    const query = { cameraIds: [cameraId], fromMs: START_MS, toMs: START_MS + 4000 };
    const fine = library.timeline({ ...query, bucketMs: 500 });
    expect(fine.cameras[0]).toMatchObject({
      lifeStartMs: START_MS,
      coveredMs: [0, 300, 500, 500, 500, 200, 0, 0],
      gaps: [{ startMs: START_MS, endMs: START_MS + 700, cause: 'camera-offline' }],
      events: [0, 0, 0, 0, 0, 0, 0, 0],
    });
    expect(library.timeline({ ...query, bucketMs: 1000 }).cameras[0]?.gaps).toEqual([]);
  });
});
