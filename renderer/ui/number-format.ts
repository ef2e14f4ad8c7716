import { useMemo } from 'react';
import { usePreferences, type Language } from '../state/preferences.ts';
import { localeOf } from './time-format.ts';

export interface NumberFormat {
  /** `312 GB`: three significant digits, decimal units as disks are sold. */
  bytes(sizeBytes: number): string;
  /** `4.1 Mbit/s`: always two digits or more, as it changes before the eye. */
  bitrate(bitrateBps: number): string;
  /** `25 fps`'s number: whole where it is near a whole one, else one decimal. */
  fps(fps: number): string;
  percent(fraction: number): string;
  integer(value: number): string;
  /** How long there is room, rounded down: `14 days`, below two days `23 hours`; narrow `14d`, `23h`. */
  forecast(days: number, display: 'long' | 'narrow'): string;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const BITRATE_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'];

export function useNumberFormat(): NumberFormat {
  const language = usePreferences((preferences) => preferences.language);
  return useMemo(() => createNumberFormat(language), [language]);
}

export function createNumberFormat(language: Language): NumberFormat {
  const locale = localeOf(language);
  const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const steady = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const scaled = (value: number, units: string[], write: (scaledValue: number) => string): string => {
    const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
    return `${write(value / 1000 ** power)} ${units[power] ?? ''}`;
  };
  return {
    bytes: (sizeBytes) => scaled(sizeBytes, BYTE_UNITS, threeDigits.format),
    bitrate: (bitrateBps) =>
      scaled(bitrateBps, BITRATE_UNITS, (value) => (value < 10 ? steady : integer).format(value)),
    fps: (fps) => oneDecimal.format(Math.abs(fps - Math.round(fps)) < 0.15 ? Math.round(fps) : fps),
    percent: (fraction) => percent.format(fraction),
    integer: (value) => integer.format(value),
    forecast: (days, unitDisplay) => {
      const unit = days < 2 ? 'hour' : 'day';
      const value = Math.floor(unit === 'hour' ? days * 24 : days);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(value);
    },
  };
}
