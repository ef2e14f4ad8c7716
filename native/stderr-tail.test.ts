import { expect, test } from 'vitest';
import { StderrTail } from './stderr-tail.ts';

test('keeps the last 40 lines, whatever the chunks', () => {
  const tail = new StderrTail();
  const text = Buffer.from(Array.from({ length: 100 }, (_, index) => `línea ${index}`).join('\n'));
  for (let offset = 0; offset < text.length; offset += 7) tail.push(text.subarray(offset, offset + 7));
  expect(tail.lines()).toEqual(Array.from({ length: 40 }, (_, index) => `línea ${index + 60}`));
});

test('progress lines end in a carriage return', () => {
  const tail = new StderrTail();
  tail.push(Buffer.from('frame=1\rframe=2\r\nframe=3'));
  expect(tail.lines()).toEqual(['frame=1', 'frame=2', 'frame=3']);
});

test('credentials are hidden even when a chunk ends inside them', () => {
  const tail = new StderrTail();
  tail.push(Buffer.from('rtsp://user:pa'));
  tail.push(Buffer.from('ss@host: refused'));
  expect(tail.lines()).toEqual(['rtsp://***@host: refused']);
});

test('one endless line does not grow without bound', () => {
  const tail = new StderrTail();
  for (let index = 0; index < 100; index++) tail.push(Buffer.alloc(1000, 'x'));
  expect(tail.lines()[0]).toHaveLength(2000);
});
