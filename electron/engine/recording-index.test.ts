import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gapsInRange } from '../store/gap-queries.ts';
import { segmentsInRange } from '../store/segment-queries.ts';
import { makeTestClip, TestRecordings, TestSegment } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';

const START_MS = Date.UTC(2026, 2, 4, 10);

let clip: TestClip;
let recordings: TestRecordings;
let cameraId: string;

beforeAll(async () => {
  clip = await makeTestClip();
});

beforeEach(async () => {
  recordings = await TestRecordings.create(clip, START_MS);
  await recordings.index.start();
  cameraId = recordings.addCamera();
  recordings.index.cameraAdded(cameraId, START_MS);
});

afterEach(() => recordings.close());

/** The camera's life as one line per item, times in seconds since its beginning. */
function life(): string[] {
  const cameraKey = recordings.index.camera(cameraId)?.cameraKey ?? 0;
  const seconds = (ms: number) => (ms - START_MS) / 1000;
  const rows = [
    ...segmentsInRange(recordings.store, cameraKey, 'main', 0, Infinity).map((row) => ({ ...row, cause: 'recorded' })),
    ...gapsInRange(recordings.store, cameraKey, 0, Infinity),
  ].sort((a, b) => a.startMs - b.startMs);
  return rows.map(({ startMs, endMs, cause }) => {
    return `${seconds(startMs)} to ${endMs === null ? 'now' : seconds(endMs)} ${cause}`;
  });
}

async function openAfter(ms: number, runId = 'run-1'): Promise<TestSegment> {
  recordings.clock.ms += ms;
  const segment = new TestSegment(recordings, cameraId, runId);
  await segment.open();
  return segment;
}

function stop(failure: 'stalled' | 'unreachable' | 'closing' | 'removed' | 'disk-full'): void {
  const atMs = recordings.clock.ms;
  recordings.index.handle({ type: 'recordingStopped', cameraId, stream: 'main', atMs, failure, message: '' });
}

test('from connecting to recording to a lost camera', async () => {
  expect(life()).toEqual(['0 to now camera-offline']);
  const first = await openAfter(1000);
  await first.grow(50);
  const second = await openAfter(0);
  await first.close();
  await second.grow(25);
  await second.close();
  stop('stalled');
  recordings.index.cameraCause(cameraId, 'camera-offline', 'no route', recordings.clock.ms + 3000);
  expect(life()).toEqual([
    '0 to 1 camera-offline',
    '1 to 3 recorded',
    '3 to 4 recorded',
    '4 to 7 stream-stalled',
    '7 to now camera-offline',
  ]);
});

test('a stored segment has the file’s hash and key frames', async () => {
  const segment = await openAfter(0);
  await segment.grow(50);
  await segment.close();
  const [row] = segmentsInRange(recordings.store, 1, 'main', START_MS, START_MS + 9000);
  const bytes = await readFile(segment.path);
  expect(row).toMatchObject({ bytes: bytes.length, width: 64, initBytes: clip.initBytes, trigger: 'continuous' });
  expect(row?.keyFrames).toEqual(
    clip.keyFrames.slice(0, 5).map((key) => ({ timeMs: START_MS + key.frame * 40, offsetBytes: key.offsetBytes })),
  );
  const hash = recordings.store.first(recordings.store.db.selectFrom('segments').select('sha256'));
  expect(hash?.sha256).toEqual(createHash('sha256').update(bytes).digest());
});

test('segments of one run meet; a real hole between them is told', async () => {
  const first = await openAfter(0);
  await first.grow(25);
  await first.close();
  const second = await openAfter(120);
  await second.grow(25);
  const third = await openAfter(3000);
  await second.close();
  await third.grow(25);
  await third.close();
  expect(life()).toEqual([
    '0 to 1.12 recorded',
    '1.12 to 2.12 recorded',
    '2.12 to 5.12 stream-stalled',
    '5.12 to 6.12 recorded',
    '6.12 to now stream-stalled',
  ]);
});

test('the camera is disabled while it records', async () => {
  const segment = await openAfter(0);
  await segment.grow(25);
  recordings.clock.ms += 200;
  recordings.index.cameraCause(cameraId, 'disabled', undefined, recordings.clock.ms);
  await segment.close();
  stop('removed');
  expect(life()).toEqual(['0 to 1 recorded', '1 to now disabled']);
});

test('a camera that nobody wants recorded is not offline when its live view fails', () => {
  recordings.index.cameraCause(cameraId, 'disabled', 'recording is switched off', START_MS);
  const failed = { state: 'offline', sinceMs: START_MS + 500, failure: 'unreachable', message: 'no route' } as const;
  recordings.index.handle({ type: 'streamState', cameraId, stream: 'main', ...failed });
  expect(life()).toEqual(['0 to now disabled']);
  recordings.index.cameraCause(cameraId, 'camera-offline', 'connecting', START_MS + 1000);
  recordings.index.handle({ type: 'streamState', cameraId, stream: 'main', ...failed, failure: 'auth-failed' });
  expect(life()).toEqual(['0 to 1 disabled', '1 to now auth-failed']);
});

