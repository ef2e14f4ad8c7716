import { describe, expect, it } from 'vitest';
import { createTimeFormat } from './time-format.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('instants', () => {
  const atMs = Date.UTC(2026, 10, 20, 20, 14, 7, 480);

  it('are written in full, with the zone named', () => {
    const format = createTimeFormat('en', 'Europe/Madrid');
    expect(format.instant(atMs)).toMatch(/2026.*21:14:07 (CET|GMT\+1)$/);
    expect(format.exactInstant(atMs)).toContain('21:14:07.480');
    expect(format.shortClock(atMs)).toBe('21:14');
  });

  it('name the zone that holds at their own time', () => {
    const format = createTimeFormat('es', 'Europe/Madrid');
    const before = format.zone(Date.UTC(2026, 9, 25, 0, 30));
    const after = format.zone(Date.UTC(2026, 9, 25, 1, 30));
    expect(before).not.toBe(after);
    // The hour that is twice in the day is told apart by nothing else.
    expect(format.clock(Date.UTC(2026, 9, 25, 0, 30))).toBe(format.clock(Date.UTC(2026, 9, 25, 1, 30)));
  });

  it('count midnight as hour 0', () => {
    expect(createTimeFormat('en', 'UTC').clock(Date.UTC(2026, 0, 1))).toBe('00:00:00');
  });
});

describe('durations', () => {
  const english = createTimeFormat('en', 'UTC');

  it.each([
    [0, /^1 secs?$/],
    [42_000, /^42 secs?$/],
    [59_700, /^1 mins?$/],
    [3 * MINUTE_MS, /^3 mins?$/],
    [60 * MINUTE_MS, /^1 hrs?$/],
    [125 * MINUTE_MS, /^2 hrs? 5 mins?$/],
    [14 * DAY_MS, /^14 days$/],
  ])('%i ms is like %s', (lengthMs, pattern) => {
    expect(english.duration(lengthMs)).toMatch(pattern);
  });
});
