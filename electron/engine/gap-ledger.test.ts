import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gapsInRange } from '../store/gap-queries.ts';
import { GapLedger } from './gap-ledger.ts';
import { makeTestClip, TestRecordings } from './test-recordings.ts';
import type { TestClip } from './test-recordings.ts';

let clip: TestClip;
let recordings: TestRecordings;
let ledger: GapLedger;

beforeAll(async () => {
  clip = await makeTestClip();
});

beforeEach(async () => {
  recordings = await TestRecordings.create(clip, 0);
  recordings.addCamera();
  ledger = new GapLedger(recordings.store);
});

afterEach(() => recordings.close());

function rows(): string[] {
  return gapsInRange(recordings.store, 1, 0, Infinity).map(
    ({ startMs, endMs, cause, detail }) =>
      `${startMs}-${endMs ?? 'now'} ${cause}${detail === null ? '' : ` ${detail}`}`,
  );
}

test('a new detail replaces the old one, a new cause begins a row', () => {
  ledger.open(1, 100, { cause: 'camera-offline', detail: 'connecting' });
  ledger.setReason(1, 200, { cause: 'camera-offline', detail: 'refused' });
  ledger.setReason(1, 250, { cause: 'camera-offline' });
  expect(rows()).toEqual(['100-now camera-offline refused']);
  ledger.setReason(1, 300, { cause: 'auth-failed' });
  expect(rows()).toEqual(['100-300 camera-offline refused', '300-now auth-failed']);
});

test('a cause from before the gap takes it over whole', () => {
  ledger.open(1, 100, { cause: 'stream-stalled' });
  ledger.setReason(1, 50, { cause: 'disk-full' });
  expect(rows()).toEqual(['100-now disk-full']);
});

test('a gap that begins where one with the same reason ended goes on with it', () => {
  ledger.open(1, 100, { cause: 'disabled' });
  ledger.cover(1, 200);
  ledger.open(1, 200, { cause: 'disabled' });
  expect(rows()).toEqual(['100-now disabled']);
});

test('coverage splits, shortens and removes gaps', () => {
  ledger.add(1, 100, 200, { cause: 'clock' });
  ledger.add(1, 300, 400, { cause: 'disabled' });
  ledger.open(1, 500, { cause: 'app-stopped' });
  ledger.cover(1, 120, 150);
  ledger.cover(1, 250, 600);
  expect(rows()).toEqual(['100-120 clock', '150-200 clock', '600-now app-stopped']);
});

test('neighbours with the same reason become one row', () => {
  ledger.add(1, 100, 200, { cause: 'deleted-retention' });
  ledger.add(1, 300, 400, { cause: 'deleted-retention' });
  ledger.add(1, 400, 500, { cause: 'deleted-user' });
  ledger.add(1, 200, 300, { cause: 'deleted-retention' });
  expect(rows()).toEqual(['100-400 deleted-retention', '400-500 deleted-user']);
});

test('a gap that was added may go on as the lasting one', () => {
  ledger.open(1, 300, { cause: 'app-crashed' });
  ledger.add(1, 200, 300, { cause: 'app-crashed' });
  expect(rows()).toEqual(['200-now app-crashed']);
});
