import type { Language } from '../state/preferences.ts';
import { localeOf } from '../ui/time-format.ts';
import type { Tick } from './ticks.ts';

/** Labels of the axis in a language, in the viewer's zone: time of day, or the date where a day begins. */
export function createTickLabel(language: Language): (tick: Tick) => string {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(localeOf(language), { hourCycle: 'h23', ...options });
  const clock = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const shortClock = format({ hour: '2-digit', minute: '2-digit' });
  const day = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const month = format({ month: 'short', year: 'numeric' });
  return ({ atMs, unit, startsDay }) => {
    if (unit === 'month') return month.format(atMs);
    if (unit === 'day' || startsDay) return day.format(atMs);
    return unit === 'second' ? clock.format(atMs) : shortClock.format(atMs);
  };
}
