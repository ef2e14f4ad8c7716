import { Mp4FormatError, boxTypeCode, readUInt64 } from './box-reader.ts';
import { parseInitSegment, type InitSegment } from './init-segment.ts';
import { noDefaults, readRunTables, sampleDefaultsOf, type TrackRun } from './track-run.ts';

export type { TrackRun };

/** One `moof` + `mdat`. FFmpeg's `frag_every_frame` makes each hold one frame of one track. */
export type Fragment = {
  /** `moof` + `mdat`. May be a view of a larger buffer; its owner must not change it. */
  bytes: Buffer;
  runs: TrackRun[];
};

export type FragmentSplitterOptions = {
  /** Called once, before any fragment. */
  onInit: (init: InitSegment) => void;
  onFragment: (fragment: Fragment) => void;
  /** A box larger than this is taken for garbage. */
  maxBoxBytes?: number;
};

/** A 4K key frame at 100 Mbit/s has well under 4 MB. */
const defaultMaxBoxBytes = 32 * 1024 * 1024;

const ftyp = boxTypeCode('ftyp');
const moov = boxTypeCode('moov');
const moof = boxTypeCode('moof');
const mdat = boxTypeCode('mdat');
/** Boxes that may stand between fragments and say nothing that a recorder needs. */
const skipped = new Set(['free', 'skip', 'styp', 'sidx', 'emsg', 'prft', 'uuid', 'wide', 'mfra'].map(boxTypeCode));

/**
 * Splits the stream that FFmpeg writes with `-f mp4 -movflags +frag_every_frame+empty_moov+default_base_moof` into its
 * init segment and its fragments.
 *
 * A fragment that lies within one chunk is handed on as a view of that chunk; one that crosses chunks is copied once.
 * Chunks must therefore not be reused by the caller.
 */
export class FragmentSplitter {
  readonly #onInit: (init: InitSegment) => void;
  readonly #onFragment: (fragment: Fragment) => void;
  readonly #maxBoxBytes: number;
  /** The unit (one box, or `moof` + `mdat`) that the last chunk began and did not end. */
  #partial: Buffer = Buffer.alloc(0);
  #partialBytes = 0;
  #fileType: Buffer = Buffer.alloc(0);
  #init: InitSegment | undefined;

  constructor({ onInit, onFragment, maxBoxBytes = defaultMaxBoxBytes }: FragmentSplitterOptions) {
    this.#onInit = onInit;
    this.#onFragment = onFragment;
    this.#maxBoxBytes = maxBoxBytes;
  }

  /** Bytes that wait for the rest of their box; not zero at the end of the stream means that it was cut off. */
  get pendingBytes(): number {
    return this.#partialBytes;
  }

  /**
   * Takes the next bytes and calls back for all that they complete.
   *
   * @throws Mp4FormatError on damaged or oversize boxes. The stream cannot be followed after that: drop the splitter.
   */
  push(chunk: Buffer): void {
    let offset = 0;
    if (this.#partialBytes > 0) offset = this.#completePartial(chunk);
    while (offset < chunk.length) {
      const neededBytes = this.#measureUnit(chunk, offset, chunk.length);
      if (neededBytes > chunk.length - offset) {
        this.#partial = Buffer.allocUnsafe(neededBytes);
        this.#partialBytes = chunk.copy(this.#partial, 0, offset);
        return;
      }
      this.#take(chunk.subarray(offset, offset + neededBytes));
      offset += neededBytes;
    }
  }

  /** Returns how many bytes of the chunk went into the partial unit. */
  #completePartial(chunk: Buffer): number {
    let offset = 0;
    for (;;) {
      const copied = chunk.copy(this.#partial, this.#partialBytes, offset);
      offset += copied;
      this.#partialBytes += copied;
      if (this.#partialBytes < this.#partial.length) return offset;

      // The buffer was as long as was known to be needed: a header, then moof and the next header, then all.
      const neededBytes = this.#measureUnit(this.#partial, 0, this.#partialBytes);
      if (neededBytes === this.#partialBytes) {
        const unit = this.#partial;
        this.#partialBytes = 0;
        this.#take(unit);
        return offset;
      }
      const larger = Buffer.allocUnsafe(neededBytes);
      this.#partial.copy(larger, 0, 0, this.#partialBytes);
      this.#partial = larger;
    }
  }

  /**
   * The size of the unit at `start`, if that is not more than what is there (`end - start`); else the number of bytes
   * that must be there to know more.
   */
  #measureUnit(bytes: Buffer, start: number, end: number): number {
    const firstBytes = this.#measureBox(bytes, start, end);
    if (firstBytes + 8 > end - start) {
      const isFragment = end - start >= 8 && bytes.readUInt32BE(start + 4) === moof;
      return isFragment ? firstBytes + 8 : firstBytes;
    }
    const type = bytes.readUInt32BE(start + 4);
    if (type !== moof) return firstBytes;
    const second = start + firstBytes;
    if (bytes.readUInt32BE(second + 4) !== mdat) throw new Mp4FormatError('moof is not followed by mdat');
    return firstBytes + this.#measureBox(bytes, second, end);
  }

  #measureBox(bytes: Buffer, start: number, end: number): number {
    if (end - start < 8) return 8;
    const type = bytes.readUInt32BE(start + 4);
    if (type !== moof && type !== mdat && type !== ftyp && type !== moov && !skipped.has(type)) {
      throw new Mp4FormatError('unknown box in the stream');
    }
    let boxBytes = bytes.readUInt32BE(start);
    if (boxBytes === 1) {
      if (end - start < 16) return 16;
      boxBytes = readUInt64(bytes, start + 8);
      if (boxBytes < 16) throw new Mp4FormatError('box is smaller than its header');
    }
    if (boxBytes < 8) throw new Mp4FormatError('box is smaller than its header');
    if (boxBytes > this.#maxBoxBytes) throw new Mp4FormatError(`box of ${boxBytes} bytes is over the bound`);
    return boxBytes;
  }

  #take(unit: Buffer): void {
    const type = unit.readUInt32BE(4);
    if (type === moof) {
      if (this.#init === undefined) throw new Mp4FormatError('fragment before the init segment');
      this.#onFragment({ bytes: unit, runs: parseFragment(unit, this.#init) });
    } else if (type === moov) {
      if (this.#init !== undefined) throw new Mp4FormatError('second moov in the stream');
      this.#init = parseInitSegment(Buffer.concat([this.#fileType, unit]));
      this.#onInit(this.#init);
    } else if (type === ftyp) {
      this.#fileType = Buffer.from(unit);
    } else if (type === mdat) {
      throw new Mp4FormatError('mdat without moof');
    }
  }
}

/**
 * Reads the runs of the `moof` at the start of `moofBytes`; what follows the `moof` is not looked at.
 *
 * @param init whose `trex` gives what the `moof` leaves unsaid. FFmpeg leaves nothing unsaid.
 * @throws Mp4FormatError
 */
export function parseFragment(moofBytes: Buffer, init?: InitSegment): TrackRun[] {
  const runs: TrackRun[] = [];
  readRunTables(moofBytes, 0, init === undefined ? () => noDefaults : sampleDefaultsOf(init), (table) => {
    runs.push({
      trackId: table.trackId,
      decodeTime: table.decodeTime,
      duration: table.duration,
      sampleCount: table.sampleCount,
      keyFrame: table.keyFrame,
      sampleBytes: table.sampleBytes,
    });
  });
  return runs;
}