test('a discarded segment leaves the gap as if it had never been', async () => {
  recordings.index.cameraCause(cameraId, 'camera-offline', 'refused', recordings.clock.ms);
  const segment = await openAfter(1000);
  stop('disk-full');
  await segment.discard();
  expect(life()).toEqual(['0 to 1 camera-offline', '1 to now disk-full']);
});

test('a clean stop is app-stopped, from the end of what was recorded', async () => {
  const segment = await openAfter(0);
  await segment.grow(25);
  await segment.close();
  stop('closing');
  await recordings.restart(60_000);
  expect(life()).toEqual(['0 to 1 recorded', '1 to now app-stopped']);
});

test('kill -9: open files are cut to whole fragments, indexed, and the rest is app-crashed', async () => {
  const first = await openAfter(0);
  await first.grow(50);
  const second = await openAfter(0);
  await second.grow(25);
  await second.growUnreported(13);
  await second.grow(0, 40);
  const whole = clip.offsets[38] ?? 0;
  expect((await readFile(second.path)).length).toBe(whole + 40);
  await recordings.crash(10_000);
  expect(life()).toEqual(['0 to 2 recorded', '2 to 3.52 recorded', '3.52 to now app-crashed']);
  expect((await readFile(second.path)).length).toBe(whole);
  const rows = recordings.store.all(
    recordings.store.db.selectFrom('segments').select(['sha256', 'previousSha256']).orderBy('startMs'),
  );
  expect(rows[1]?.previousSha256).toEqual(rows[0]?.sha256);
  await recordings.crash(1000);
  expect(life().filter((line) => line.endsWith('recorded'))).toHaveLength(2);
});

test('kill -9 while nothing was recorded counts from the last heartbeat', async () => {
  recordings.index.cameraCause(cameraId, 'disabled', undefined, recordings.clock.ms);
  recordings.clock.ms += 60_000;
  await recordings.crash(10_000);
  expect(life()).toEqual(['0 to now app-crashed']);
});

test('a file without a picture becomes garbage, and the log says so', async () => {
  await openAfter(0);
  await recordings.crash(5000);
  expect(life()).toEqual(['0 to now app-crashed']);
  const garbage = recordings.store.all(recordings.store.db.selectFrom('garbage').select('reason'));
  expect(garbage).toEqual([{ reason: 'holds no picture' }]);
  expect(recordings.logLines.join('\n')).toMatch(/holds no picture and is deleted/);
});

test('a lost worker’s segment is indexed while its successor records already', async () => {
  const lost = await openAfter(0);
  await lost.grow(25);
  await lost.growUnreported(5);
  recordings.clock.ms += 2000;
  const recovered = recordings.index.workerLost([cameraId], recordings.clock.ms);
  const next = await openAfter(1000, 'run-2');
  await recovered;
  await next.grow(25);
  await next.close();
  expect(life()).toEqual([
    '0 to 1.2 recorded',
    '1.2 to 4.2 app-crashed',
    '4.2 to 5.2 recorded',
    '5.2 to now stream-stalled',
  ]);
});

test('a camera that was disabled just before its worker was lost is disabled', async () => {
  const segment = await openAfter(0);
  await segment.grow(25);
  recordings.clock.ms += 500;
  recordings.index.cameraCause(cameraId, 'disabled', undefined, recordings.clock.ms);
  recordings.clock.ms += 500;
  await recordings.index.workerLost([cameraId], recordings.clock.ms);
  expect(life()).toEqual(['0 to 1 recorded', '1 to 1.5 app-crashed', '1.5 to now disabled']);
});

test('footage recorded after the clock was set back is filed after what is there', async () => {
  const first = await openAfter(0);
  await first.grow(100);
  await first.close();
  recordings.clock.ms -= 3500;
  const second = await openAfter(0, 'run-2');
  await second.grow(50);
  await second.close();
  expect(life()).toEqual(['0 to 4 recorded', '4 to 6 recorded', '6 to now stream-stalled']);
  const [row] = segmentsInRange(recordings.store, 1, 'main', START_MS + 4000, START_MS + 5000);
  expect(row?.fileMs).toBe(START_MS + 500);
  expect(row?.keyFrames[0]?.timeMs).toBe(START_MS + 4000);
});

test('messages about an unknown camera or segment change nothing', async () => {
  const stray = new TestSegment(recordings, '0198f0a0-0000-7000-8000-00000000dead', 'run-1');
  await stray.open();
  await stray.close();
  const unopened = new TestSegment(recordings, cameraId, 'run-1');
  await unopened.close();
  expect(life()).toEqual(['0 to now camera-offline']);
});
