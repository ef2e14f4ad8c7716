import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../electron/contract/recordings.ts';
import { BucketCache, bucketMsFor, coverageStretches, windowsFor, type BucketWindow } from './buckets.ts';
import { LONGEST_SPAN_MS, SHORTEST_SPAN_MS } from './time-scale.ts';

const AT_MS = Date.UTC(2026, 10, 20, 10);
const HOUR_MS = 3_600_000;
const CAMERA = '0198f0a0-0000-7000-8000-000000000001';

const scales = fc.record({
  fromMs: fc.integer({ min: AT_MS, max: AT_MS + 1e10 }),
  span: fc.integer({ min: SHORTEST_SPAN_MS, max: LONGEST_SPAN_MS }),
  widthPx: fc.integer({ min: 300, max: 4000 }),
});

function answer(coveredMs: number[], bucketMs = 1000): Timeline {
  return {
    startMs: AT_MS,
    bucketMs,
    cameras: [{ cameraId: CAMERA, lifeStartMs: AT_MS, coveredMs, gaps: [], events: coveredMs.map(() => 0) }],
  };
}

function windowAt(scaleFromMs: number): BucketWindow {
  const [window] = windowsFor({ fromMs: scaleFromMs, toMs: scaleFromMs + HOUR_MS, widthPx: 1000 }).needed;
  return window!;
}

describe('windows', () => {
  it('cover what is shown with about a bucket a pixel, whatever the zoom', () => {
    fc.assert(
      fc.property(scales, ({ fromMs, span, widthPx }) => {
        const scale = { fromMs, toMs: fromMs + span, widthPx };
        const { needed, beside } = windowsFor(scale);
        expect(needed[0]!.fromMs).toBeLessThanOrEqual(scale.fromMs);
        expect(needed.at(-1)!.toMs).toBeGreaterThanOrEqual(scale.toMs);
        for (const [index, window] of needed.slice(1).entries()) expect(window.fromMs).toBe(needed[index]!.toMs);
        expect(beside.map((window) => window.toMs - window.fromMs)).toEqual(
          beside.map(() => needed[0]!.toMs - needed[0]!.fromMs),
        );
        expect(bucketMsFor(scale) % 100).toBe(0);
        expect(needed.length).toBeLessThanOrEqual(9);
      }),
    );
  });

  it('are the same for views that overlap', () => {
    expect(windowAt(AT_MS).key).toBe(windowAt(AT_MS + 1000).key);
  });
});

describe('bucket cache', () => {
  const window = windowAt(AT_MS);

  it('asks once for the past, and again and again for the present', () => {
    const cache = new BucketCache();
    const longAfterMs = window.toMs + HOUR_MS;
    expect(cache.isDue(window, longAfterMs)).toBe(true);
    cache.set({ window, timeline: answer([]), loadedMs: longAfterMs });
    expect(cache.isDue(window, longAfterMs + HOUR_MS)).toBe(false);
    cache.set({ window, timeline: answer([]), loadedMs: window.fromMs + 1000 });
    expect(cache.isDue(window, window.fromMs + 2000)).toBe(false);
    expect(cache.isDue(window, window.fromMs + 60_000)).toBe(true);
  });

  it('forgets what was not looked at for longest, and nothing else', () => {
    const cache = new BucketCache();
    const windows = Array.from({ length: 60 }, (_, index) => windowAt(AT_MS + index * 10 * HOUR_MS));
    for (const one of windows) {
      cache.set({ window: one, timeline: answer([]), loadedMs: 0 });
      expect(cache.get(windows[0]!)).toBeDefined();
    }
    expect(cache.get(windows[1]!)).toBeUndefined();
    expect(cache.get(windows[59]!)).toBeDefined();
  });

  it('lends coarser and finer answers, the finest on top', () => {
    const cache = new BucketCache();
    const wide = windowsFor({ fromMs: AT_MS, toMs: AT_MS + 1000 * HOUR_MS, widthPx: 1000 }).needed[0]!;
    cache.set({ window, timeline: answer([]), loadedMs: 0 });
    cache.set({ window: wide, timeline: answer([]), loadedMs: 0 });
    const lent = cache.standIns({ fromMs: AT_MS, toMs: AT_MS + 60_000 });
    expect(lent.map((loaded) => loaded.window.key)).toEqual([wide.key, window.key]);
  });
});

describe('coverage stretches', () => {
  const muchLaterMs = AT_MS + HOUR_MS;

  it('joins equal buckets and leaves empty ones out', () => {
    expect(coverageStretches(answer([1000, 1000, 0, 500, 1000]), CAMERA, muchLaterMs)).toEqual([
      { startMs: AT_MS, endMs: AT_MS + 2000, share: 1 },
      { startMs: AT_MS + 3000, endMs: AT_MS + 4000, share: 0.5 },
      { startMs: AT_MS + 4000, endMs: AT_MS + 5000, share: 1 },
    ]);
  });

  it('ends where recording is, in the bucket of the present', () => {
    expect(coverageStretches(answer([1000, 300, 0]), CAMERA, AT_MS + 1300)).toEqual([
      { startMs: AT_MS, endMs: AT_MS + 1300, share: 1 },
    ]);
  });

  it('knows nothing of a camera that is not in the answer', () => {
    expect(coverageStretches(answer([1000]), 'another', muchLaterMs)).toEqual([]);
  });
});
