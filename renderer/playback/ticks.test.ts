import { describe, expect, it } from 'vitest';
import { ticksOf } from './ticks.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MADRID = 'Europe/Madrid';

function local(atMs: number): string {
  return new Date(atMs).toLocaleString('sv-SE', { timeZone: MADRID });
}

describe('ticksOf', () => {
  it('stands on round local hours on the day the clocks go back', () => {
    const fromMs = Date.UTC(2026, 9, 24, 22); // 25 October, 00:00 CEST
    const ticks = ticksOf({ fromMs, toMs: fromMs + 25 * HOUR_MS, widthPx: 900 }, 60, MADRID);
    expect(ticks.map((tick) => local(tick.atMs).slice(11, 16))).toEqual([
      '00:00',
      '02:00',
      '02:00',
      '04:00',
      '06:00',
      '08:00',
      '10:00',
      '12:00',
      '14:00',
      '16:00',
      '18:00',
      '20:00',
      '22:00',
      '00:00',
    ]);
    expect(ticks[0]?.startsDay).toBe(true);
  });

  it('stands on local midnights when it counts days across both changes of the clocks', () => {
    const fromMs = Date.UTC(2026, 0, 1);
    const ticks = ticksOf({ fromMs, toMs: fromMs + 365 * DAY_MS, widthPx: 4000 }, 70, MADRID);
    expect(ticks.length).toBeGreaterThan(40);
    for (const tick of ticks) expect(local(tick.atMs).slice(11)).toBe('00:00:00');
  });

  it('keeps its distance and its order at every zoom', () => {
    const fromMs = Date.UTC(2026, 2, 28, 13, 37, 11);
    for (const span of [
      60_000,
      600_000,
      HOUR_MS,
      7 * HOUR_MS,
      DAY_MS,
      5 * DAY_MS,
      30 * DAY_MS,
      200 * DAY_MS,
      366 * DAY_MS,
    ]) {
      const ticks = ticksOf({ fromMs, toMs: fromMs + span, widthPx: 1200 }, 80, MADRID);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(1200 / 60);
      for (const [index, tick] of ticks.slice(1).entries()) {
        expect(tick.atMs).toBeGreaterThan(ticks[index]?.atMs ?? 0);
      }
    }
  });
});
