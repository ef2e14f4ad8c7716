import { Temporal } from 'temporal-polyfill';

/** A time as date and time fields hold it: `2026-11-20` and `21:14:07`, in the viewer's zone. */
export interface LocalTime {
  date: string;
  time: string;
}

export function toLocalTime(atMs: number, timeZone: string): LocalTime {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  return {
    date: at.toPlainDate().toString(),
    time: at.toPlainTime().toString({ smallestUnit: 'second' }),
  };
}

/**
 * UTC milliseconds of a local time; undefined when the fields hold none. In the hour that is skipped when the clocks go
 * forward the later time is meant, in the hour that comes twice the first.
 */
export function fromLocalTime({ date, time }: LocalTime, timeZone: string): number | undefined {
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
