import { describe, expect, it } from 'vitest';
import type { Gap } from '../../electron/contract/gap.ts';
import type { LoadedBuckets } from './buckets.ts';
import { gapAt } from './gap-kind.ts';
import { LiveCoverage } from './live-coverage.ts';
import { timelineRows } from './timeline-rows.ts';

const CAMERA = '0198f0a0-0000-7000-8000-000000000001';

function loaded(fromMs: number, toMs: number, gaps: Gap[]): LoadedBuckets {
  return {
    window: { fromMs, toMs, bucketMs: 1000, key: String(fromMs) },
    timeline: {
      startMs: fromMs,
      bucketMs: 1000,
      cameras: [{ cameraId: CAMERA, lifeStartMs: 500, coveredMs: [1000, 1000], gaps, events: [0, 0] }],
    },
    loadedMs: 1e9,
  };
}

describe('timeline rows', () => {
  it('join a gap that the windows cut, so that its length is that of the whole', () => {
    const gap: Gap = { startMs: 5000, endMs: 15_000, cause: 'camera-offline' };
    const [row] = timelineRows([CAMERA], [loaded(0, 10_000, [gap]), loaded(10_000, 20_000, [gap])], () => []);
    expect(row!.gaps).toEqual([gap]);
    expect(gapAt(row!.gaps, 12_000)).toEqual(gap);
    expect(gapAt(row!.gaps, 15_000)).toBeUndefined();
    expect(row!.lifeStartMs).toBe(500);
  });

  it('keep gaps of different causes apart', () => {
    const gaps: Gap[] = [
      { startMs: 5000, endMs: 7000, cause: 'camera-offline' },
      { startMs: 7000, endMs: 9000, cause: 'disabled' },
    ];
    expect(timelineRows([CAMERA], [loaded(0, 10_000, gaps)], () => [])[0]!.gaps).toEqual(gaps);
  });

  it('grow by what the feed tells', () => {
    const live = new LiveCoverage();
    live.note(CAMERA, 10_000);
    live.note(CAMERA, 11_000);
    live.note(CAMERA, 60_000);
    const [row] = timelineRows([CAMERA], [], (id) => live.of(id));
    expect(row!.coverage).toEqual([
      { startMs: 9000, endMs: 11_000, share: 1 },
      { startMs: 59_000, endMs: 60_000, share: 1 },
    ]);
  });
});
