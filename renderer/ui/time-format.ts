import { useMemo } from 'react';
import { usePreferences, type Language } from '../state/preferences.ts';

/** Formats in one language, always in the viewer's zone, 24 hours, times given in UTC milliseconds. */
export interface TimeFormat {
  /** `Fri 20 Nov 2026, 21:14:07 CET`: in full, for wherever evidence is at stake. */
  instant(atMs: number): string;
  /** The same with milliseconds. */
  exactInstant(atMs: number): string;
  /** `21:14:07`; for ticks and rows whose date stands beside them. */
  clock(atMs: number): string;
  /** `21:14`. */
  shortClock(atMs: number): string;
  /** `Fri 20 Nov 2026`. */
  date(atMs: number): string;
  /** `CET`: the zone's name at that time. */
  zone(atMs: number): string;
  /** `3 min`, `2 h 5 min`, `14 days`: the two largest units, at least one second. */
  duration(lengthMs: number): string;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The formats of the user's language. */
export function useTimeFormat(): TimeFormat {
  const language = usePreferences((preferences) => preferences.language);
  return useMemo(() => createTimeFormat(language), [language]);
}

/** `timeZone` is an IANA name; without it the zone of the browser. */
export function createTimeFormat(language: Language, timeZone?: string): TimeFormat {
  const locale = localeOf(language);
  const zoned = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { ...options, ...(timeZone === undefined ? {} : { timeZone }) });
  const clock = zoned({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const shortClock = zoned({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const date = zoned({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const zone = zoned({ timeZoneName: 'short' });
  const zoneOf = (atMs: number): string =>
    zone.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const dateOf = (atMs: number): string => joinDate(date.formatToParts(atMs));
  const instantWith = (atMs: number, fraction: string): string =>
    `${dateOf(atMs)}, ${clock.format(atMs)}${fraction} ${zoneOf(atMs)}`;
  return {
    instant: (atMs) => instantWith(atMs, ''),
    exactInstant: (atMs) => instantWith(atMs, `.${String(atMs % SECOND_MS).padStart(3, '0')}`),
    clock: (atMs) => clock.format(atMs),
    shortClock: (atMs) => shortClock.format(atMs),
    date: dateOf,
    zone: zoneOf,
    duration: (lengthMs) => formatDuration(lengthMs, locale),
  };
}

/** The reader's own region where it speaks the language (times are read as at home), else the language's first. */
export function localeOf(language: Language): string {
  const own =
    typeof navigator === 'undefined' ? undefined : navigator.languages.find((tag) => tag.startsWith(language));
  return own ?? (language === 'es' ? 'es-ES' : 'en-GB');
}

/** Without the commas and dots that locales put between the parts: it stands in dense places. */
function joinDate(parts: Intl.DateTimeFormatPart[]): string {
  return parts
    .filter((part) => part.type !== 'literal')
    .map((part) => part.value.replace(/\.$/, ''))
    .join(' ');
}

function formatDuration(lengthMs: number, locale: string): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: name === 'day' ? 'long' : 'short' })
      .format(value)
      .replace('.', '');
  const seconds = Math.max(1, Math.round(lengthMs / SECOND_MS));
  if (seconds < 60) return unit(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return unit(minutes, 'minute');
  const hours = Math.floor(lengthMs / HOUR_MS);
  if (lengthMs >= DAY_MS * 2) return unit(Math.floor(lengthMs / DAY_MS), 'day');
  return minutes % 60 === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`;
}
