import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeKeyFrames, encodeKeyFrames } from './key-frame-table.ts';

const START_MS = 1_790_000_000_000;

test('whatever is packed comes back', () => {
  const steps = fc.array(
    fc.record({ stepMs: fc.integer({ min: -1e10, max: 1e10 }), stepBytes: fc.integer({ min: 0, max: 2 ** 40 }) }),
  );
  fc.assert(
    fc.property(steps, (list) => {
      let timeMs = START_MS;
      let offsetBytes = 0;
      const keyFrames = list.map(({ stepMs, stepBytes }) => ({
        timeMs: (timeMs += stepMs),
        offsetBytes: (offsetBytes += stepBytes),
      }));
      expect(decodeKeyFrames(encodeKeyFrames(keyFrames, START_MS), START_MS)).toEqual(keyFrames);
    }),
  );
});

test('a minute of 1 s GOPs at 4 Mbit/s takes under 250 bytes', () => {
  const keyFrames = Array.from({ length: 60 }, (_, index) => ({
    timeMs: START_MS + index * 1000,
    offsetBytes: 900 + index * 500_321,
  }));
  expect(encodeKeyFrames(keyFrames, START_MS).length).toBeLessThan(250);
});

test('refuses what descends and what is cut short', () => {
  const keyFrames = [
    { timeMs: START_MS, offsetBytes: 900 },
    { timeMs: START_MS + 2000, offsetBytes: 800 },
  ];
  expect(() => encodeKeyFrames(keyFrames, START_MS)).toThrow(RangeError);
  const table = encodeKeyFrames(keyFrames.slice(0, 1), START_MS);
  expect(() => decodeKeyFrames(table.subarray(0, table.length - 1), START_MS)).toThrow(RangeError);
});
