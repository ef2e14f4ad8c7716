import { expect, it } from 'vitest';
import { chooseStream } from './stream-choice.ts';

it('gives small tiles the sub-stream and large ones the main stream', () => {
  expect(chooseStream(346, true, undefined)).toBe('sub');
  expect(chooseStream(1384, true, undefined)).toBe('main');
});

it('keeps the stream between the two limits', () => {
  expect(chooseStream(640, true, 'main')).toBe('main');
  expect(chooseStream(640, true, 'sub')).toBe('sub');
});

it('takes the main stream where there is no other', () => {
  expect(chooseStream(100, false, undefined)).toBe('main');
});
