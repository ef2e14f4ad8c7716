import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseByteRange } from './byte-range.ts';

test.each([
  ['bytes=0-0', { firstByte: 0, lastByte: 0 }],
  ['bytes=10-19', { firstByte: 10, lastByte: 19 }],
  ['bytes=90-', { firstByte: 90, lastByte: 99 }],
  ['bytes=90-1000', { firstByte: 90, lastByte: 99 }],
  ['bytes=-10', { firstByte: 90, lastByte: 99 }],
  ['bytes=-1000', { firstByte: 0, lastByte: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=999999999999999-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  [undefined, 'whole'],
  ['', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=20-10', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['items=0-1', 'whole'],
  ['bytes=a-b', 'whole'],
  ['bytes=0x1-2', 'whole'],
  ['bytes=1e1-20', 'whole'],
])('%s of 100 bytes', (header, expected) => {
  expect(parseByteRange(header, 100)).toEqual(expected);
});

test('whatever the header, a range lies within the file', () => {
  const headers = fc.oneof(fc.string(), fc.stringMatching(/^bytes=[0-9]{0,17}-[0-9]{0,17}$/));
  fc.assert(
    fc.property(headers, fc.nat(), (header, sizeBytes) => {
      const range = parseByteRange(header, sizeBytes);
      if (typeof range === 'string') return;
      expect(range.firstByte).toBeGreaterThanOrEqual(0);
      expect(range.lastByte).toBeGreaterThanOrEqual(range.firstByte);
      expect(range.lastByte).toBeLessThan(sizeBytes);
    }),
  );
});
