import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MediaTimeline } from './media-timeline.ts';

const timeline = fc.record({
  clockRateHz: fc.constantFrom(90_000, 8000, 16_000),
  frameSeconds: fc.constantFrom(1 / 15, 1 / 25, 1 / 30, 0.04, 0.064),
  anchor: fc.record({ index: fc.nat(1e6), ms: fc.integer({ min: 0, max: 1e8 }), timestamp: fc.nat(0xffff_ffff) }),
});

test('the first frame after a frame is the next one', () => {
  fc.assert(
    fc.property(timeline, fc.nat(1e6), (options, index) => {
      const line = new MediaTimeline(options);
      expect(line.firstAfter(line.dueMs(index))).toBe(index + 1);
      expect(line.firstAfter(line.dueMs(index) - 1)).toBe(index);
    }),
  );
});

test('RTP time follows the clock without drifting, and a jump shifts it once', () => {
  fc.assert(
    fc.property(timeline, fc.nat(1e6), fc.integer({ min: -1000, max: 1000 }), (options, ahead, jumpSeconds) => {
      const line = new MediaTimeline(options);
      const index = options.anchor.index + ahead;
      const before = line.timestamp(index);
      expect(Math.abs(before - line.timestampAt(line.dueMs(index)))).toBeLessThanOrEqual(1);
      line.shift(jumpSeconds);
      expect(line.timestamp(index) - before).toBe(jumpSeconds * options.clockRateHz);
    }),
  );
});
