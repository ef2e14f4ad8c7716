import { describe, expect, it } from 'vitest';
import { ParameterSetWatch } from './parameter-set-watch.ts';

/** `moof` and `mdat` of a frame with these NAL units. */
function fragment(...units: Buffer[]): Buffer {
  const sized = units.flatMap((unit) => [lengthOf(unit.length), unit]);
  const bytes = sized.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([lengthOf(8), Buffer.from('moof'), lengthOf(8 + bytes), Buffer.from('mdat'), ...sized]);
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}

const h264 = { sps: (id: number) => Buffer.from([0x67, id]), slice: Buffer.from([0x65, 1, 2]) };
const h265 = {
  vps: Buffer.from([0x40, 1]),
  sps: (id: number) => Buffer.from([0x42, 1, id]),
  slice: Buffer.from([0x28]),
};

describe('ParameterSetWatch', () => {
  it('finds another sequence parameter set', () => {
    const watch = new ParameterSetWatch('avc1.42c01e');
    expect(watch.hasChanged(fragment(h264.sps(1), h264.slice))).toBe(false);
    expect(watch.hasChanged(fragment(h264.sps(1), h264.slice))).toBe(false);
    expect(watch.hasChanged(fragment(h264.sps(2), h264.slice))).toBe(true);
  });

  it('takes the first sets that come, and key frames without any as they are', () => {
    const watch = new ParameterSetWatch('avc1.42c01e');
    expect(watch.hasChanged(fragment(h264.slice))).toBe(false);
    expect(watch.hasChanged(fragment(h264.sps(1), h264.slice))).toBe(false);
    expect(watch.hasChanged(fragment(h264.slice))).toBe(false);
  });

  it('does not count how often a key frame repeats a set', () => {
    const watch = new ParameterSetWatch('hvc1.1.6.L93.90');
    expect(watch.hasChanged(fragment(h265.vps, h265.sps(1), h265.vps, h265.sps(1), h265.slice))).toBe(false);
    expect(watch.hasChanged(fragment(h265.vps, h265.sps(1), h265.slice))).toBe(false);
    expect(watch.hasChanged(fragment(h265.vps, h265.sps(2), h265.slice))).toBe(true);
  });
});
