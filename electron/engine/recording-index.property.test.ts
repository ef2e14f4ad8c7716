import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { recordingPath } from '../contract/recording-path.ts';
import type { StreamFailure } from '../contract/camera.ts';
import { gapsInRange } from '../store/gap-queries.ts';
import { oldestSegments, segmentsInRange } from '../store/segment-queries.ts';
import { deleteFootage } from './footage-deletion.ts';
import { GapLedger } from './gap-ledger.ts';
import { makeTestClip, TestRecordings, TestSegment } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';

/** Just before midnight UTC, so that runs cross into another folder. */
const START_MS = Date.UTC(2026, 2, 4) - 20_000;

type SimpleKind =
  ('open' | 'closeOldest' | 'discardOldest' | 'discardNewest') | ('workerLost' | 'workerLostThenOpen' | 'deleteOldest');
type Step =
  | { kind: 'wait' | 'clockBack' | 'crash' | 'restart'; ms: number }
  | { kind: 'grow'; frames: number }
  | { kind: SimpleKind }
  | { kind: 'stop'; failure: StreamFailure | 'removed' | 'closing' }
  | { kind: 'cause'; cause: 'disabled' | 'camera-offline' | 'auth-failed' };

const simple = (kind: SimpleKind) => fc.constant({ kind });
const timed = (kind: 'wait' | 'clockBack' | 'crash' | 'restart', mostMs: number) =>
  fc.record({ kind: fc.constant(kind), ms: fc.integer({ min: 1, max: mostMs }) });
const failure = fc.constantFrom('stalled', 'unreachable', 'clock', 'disk-full', 'removed', 'closing');
const cause = fc.constantFrom('disabled', 'camera-offline', 'auth-failed');

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('grow'), frames: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 8, arbitrary: simple('open') },
  { weight: 8, arbitrary: simple('closeOldest') },
  { weight: 2, arbitrary: timed('wait', 5000) },
  { weight: 3, arbitrary: timed('clockBack', 900) },
  { weight: 1, arbitrary: timed('clockBack', 20_000) },
  { weight: 1, arbitrary: simple('discardOldest') },
  { weight: 1, arbitrary: simple('discardNewest') },
  { weight: 1, arbitrary: simple('workerLost') },
  { weight: 1, arbitrary: simple('workerLostThenOpen') },
  { weight: 1, arbitrary: simple('deleteOldest') },
  { weight: 1, arbitrary: timed('crash', 9000) },
  { weight: 1, arbitrary: timed('restart', 9000) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop'), failure }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cause'), cause }) },
);

let clip: TestClip;
beforeAll(async () => {
  clip = await makeTestClip();
});

test('whatever happens, coverage and gaps tile the life of the camera', { timeout: 120_000 }, async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 50, size: 'max' });
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const recordings = await TestRecordings.create(clip, START_MS);
      try {
        await recordings.index.start();
        const cameraId = recordings.addCamera();
        recordings.index.cameraAdded(cameraId, START_MS);
        const worker = new ScriptedWorker(recordings, cameraId);
        for (const each of list) {
          await worker.take(each);
          checkTiling(recordings, cameraId);
        }
        await worker.take({ kind: 'crash', ms: 1000 });
        checkTiling(recordings, cameraId);
        checkRollups(recordings);
        checkFiles(recordings, cameraId);
      } finally {
        await recordings.close();
      }
    }),
    { numRuns: 60 },
  );
});

/** Speaks the worker's side of the protocol; a segment may open before the last one is closed, as its file syncs. */
class ScriptedWorker {
  readonly #recordings: TestRecordings;
  readonly #cameraId: string;
  #open: TestSegment[] = [];
  #run = 0;

  constructor(recordings: TestRecordings, cameraId: string) {
    this.#recordings = recordings;
    this.#cameraId = cameraId;
  }

