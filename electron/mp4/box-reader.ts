/** The bytes are not the MP4 that they should be. The message says which box and why; it never holds media data. */
export class Mp4FormatError extends Error {
  override readonly name = 'Mp4FormatError';
}

/** Where one box lies. All offsets are absolute in the buffer that was read. */
export type Box = {
  type: string;
  offset: number;
  contentOffset: number;
  endOffset: number;
};

/**
 * Iterates the boxes that fill `bytes[start, end)`, with 32-bit and 64-bit sizes (ISO/IEC 14496-12 4.2).
 *
 * @throws Mp4FormatError when a box does not fit into the range.
 */
export function* readBoxes(bytes: Buffer, start = 0, end = bytes.length): Generator<Box, void, void> {
  let offset = start;
  while (offset < end) {
    const box = readBox(bytes, offset, end);
    yield box;
    offset = box.endOffset;
  }
}

/**
 * Reads the header of the box at `offset`, which must lie in `bytes[offset, end)` as a whole.
 *
 * @throws Mp4FormatError
 */
export function readBox(bytes: Buffer, offset: number, end = bytes.length): Box {
  if (end > bytes.length || end - offset < 8) throw new Mp4FormatError(`box header cut off at ${offset}`);
  const type = bytes.toString('latin1', offset + 4, offset + 8);
  let sizeBytes = bytes.readUInt32BE(offset);
  let headerBytes = 8;
  if (sizeBytes === 1) {
    if (end - offset < 16) throw new Mp4FormatError(`box header cut off at ${offset}`);
    sizeBytes = readUInt64(bytes, offset + 8);
    headerBytes = 16;
  } else if (sizeBytes === 0) {
    sizeBytes = end - offset;
  }
  if (sizeBytes < headerBytes || offset + sizeBytes > end) {
    throw new Mp4FormatError(`box of ${sizeBytes} bytes at ${offset} does not fit`);
  }
  return { type, offset, contentOffset: offset + headerBytes, endOffset: offset + sizeBytes };
}

/** The first child of that type in `bytes[start, end)`, or undefined. */
export function findBox(bytes: Buffer, type: string, start: number, end: number): Box | undefined {
  for (const box of readBoxes(bytes, start, end)) if (box.type === type) return box;
  return undefined;
}

/**
 * The first child of that type in `bytes[start, end)`.
 *
 * @throws Mp4FormatError when there is none.
 */
export function requireBox(bytes: Buffer, type: string, start: number, end: number): Box {
  const box = findBox(bytes, type, start, end);
  if (box === undefined) throw new Mp4FormatError(`no ${type} box`);
  return box;
}

/** Checks that a box holds at least `count` bytes of content, so that its fixed fields can be read. */
export function requireContent(box: Box, count: number): void {
  if (box.endOffset - box.contentOffset < count) throw new Mp4FormatError(`${box.type} box is too short`);
}

/** A 64-bit field as a number; times and sizes beyond 2^53 are not media but damage. */
export function readUInt64(bytes: Buffer, offset: number): number {
  const value = bytes.readUInt32BE(offset) * 0x1_0000_0000 + bytes.readUInt32BE(offset + 4);
  if (value > Number.MAX_SAFE_INTEGER) throw new Mp4FormatError(`64-bit field at ${offset} is out of range`);
  return value;
}

/** A box type as the number that `readUInt32BE` gives, for comparing on the hot path. */
export function boxTypeCode(type: string): number {
  return Buffer.from(type, 'latin1').readUInt32BE(0);
}
