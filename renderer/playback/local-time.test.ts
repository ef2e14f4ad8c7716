import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLocalTime, toLocalTime } from './local-time.ts';

const MADRID = 'Europe/Madrid';

describe('local time of the fields', () => {
  it('goes there and back to the second', () => {
    const seconds = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2026, 9, 24) / 1000 });
    fc.assert(
      fc.property(seconds, (at) => {
        expect(fromLocalTime(toLocalTime(at * 1000 + 499, MADRID), MADRID)).toBe(at * 1000);
      }),
    );
  });

  it('takes the first of an hour that comes twice, and steps over one that does not come', () => {
    expect(fromLocalTime({ date: '2026-10-25', time: '02:30:00' }, MADRID)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(fromLocalTime({ date: '2026-03-29', time: '02:30:00' }, MADRID)).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });

  it('is nothing while a field is empty or wrong', () => {
    expect(fromLocalTime({ date: '', time: '02:30:00' }, MADRID)).toBeUndefined();
    expect(fromLocalTime({ date: '2026-02-30', time: '02:30:00' }, MADRID)).toBeUndefined();
  });
});
