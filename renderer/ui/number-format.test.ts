import { expect, it } from 'vitest';
import { createNumberFormat } from './number-format.ts';

const english = createNumberFormat('en');
const spanish = createNumberFormat('es');

it('writes sizes in decimal units with three digits', () => {
  expect(english.bytes(0)).toBe('0 B');
  expect(english.bytes(999)).toBe('999 B');
  expect(english.bytes(1234)).toBe('1.23 kB');
  expect(english.bytes(312e9)).toBe('312 GB');
  expect(spanish.bytes(1.5e12)).toBe('1,5 TB');
});

it('writes rates', () => {
  expect(english.bitrate(4_023_000)).toBe('4.0 Mbit/s');
  expect(english.bitrate(300_400)).toBe('300 kbit/s');
});

it('writes frame rates as people say them', () => {
  expect(english.fps(24.97)).toBe('25');
  expect(english.fps(12.5)).toBe('12.5');
});

it('forecasts in whole days, and in hours where days say too little', () => {
  expect(english.forecast(14.9, 'long')).toBe('14 days');
  expect(english.forecast(0.97, 'long')).toBe('23 hours');
  expect(english.forecast(1.99, 'narrow')).toBe('47h');
});
