import { Temporal } from 'temporal-polyfill';
import type { Timeline } from '../../electron/contract/recordings.ts';
import type { TimeRange } from '../api/recordings.ts';
import { spanMs, type TimeScale } from './time-scale.ts';

export type HeatUnit = 'day' | 'month' | 'year';

/** The day, month or year around what is shown, in the viewer's zone, with the bucket that its bar is made of. */
export interface HeatRange extends TimeRange {
  unit: HeatUnit;
  bucketMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Which stretch the overview covers: the shortest of day, month and year that is longer than the view. */
export function heatRangeOf(scale: TimeScale, timeZone: string): HeatRange {
  const centreMs = Math.round((scale.fromMs + scale.toMs) / 2);
  const span = spanMs(scale);
  const unit: HeatUnit = span <= 0.9 * DAY_MS ? 'day' : span <= 27 * DAY_MS ? 'month' : 'year';
  return heatRangeAt(centreMs, unit, timeZone);
}

/** The neighbouring day, month or year; `direction` -1 for the one before. */
export function neighbourOf(range: HeatRange, direction: 1 | -1, timeZone: string): HeatRange {
  // Just beyond either edge: calendar units differ in length.
  return heatRangeAt(direction === 1 ? range.toMs : range.fromMs - 1, range.unit, timeZone);
}

/** Recorded share of each bucket (0 to 1) over all cameras, and the share of the most events. */
export interface HeatBar {
  atMs: number;
  covered: number;
  events: number;
}

export function heatBars(timeline: Timeline): HeatBar[] {
  const { cameras, startMs, bucketMs } = timeline;
  const length = cameras[0]?.coveredMs.length ?? 0;
  const sums = Array.from({ length }, (_, index) => ({
    covered: cameras.reduce((sum, camera) => sum + (camera.coveredMs[index] ?? 0), 0),
    events: cameras.reduce((sum, camera) => sum + (camera.events[index] ?? 0), 0),
  }));
  const mostEvents = Math.max(1, ...sums.map(({ events }) => events));
  return sums.map(({ covered, events }, index) => ({
    atMs: startMs + index * bucketMs,
    covered: Math.min(1, covered / (bucketMs * cameras.length)),
    events: events / mostEvents,
  }));
}

function heatRangeAt(atMs: number, unit: HeatUnit, timeZone: string): HeatRange {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  const day = at.startOfDay();
  switch (unit) {
    case 'day':
      return range(unit, day, day.add({ days: 1 }), 10 * MINUTE_MS);
    case 'month': {
      const first = day.with({ day: 1 }).startOfDay();
      return range(unit, first, first.add({ months: 1 }), 6 * HOUR_MS);
    }
    case 'year': {
      const first = day.with({ month: 1, day: 1 }).startOfDay();
      return range(unit, first, first.add({ years: 1 }), 3 * DAY_MS);
    }
  }
}

function range(unit: HeatUnit, from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime, bucketMs: number): HeatRange {
  return { unit, fromMs: from.epochMilliseconds, toMs: to.epochMilliseconds, bucketMs };
}
