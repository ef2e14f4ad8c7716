import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centreOn,
  followTo,
  keepNear,
  LONGEST_SPAN_MS,
  msOf,
  panBy,
  pxOf,
  SHORTEST_SPAN_MS,
  spanMs,
  zoomAbout,
} from './time-scale.ts';

const AT_MS = 1_795_000_000_000;
const scales = fc
  .record({
    fromMs: fc.integer({ min: AT_MS, max: AT_MS + 1e10 }),
    span: fc.integer({ min: SHORTEST_SPAN_MS, max: LONGEST_SPAN_MS }),
    widthPx: fc.integer({ min: 100, max: 4000 }),
  })
  .map(({ fromMs, span, widthPx }) => ({ fromMs, toMs: fromMs + span, widthPx }));

describe('time scale', () => {
  it('maps pixels to times and back', () => {
    fc.assert(
      fc.property(scales, fc.double({ min: 0, max: 1, noNaN: true }), (scale, share) => {
        const px = share * scale.widthPx;
        expect(pxOf(scale, msOf(scale, px))).toBeCloseTo(px, 0);
      }),
    );
  });

  it('zooms about the pointer and stays within its bounds', () => {
    fc.assert(
      fc.property(
        scales,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (scale, share, factor) => {
          const px = share * scale.widthPx;
          const zoomed = zoomAbout(scale, px, factor);
          expect(spanMs(zoomed)).toBeGreaterThanOrEqual(SHORTEST_SPAN_MS);
          expect(spanMs(zoomed)).toBeLessThanOrEqual(LONGEST_SPAN_MS);
          expect(Math.abs(msOf(zoomed, px) - msOf(scale, px))).toBeLessThanOrEqual(2);
        },
      ),
    );
  });

  it('drags to the right towards earlier times', () => {
    const scale = { fromMs: AT_MS, toMs: AT_MS + 100_000, widthPx: 1000 };
    expect(panBy(scale, 100)).toEqual({ fromMs: AT_MS - 10_000, toMs: AT_MS + 90_000, widthPx: 1000 });
  });

  it('follows a playhead that leaves the view, and only then', () => {
    const scale = { fromMs: AT_MS, toMs: AT_MS + 100_000, widthPx: 1000 };
    expect(followTo(scale, AT_MS + 99_999)).toBe(scale);
    expect(followTo(scale, AT_MS + 100_001).fromMs).toBe(AT_MS + 80_001);
    expect(centreOn(scale, AT_MS).fromMs).toBe(AT_MS - 50_000);
  });

  it('never loses the cameras’ life out of sight', () => {
    fc.assert(
      fc.property(scales, fc.integer({ min: -1e6, max: 1e6 }), (scale, dragPx) => {
        const kept = keepNear(panBy(scale, dragPx), AT_MS, AT_MS + 1e9);
        expect(kept.toMs).toBeGreaterThan(AT_MS);
        expect(kept.fromMs).toBeLessThan(AT_MS + 1e9);
      }),
    );
  });
});
