import { expect, test } from 'vitest';
import { exactLength } from './exact-length.ts';

test('a length is told to the second', () => {
  expect(exactLength(0)).toBe('0:00');
  expect(exactLength(70_400)).toBe('1:10');
  expect(exactLength(600_000)).toBe('10:00');
  expect(exactLength(7_384_000)).toBe('2:03:04');
});
