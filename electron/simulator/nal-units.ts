import type { VideoCodec } from './clip.ts';

/** Splits an Annex B byte stream (ITU-T H.264 annex B) into NAL units without start codes; the units share its memory. */
export function splitAnnexB(bytes: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  for (let at = bytes.indexOf(START_CODE); at !== -1; at = bytes.indexOf(START_CODE, at + START_CODE.length)) {
    if (start !== -1) units.push(withoutTrailingZeros(bytes.subarray(start, at)));
    start = at + START_CODE.length;
  }
  if (start !== -1) units.push(withoutTrailingZeros(bytes.subarray(start)));
  return units.filter((unit) => unit.length > 0);
}

/** True for IDR and other random access pictures (H.264 table 7-1; H.265 table 7-1, types 16 to 21). */
export function isKeyUnit(unit: Buffer, codec: VideoCodec): boolean {
  const type = unitType(unit, codec);
  return codec === 'h264' ? type === 5 : type >= 16 && type <= 21;
}

export function isParameterSet(unit: Buffer, codec: VideoCodec): boolean {
  const type = unitType(unit, codec);
  return codec === 'h264' ? type === 7 || type === 8 : type >= 32 && type <= 34;
}

/** True for coded slices, the units that carry picture data. */
export function isSlice(unit: Buffer, codec: VideoCodec): boolean {
  const type = unitType(unit, codec);
  return codec === 'h264' ? type >= 1 && type <= 5 : type < 32;
}

const START_CODE = Buffer.from([0, 0, 1]);

function unitType(unit: Buffer, codec: VideoCodec): number {
  const first = unit[0] ?? 0;
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

/** A fourth start code byte and trailing_zero_8bits belong to the byte stream, not to the unit before them. */
function withoutTrailingZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}
