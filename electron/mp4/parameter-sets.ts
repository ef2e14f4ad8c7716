import { findBox, readBox, requireContent, type Box } from './box-reader.ts';
import { visualEntryBytes } from './codec-string.ts';

/** VPS, SPS and PPS of HEVC (ITU-T H.265 table 7-1); its configuration may hold SEI messages too. */
const hevcParameterSetTypes = new Set([32, 33, 34]);

/**
 * The parameter sets in a sample entry as they would stand in a sample: each NAL unit after its length
 * (ISO/IEC 14496-15 5.3.3.1.2 and 8.3.3.1.2). Empty for other codecs than AVC and HEVC.
 *
 * @throws Mp4FormatError when the entry is damaged.
 */
export function parameterSets(sampleEntry: Buffer): Buffer {
  const entry = readBox(sampleEntry, 0);
  const start = entry.contentOffset + visualEntryBytes;
  const avc = findBox(sampleEntry, 'avcC', start, entry.endOffset);
  if (avc !== undefined) return avcParameterSets(sampleEntry, avc);
  const hevc = findBox(sampleEntry, 'hvcC', start, entry.endOffset);
  if (hevc !== undefined) return hevcParameterSets(sampleEntry, hevc);
  return Buffer.alloc(0);
}

function avcParameterSets(bytes: Buffer, box: Box): Buffer {
  requireContent(box, 7);
  const lengthBytes = (bytes.readUInt8(box.contentOffset + 4) & 3) + 1;
  const units = new NalUnits(bytes, box.contentOffset + 5, box.endOffset, lengthBytes);
  units.take(units.readUInt8() & 0x1f);
  units.take(units.readUInt8());
  return units.concat();
}

function hevcParameterSets(bytes: Buffer, box: Box): Buffer {
  requireContent(box, 23);
  const lengthBytes = (bytes.readUInt8(box.contentOffset + 21) & 3) + 1;
  const units = new NalUnits(bytes, box.contentOffset + 22, box.endOffset, lengthBytes);
  const arrays = units.readUInt8();
  for (let index = 0; index < arrays; index += 1) {
    const type = units.readUInt8() & 0x3f;
    units.take(units.readUInt16(), hevcParameterSetTypes.has(type));
  }
  return units.concat();
}

/** Reads NAL units with 16-bit lengths, as a configuration stores them; ends quietly where the box ends. */
class NalUnits {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #lengthBytes: number;
  #offset: number;
  readonly #parts: Buffer[] = [];

  constructor(bytes: Buffer, offset: number, end: number, lengthBytes: number) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = end;
    this.#lengthBytes = lengthBytes;
  }

  readUInt8(): number {
    return this.#read(1);
  }

  readUInt16(): number {
    return this.#read(2);
  }

  take(count: number, isKept = true): void {
    for (let index = 0; index < count && this.#offset < this.#end; index += 1) {
      const unitBytes = this.readUInt16();
      const unit = this.#bytes.subarray(this.#offset, Math.min(this.#offset + unitBytes, this.#end));
      this.#offset += unitBytes;
      // A one-byte length, which nobody uses, cannot say how long a parameter set is.
      if (!isKept || unit.length < unitBytes || unitBytes >= 2 ** (8 * this.#lengthBytes)) continue;
      const length = Buffer.alloc(this.#lengthBytes);
      length.writeUIntBE(unitBytes, 0, this.#lengthBytes);
      this.#parts.push(length, unit);
    }
  }

  concat(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #read(fieldBytes: number): number {
    if (this.#offset + fieldBytes > this.#end) return 0;
    const value = this.#bytes.readUIntBE(this.#offset, fieldBytes);
    this.#offset += fieldBytes;
    return value;
  }
}
