import { useMemo } from 'react';
import { usePreferences, type Language } from '../state/preferences.ts';
import { localeOf } from './time-format.ts';

export interface NumberFormat {
  /** `312 GB`: three significant digits, decimal units as disks are sold. */
  bytes(sizeBytes: number): string;
  /** `4.1 Mbit/s`. */
  bitrate(bitrateBps: number): string;
  /** `25 fps`'s number: whole where it is near a whole one, else one decimal. */
  fps(fps: number): string;
  percent(fraction: number): string;
  integer(value: number): string;
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
  const scaled = (value: number, units: string[]): string => {
    const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
    return `${threeDigits.format(value / 1000 ** power)} ${units[power] ?? ''}`;
  };
  return {
    bytes: (sizeBytes) => scaled(sizeBytes, BYTE_UNITS),
    bitrate: (bitrateBps) => scaled(bitrateBps, BITRATE_UNITS),
    fps: (fps) => oneDecimal.format(Math.abs(fps - Math.round(fps)) < 0.15 ? Math.round(fps) : fps),
    percent: (fraction) => percent.format(fraction),
    integer: (value) => integer.format(value),
  };
}
