import { describe, expect, it } from 'vitest';
import { heatBars, heatRangeOf, neighbourOf } from './heat.ts';

const MADRID = 'Europe/Madrid';
const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 9, 25, 11); // 25 October 2026, the day the clocks go back: 25 hours long

describe('heat range', () => {
  it('is the local day, also where it has 25 hours', () => {
    const range = heatRangeOf({ fromMs: NOON_MS, toMs: NOON_MS + HOUR_MS, widthPx: 1000 }, MADRID);
    expect(range.unit).toBe('day');
    expect((range.toMs - range.fromMs) / HOUR_MS).toBe(25);
    expect(neighbourOf(range, 1, MADRID).fromMs).toBe(range.toMs);
    expect(neighbourOf(range, -1, MADRID).toMs).toBe(range.fromMs);
  });

  it('widens with the view', () => {
    const of = (hours: number): string =>
      heatRangeOf({ fromMs: NOON_MS, toMs: NOON_MS + hours * HOUR_MS, widthPx: 1000 }, MADRID).unit;
    expect([of(1), of(30), of(24 * 20), of(24 * 100)]).toEqual(['day', 'month', 'month', 'year']);
  });
});

describe('heat bars', () => {
  it('average coverage over the cameras and measure events against the most', () => {
    const row = { cameraId: 'a', lifeStartMs: 0, gaps: [] };
    const bars = heatBars({
      startMs: 0,
      bucketMs: 1000,
      cameras: [
        { ...row, coveredMs: [1000, 500], events: [4, 0] },
        { ...row, coveredMs: [0, 500], events: [0, 2] },
      ],
    });
    expect(bars).toEqual([
      { atMs: 0, covered: 0.5, events: 1 },
      { atMs: 1000, covered: 0.5, events: 0.5 },
    ]);
    expect(heatBars({ startMs: 0, bucketMs: 1000, cameras: [] })).toEqual([]);
  });
});
