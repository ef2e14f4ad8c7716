import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyFrameStartS, readVideoTrack } from './fragment-times.ts';

const NON_SYNC = 0x0001_0000;
const track = { trackId: 1, timescale: 90_000 };

describe('readVideoTrack', () => {
  it('finds the video track beside an audio track', () => {
    const init = box('moov', box('mvhd', words(0)), trak(1, 'soun', 48_000), trak(2, 'vide', 90_000));
    expect(readVideoTrack(init)).toEqual({ trackId: 2, timescale: 90_000 });
  });

  it('reads the long form of the headers', () => {
    const long = box(
      'trak',
      box('tkhd', words(0x0100_0000, 0, 0, 0, 0, 7)),
      box('mdia', box('mdhd', words(0x0100_0000, 0, 0, 0, 0, 12_800)), box('hdlr', words(0, 0), ascii('vide'))),
    );
    expect(readVideoTrack(box('moov', long))).toEqual({ trackId: 7, timescale: 12_800 });
  });

  it('finds none where there is only sound', () => {
    expect(readVideoTrack(box('moov', trak(1, 'soun', 48_000)))).toBeUndefined();
  });
});

describe('keyFrameStartS', () => {
  it('takes the first sample flags of the run', () => {
    const key = fragment({ trun: words(0x0000_0004, 1, 0x0200_0000) });
    const other = fragment({ trun: words(0x0000_0004, 1, NON_SYNC) });
    expect(keyFrameStartS(key, track)).toBe(2);
    expect(keyFrameStartS(other, track)).toBeUndefined();
  });

  it('takes the flags of the first sample itself, after its duration and size', () => {
    const key = fragment({ trun: words(0x0000_0701, 1, 8, 3600, 5000, 0) });
    const other = fragment({ trun: words(0x0000_0701, 1, 8, 3600, 5000, NON_SYNC) });
    expect(keyFrameStartS(key, track)).toBe(2);
    expect(keyFrameStartS(other, track)).toBeUndefined();
  });

  it('falls back to the default flags of the track fragment', () => {
    const trun = words(0x0000_0201, 1, 8, 5000);
    expect(keyFrameStartS(fragment({ trun, tfhd: words(0x0002_0038, 1, 3600, 5000, 0) }), track)).toBe(2);
    expect(
      keyFrameStartS(fragment({ trun, tfhd: words(0x0002_0038, 1, 3600, 5000, NON_SYNC) }), track),
    ).toBeUndefined();
  });

  it('reads 64-bit decode times', () => {
    const tfdt = words(0x0100_0000, 1, 0);
    const long = fragment({ trun: words(0x0000_0004, 1, 0), tfdt });
    expect(keyFrameStartS(long, track)).toBeCloseTo(2 ** 32 / 90_000);
  });

  it('ignores other tracks', () => {
    const sound = fragment({ trun: words(0x0000_0004, 1, 0), tfhd: words(0x0002_0000, 2) });
    expect(keyFrameStartS(sound, track)).toBeUndefined();
  });

  it('never reads outside of damaged bytes', () => {
    const whole = fragment({ trun: words(0x0000_0701, 1, 8, 3600, 5000, 0) });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, position, value) => {
        const damaged = whole.slice(0, length);
        if (position < length) damaged[position] = value;
        expect(() => keyFrameStartS(damaged, track)).not.toThrow();
        expect(() => readVideoTrack(damaged)).not.toThrow();
      }),
    );
  });
});

function fragment(parts: { trun: Uint8Array; tfhd?: Uint8Array; tfdt?: Uint8Array }): Uint8Array {
  const tfhd = parts.tfhd ?? words(0x0002_0000, 1);
  const tfdt = parts.tfdt ?? words(0, 180_000);
  return box(
    'moof',
    box('mfhd', words(0, 1)),
    box('traf', box('tfhd', tfhd), box('tfdt', tfdt), box('trun', parts.trun)),
  );
}

function trak(trackId: number, handler: string, timescale: number): Uint8Array {
  return box(
    'trak',
    box('tkhd', words(0, 0, 0, trackId)),
    box('mdia', box('mdhd', words(0, 0, 0, timescale)), box('hdlr', words(0, 0), ascii(handler))),
  );
}

function box(type: string, ...content: Uint8Array[]): Uint8Array {
  const sizeBytes = 8 + content.reduce((sum, part) => sum + part.length, 0);
  return concat([words(sizeBytes), ascii(type), ...content]);
}

function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setUint32(index * 4, value));
  return new Uint8Array(view.buffer);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function concat(parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
