import { Mp4FormatError, findBox, readBoxes, requireBox, requireContent, type Box } from './box-reader.ts';

/** Fixed fields before the child boxes: VisualSampleEntry (14496-12 12.1.3), AudioSampleEntry version 0 (12.2.3). */
export const visualEntryBytes = 78;
const audioEntryBytes = 28;

/** The parts of an MPEG-4 elementary stream descriptor that matter here; offsets are absolute. */
type ElementaryStream = { objectType: number; bitratesOffset: number; audio: AudioConfiguration | undefined };
type AudioConfiguration = { objectType: number; channels: number | undefined };

/**
 * The RFC 6381 codec string of a sample entry (a whole box): `avc1.64001f`, `hvc1.1.6.L93.B0`, `mp4a.40.2`.
 *
 * @throws Mp4FormatError when the decoder configuration is missing or cut off.
 */
export function codecString(sampleEntry: Buffer, entry: Box): string {
  const { type } = entry;
  switch (type) {
    case 'avc1':
    case 'avc3':
      return `${type}.${avcSuffix(sampleEntry, entry)}`;
    case 'hvc1':
    case 'hev1':
      return `${type}.${hevcSuffix(sampleEntry, entry)}`;
    case 'mp4a':
    case 'mp4v':
      return `${type}.${elementarySuffix(sampleEntry, entry)}`;
    case 'Opus':
      return 'opus';
    case 'fLaC':
      return 'flac';
    default:
      return type;
  }
}

/**
 * The number of channels of an audio sample entry. FFmpeg writes 2 into the entry itself, whatever the stream has; the
 * decoder configuration knows better.
 *
 * @throws Mp4FormatError
 */
export function channelCount(sampleEntry: Buffer, entry: Box): number {
  requireContent(entry, audioEntryBytes);
  const written = sampleEntry.readUInt16BE(entry.contentOffset + 16);
  if (entry.type !== 'mp4a') return written;
  return (
    readElementaryStream(sampleEntry, childOf(sampleEntry, entry, 'esds', audioEntryBytes)).audio?.channels ?? written
  );
}

/**
 * The sample entry without what may differ between two runs on the same stream: FFmpeg writes bit rates that it
 * estimated while probing (`btrt`, and two fields of `esds`). Two entries with equal keys feed the same decoder.
 */
export function sampleEntryKey(sampleEntry: Buffer, kind: 'video' | 'audio'): Buffer {
  const fixedBytes = 8 + (kind === 'video' ? visualEntryBytes : audioEntryBytes);
  const parts = [Buffer.from(sampleEntry.subarray(4, fixedBytes))];
  for (const child of readBoxes(sampleEntry, fixedBytes)) {
    if (child.type === 'btrt') continue;
    const part = Buffer.from(sampleEntry.subarray(child.offset, child.endOffset));
    if (child.type === 'esds') {
      const { bitratesOffset } = readElementaryStream(sampleEntry, child);
      part.fill(0, bitratesOffset - child.offset, bitratesOffset - child.offset + 8);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function avcSuffix(bytes: Buffer, entry: Box): string {
  const configuration = childOf(bytes, entry, 'avcC', visualEntryBytes);
  requireContent(configuration, 7);
  return bytes.toString('hex', configuration.contentOffset + 1, configuration.contentOffset + 4);
}

/** ISO/IEC 14496-15 Annex E.3. */
function hevcSuffix(bytes: Buffer, entry: Box): string {
  const configuration = childOf(bytes, entry, 'hvcC', visualEntryBytes);
  requireContent(configuration, 23);
  const at = configuration.contentOffset;
  const profile = bytes.readUInt8(at + 1);
  const profileSpace = ['', 'A', 'B', 'C'][profile >> 6] ?? '';
  const tier = profile & 0x20 ? 'H' : 'L';
  const compatibility = reverseBits(bytes.readUInt32BE(at + 2))
    .toString(16)
    .toUpperCase();
  const constraints = [...bytes.subarray(at + 6, at + 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const level = bytes.readUInt8(at + 12);
  const parts = [`${profileSpace}${profile & 0x1f}`, compatibility, `${tier}${level}`];
  for (const constraint of constraints) parts.push(constraint.toString(16).toUpperCase());
  return parts.join('.');
}

function elementarySuffix(bytes: Buffer, entry: Box): string {
  const fixedBytes = entry.type === 'mp4a' ? audioEntryBytes : visualEntryBytes;
  const stream = readElementaryStream(bytes, childOf(bytes, entry, 'esds', fixedBytes));
  const objectType = stream.objectType.toString(16).padStart(2, '0');
  return stream.audio === undefined ? objectType : `${objectType}.${stream.audio.objectType}`;
}

function childOf(bytes: Buffer, entry: Box, type: string, fixedBytes: number): Box {
  requireContent(entry, fixedBytes);
  const start = entry.contentOffset + fixedBytes;
  // QuickTime wraps the audio descriptor in a wave box.
  const wave = findBox(bytes, 'wave', start, entry.endOffset);
  if (wave !== undefined) return requireBox(bytes, type, wave.contentOffset, wave.endOffset);
  return requireBox(bytes, type, start, entry.endOffset);
}

/** ISO/IEC 14496-1 7.2.6.5: ES_Descriptor, DecoderConfigDescriptor, DecoderSpecificInfo. */
function readElementaryStream(bytes: Buffer, esds: Box): ElementaryStream {
  let offset = esds.contentOffset + 4;
  const need = (count: number): void => {
    if (offset + count > esds.endOffset) throw new Mp4FormatError('esds box is too short');
  };
  const openDescriptor = (tag: number): number => {
    need(2);
    if (bytes.readUInt8(offset) !== tag) throw new Mp4FormatError(`esds box lacks descriptor ${tag}`);
    offset += 1;
    let length = 0;
    for (let count = 0; count < 4; count += 1) {
      need(1);
      const byte = bytes.readUInt8(offset);
      offset += 1;
      length = (length << 7) | (byte & 0x7f);
      if (byte < 0x80) break;
    }
    return length;
  };
  openDescriptor(3);
  need(3);
  const flags = bytes.readUInt8(offset + 2);
  offset += 3;
  if (flags & 0x80) offset += 2;
  if (flags & 0x40) {
    need(1);
    offset += 1 + bytes.readUInt8(offset);
  }
  if (flags & 0x20) offset += 2;
  const configurationLength = openDescriptor(4);
  need(13);
  const objectType = bytes.readUInt8(offset);
  const bitratesOffset = offset + 5;
  offset += 13;
  if (objectType !== 0x40 || configurationLength <= 13) return { objectType, bitratesOffset, audio: undefined };
  openDescriptor(5);
  need(2);
  return { objectType, bitratesOffset, audio: readAudioConfiguration(bytes.subarray(offset, esds.endOffset)) };
}

/** AudioSpecificConfig, ISO/IEC 14496-3 1.6.2.1. */
function readAudioConfiguration(config: Buffer): AudioConfiguration {
  let position = 0;
  const readBits = (count: number): number => {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, position += 1) {
      value = value * 2 + (((config[position >> 3] ?? 0) >> (7 - (position & 7))) & 1);
    }
    return value;
  };
  let objectType = readBits(5);
  if (objectType === 31) objectType = 32 + readBits(6);
  if (readBits(4) === 15) readBits(24);
  const channelConfiguration = readBits(4);
  // 0 leaves it to the stream; 7 is 7.1.
  const channels = channelConfiguration === 7 ? 8 : channelConfiguration || undefined;
  return { objectType, channels };
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = (reversed << 1) | ((value >>> bit) & 1);
  return reversed >>> 0;
}
