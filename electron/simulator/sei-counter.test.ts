import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitAnnexB } from './nal-units.ts';
import { readSeiCounters, seiUnit } from './sei-counter.ts';

test.each(['h264', 'h265'] as const)(
  '%s counters survive in a byte stream and need no emulation prevention',
  (codec) => {
    const counter = fc.record({ frame: fc.nat(), sentMs: fc.integer({ min: 0, max: 2 ** 48 }) });
    fc.assert(
      fc.property(fc.array(counter, { maxLength: 5 }), (counters) => {
        const stream = Buffer.concat(counters.flatMap((each) => [Buffer.from([0, 0, 0, 1]), seiUnit(codec, each)]));
        expect(readSeiCounters(stream)).toEqual(counters);
        expect(splitAnnexB(stream)).toHaveLength(counters.length);
      }),
    );
  },
);

test('a damaged message is passed over', () => {
  const unit = seiUnit('h264', { frame: 5, sentMs: 6 });
  unit[unit.length - 5] = 0x7a;
  expect(readSeiCounters(unit)).toEqual([]);
  expect(readSeiCounters(unit.subarray(0, 25))).toEqual([]);
});