  async take(step: Step): Promise<void> {
    const { clock, index } = this.#recordings;
    switch (step.kind) {
      case 'wait':
        clock.ms += step.ms;
        return;
      case 'clockBack':
        clock.ms -= step.ms;
        return;
      case 'grow':
        return this.#open.at(-1)?.grow(step.frames);
      case 'open':
        return this.#openNext();
      case 'closeOldest':
        return this.#close();
      case 'discardOldest':
        return this.#open.shift()?.discard();
      case 'discardNewest':
        return this.#open.pop()?.discard();
      case 'stop':
        this.#run++;
        this.#say(step.failure);
        return this.#closeAll();
      case 'cause':
        return index.cameraCause(this.#cameraId, step.cause, undefined, clock.ms);
      case 'workerLost':
        this.#open = [];
        this.#run++;
        return index.workerLost([this.#cameraId], clock.ms);
      case 'workerLostThenOpen': {
        this.#open = [];
        this.#run++;
        const recovered = index.workerLost([this.#cameraId], clock.ms);
        clock.ms += 700;
        await this.#openNext();
        return recovered;
      }
      case 'deleteOldest':
        return deleteOldest(this.#recordings, this.#cameraId);
      case 'crash':
        this.#open = [];
        return this.#recordings.crash(step.ms);
      case 'restart':
        await this.#closeAll();
        this.#say('closing');
        return this.#recordings.restart(step.ms);
    }
  }

  async #openNext(): Promise<void> {
    const { clock } = this.#recordings;
    let segment = new TestSegment(this.#recordings, this.#cameraId, `run-${this.#run}`);
    // A recorder never writes over a file: after a clock jump it takes the next free millisecond.
    while (existsSync(segment.path)) {
      clock.ms++;
      segment = new TestSegment(this.#recordings, this.#cameraId, `run-${this.#run}`);
    }
    await segment.open();
    this.#open.push(segment);
  }

  async #close(): Promise<void> {
    const segment = this.#open.shift();
    if (segment?.frames === 0) await segment.discard();
    else await segment?.close();
  }

  async #closeAll(): Promise<void> {
    while (this.#open.length > 0) await this.#close();
  }

  #say(failure: StreamFailure | 'removed' | 'closing'): void {
    const { clock, index } = this.#recordings;
    const where = { cameraId: this.#cameraId, stream: 'main', atMs: clock.ms } as const;
    index.handle({ type: 'recordingStopped', ...where, failure, message: '' });
  }
}

/** As retention does. */
function deleteOldest({ store, clock }: TestRecordings, id: string): void {
  const segments = oldestSegments(store, 1, 1);
  const reason = { cause: 'deleted-retention' } as const;
  deleteFootage(store, new GapLedger(store), { cameraKey: 1, id }, segments, { reason, nowMs: clock.ms });
}

function checkTiling({ store, index }: TestRecordings, cameraId: string): void {
  const cameraKey = index.camera(cameraId)?.cameraKey ?? 0;
  const growing = index.openSegments(cameraId, 'main');
  const items = [
    ...segmentsInRange(store, cameraKey, 'main', 0, Infinity).map(({ startMs, endMs }) => ({ startMs, endMs })),
    ...gapsInRange(store, cameraKey, 0, Infinity).map(({ startMs, endMs }) => ({ startMs, endMs: endMs ?? Infinity })),
    ...growing.map(({ startMs, next }) => ({ startMs, endMs: next?.startMs ?? Infinity })),
  ].sort((a, b) => a.startMs - b.startMs);
  let reachedMs = START_MS;
  for (const { startMs, endMs } of items) {
    expect(startMs).toBe(reachedMs);
    expect(endMs).toBeGreaterThan(startMs);
    reachedMs = endMs;
  }
  expect(reachedMs).toBe(Infinity);
}

function checkRollups({ store }: TestRecordings): void {
  const segments = store.all(store.db.selectFrom('segments').select(['startMs', 'endMs', 'bytes']));
  const days = store.all(store.db.selectFrom('coverageDays').select(['coveredMs', 'bytes']));
  const hours = store.all(store.db.selectFrom('coverageHours').select('hours'));
  const minutes = store.all(store.db.selectFrom('coverageMinutes').select('minutes'));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const coveredMs = sum(segments.map((row) => row.endMs - row.startMs));
  expect(sum(days.map((day) => day.coveredMs))).toBe(coveredMs);
  expect(sum(days.map((day) => day.bytes))).toBe(sum(segments.map((row) => row.bytes)));
  expect(sum(hours.flatMap((row) => [...new Uint32Array(new Uint8Array(row.hours).buffer)]))).toBe(coveredMs);
  expect(sum(minutes.flatMap((row) => [...new Uint16Array(new Uint8Array(row.minutes).buffer)]))).toBe(coveredMs);
}

function checkFiles({ store, recordingsDir }: TestRecordings, cameraId: string): void {
  for (const { stream, fileMs } of segmentsInRange(store, 1, 'main', 0, Infinity)) {
    expect(existsSync(join(recordingsDir, recordingPath({ cameraId, stream, startMs: fileMs })))).toBe(true);
  }
}
