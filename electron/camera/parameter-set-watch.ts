/** FFmpeg's MP4 muxer writes NAL units after four bytes of length. */
const LENGTH_BYTES = 4;

/**
 * Notices that a camera changed its sequence parameter sets, and so maybe its resolution, within a run. FFmpeg copies
 * on and the init segment, which describes the stream to every decoder, is then wrong.
 *
 * What counts is a set that the first key frame did not have, not a difference from the init segment: many cameras
 * announce parameter sets in SDP which differ a little from those that they send. Nor does it count how often a key
 * frame repeats a set: H.265 cameras do it as they please.
 */
export class ParameterSetWatch {
  readonly #isParameterSet: (firstByte: number) => boolean;
  /** Those of the first key frame that had any. */
  #known: Buffer[] | undefined;

  /** @param codec RFC 6381 */
  constructor(codec: string) {
    // ITU-T H.264 table 7-1 and H.265 table 7-1.
    this.#isParameterSet = codec.startsWith('avc')
      ? (firstByte) => (firstByte & 0x1f) === 7
      : (firstByte) => ((firstByte >> 1) & 0x3f) === 33;
  }

  /** @param fragment `moof` and `mdat` of one key frame. A key frame without parameter sets changes nothing. */
  hasChanged(fragment: Buffer): boolean {
    const sets = this.#read(fragment);
    if (sets.length === 0) return false;
    // Copies: the fragment's memory is much larger and is not kept for this.
    const known = (this.#known ??= sets.map((set) => Buffer.from(set)));
    return sets.some((set) => !known.some((earlier) => earlier.equals(set)));
  }

  #read(fragment: Buffer): Buffer[] {
    const sets: Buffer[] = [];
    let at = fragment.readUInt32BE(0) + 8;
    while (at + LENGTH_BYTES < fragment.length) {
      const start = at + LENGTH_BYTES;
      const end = start + fragment.readUInt32BE(at);
      if (end > fragment.length) break;
      if (this.#isParameterSet(fragment.readUInt8(start))) sets.push(fragment.subarray(start, end));
      at = end;
    }
    return sets;
  }
}
