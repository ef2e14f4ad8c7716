import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RtspReader, RtspSyntaxError, formatResponse } from './rtsp-message.ts';

const OPTIONS = Buffer.from('OPTIONS rtsp://host/yard RTSP/1.0\r\nCSeq: 1\r\n\r\n');
const WITH_BODY = Buffer.from('SET_PARAMETER rtsp://host/yard RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nhello');
const REPORT = Buffer.from([0x24, 3, 0, 4, 0x0d, 0x0a, 0x0d, 0x0a]);

test('finds the same messages wherever the network cuts the bytes', () => {
  const stream = Buffer.concat([OPTIONS, REPORT, WITH_BODY, Buffer.from('\r\n'), OPTIONS]);
  const whole = new RtspReader().push(stream);
  expect(whole.map((message) => (message.kind === 'request' ? message.method : message.channel))).toEqual([
    'OPTIONS',
    3,
    'SET_PARAMETER',
    'OPTIONS',
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const reader = new RtspReader();
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const messages = edges.slice(1).flatMap((end, at) => reader.push(stream.subarray(edges[at], end)));
      expect(messages).toEqual(whole);
    }),
  );
});

test('garbage is refused or waited for, and nothing else happens', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(`${text}\r\n\r\n`)),
    fc.constantFrom(OPTIONS, REPORT, WITH_BODY, Buffer.from('PLAY * RTSP/1.0\r\nContent-Length: -1\r\n\r\n')),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const reader = new RtspReader();
      try {
        for (const bytes of pieces) reader.push(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(RtspSyntaxError);
      }
    }),
  );
});

test('an endless header and a huge body are refused', () => {
  expect(() => new RtspReader().push(Buffer.alloc(20_000, 'A'))).toThrow(RtspSyntaxError);
  const huge = Buffer.from('PLAY rtsp://host/yard RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n');
  expect(() => new RtspReader().push(huge)).toThrow(RtspSyntaxError);
});

test('a response carries the length of its body in bytes', () => {
  expect(formatResponse(200, { CSeq: '4' }, 'é')).toBe('RTSP/1.0 200 OK\r\nCSeq: 4\r\nContent-Length: 2\r\n\r\né');
});
