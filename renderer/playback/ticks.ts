import { Temporal } from 'temporal-polyfill';
import { pxOf, spanMs, type TimeScale } from './time-scale.ts';

export type TickUnit = 'second' | 'minute' | 'hour' | 'day' | 'month';

export interface Tick {
  atMs: number;
  px: number;
  unit: TickUnit;
  /** The first tick of a day (or of a year, among months): its label names the date. */
  startsDay: boolean;
}

interface Step {
  unit: TickUnit;
  count: number;
  aboutMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps that people count in. */
const STEPS: Step[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => ({ unit: 'second' as const, count, aboutMs: count * SECOND_MS })),
  ...[1, 2, 5, 10, 15, 30].map((count) => ({ unit: 'minute' as const, count, aboutMs: count * MINUTE_MS })),
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: 'hour' as const, count, aboutMs: count * HOUR_MS })),
  ...[1, 2, 7].map((count) => ({ unit: 'day' as const, count, aboutMs: count * DAY_MS })),
  ...[1, 2, 3].map((count) => ({ unit: 'month' as const, count, aboutMs: count * 30 * DAY_MS })),
];
const WIDEST_STEP: Step = { unit: 'month', count: 6, aboutMs: 182 * DAY_MS };

/**
 * Ticks of the axis at round local times, at least `spacingPx` apart. Counted in the zone's own days and hours, so that
 * they stay on round times when the clocks change.
 *
 * @param timeZone IANA name
 */
export function ticksOf(scale: TimeScale, spacingPx: number, timeZone: string): Tick[] {
  const atLeastMs = (spacingPx / scale.widthPx) * spanMs(scale);
  const step = STEPS.find((candidate) => candidate.aboutMs >= atLeastMs) ?? WIDEST_STEP;
  const ticks: Tick[] = [];
  let at = firstTick(Temporal.Instant.fromEpochMilliseconds(scale.fromMs).toZonedDateTimeISO(timeZone), step);
  while (at.epochMilliseconds <= scale.toMs) {
    const atMs = at.epochMilliseconds;
    if (atMs >= scale.fromMs) {
      ticks.push({ atMs, px: pxOf(scale, atMs), unit: step.unit, startsDay: startsDay(at, step.unit) });
    }
    at = nextTick(at, step);
  }
  return ticks;
}

/** The last round time at or before `from`. */
function firstTick(from: Temporal.ZonedDateTime, step: Step): Temporal.ZonedDateTime {
  const day = from.startOfDay();
  switch (step.unit) {
    case 'month':
      return day.with({ day: 1, month: from.month - ((from.month - 1) % step.count) }).startOfDay();
    case 'day':
      return step.count === 7
        ? day.subtract({ days: from.dayOfWeek - 1 })
        : day.subtract({ days: (from.day - 1) % step.count });
    case 'hour':
      return day;
    case 'minute':
    case 'second':
      return day.add({
        milliseconds: Math.floor((from.epochMilliseconds - day.epochMilliseconds) / step.aboutMs) * step.aboutMs,
      });
  }
}

/** Within a day exact time is counted from local midnight; a day after the clocks changed begins anew at midnight. */
function nextTick(at: Temporal.ZonedDateTime, step: Step): Temporal.ZonedDateTime {
  switch (step.unit) {
    case 'month':
      return at.add({ months: step.count });
    case 'day':
      return step.count === 7 ? at.add({ days: 7 }) : nextDayOfMonth(at, step.count);
    case 'hour':
      return nextHour(at, step.count);
    case 'minute':
      return at.add({ minutes: step.count });
    case 'second':
      return at.add({ seconds: step.count });
  }
}

/** Every n days of the month, the first always among them; no two ticks closer than n days at the month's end. */
function nextDayOfMonth(at: Temporal.ZonedDateTime, count: number): Temporal.ZonedDateTime {
  const next = at.add({ days: count });
  return next.month === at.month ? next : next.with({ day: 1 });
}

/** The next wall-clock hour that is a multiple of `count`, whatever the clocks do in between. */
function nextHour(at: Temporal.ZonedDateTime, count: number): Temporal.ZonedDateTime {
  let next = at.add({ hours: 1 });
  while (next.hour % count !== 0 && next.day === at.day) next = next.add({ hours: 1 });
  return next.day === at.day ? next : next.startOfDay();
}

function startsDay(at: Temporal.ZonedDateTime, unit: TickUnit): boolean {
  if (unit === 'month') return at.month === 1;
  if (unit === 'day') return at.day === 1;
  return at.hour === 0 && at.minute === 0 && at.second === 0;
}
