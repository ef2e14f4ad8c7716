import { Mp4FormatError, findBox, readBox, readBoxes, requireBox, requireContent, type Box } from './box-reader.ts';
import { channelCount, codecString, sampleEntryKey } from './codec-string.ts';

/** What a fragment leaves unsaid (`trex`, ISO/IEC 14496-12 8.8.3). */
export type SampleDefaults = { duration: number; sizeBytes: number; flags: number };

export type TrackInfo = {
  trackId: number;
  kind: 'video' | 'audio';
  /** RFC 6381, e.g. `avc1.64001f`, `hvc1.1.6.L93.B0`, `mp4a.40.2`. */
  codec: string;
  /** Ticks per second of this track's times. */
  timescale: number;
  width?: number;
  height?: number;
  sampleRate?: number;
  channels?: number;
  /** The whole sample entry box, with the decoder configuration in it. */
  sampleEntry: Buffer;
  sampleDefaults: SampleDefaults;
};

/** `ftyp` + `moov` of a fragmented MP4. */
export type InitSegment = {
  bytes: Buffer;
  tracks: TrackInfo[];
  /** For Media Source Extensions, e.g. `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
  mimeType: string;
};

/**
 * Reads an init segment: an optional `ftyp`, then `moov` (ISO/IEC 14496-12 8.2). Tracks that are neither video nor
 * audio are left out of `tracks`. The result keeps `bytes`; it does not copy them.
 *
 * @throws Mp4FormatError when the boxes are damaged, or when there is no video or audio track.
 */
export function parseInitSegment(bytes: Buffer): InitSegment {
  const moov = requireBox(bytes, 'moov', 0, bytes.length);
  const defaults = readDefaults(bytes, moov);
  const tracks: TrackInfo[] = [];
  for (const box of readBoxes(bytes, moov.contentOffset, moov.endOffset)) {
    if (box.type !== 'trak') continue;
    const track = readTrack(bytes, box, defaults);
    if (track !== undefined) tracks.push(track);
  }
  const main = tracks.find((track) => track.kind === 'video') ?? tracks[0];
  if (main === undefined) throw new Mp4FormatError('init segment has no video or audio track');
  const codecs = tracks.map((track) => track.codec).join(',');
  return { bytes, tracks, mimeType: `${main.kind}/mp4; codecs="${codecs}"` };
}

/**
 * The same init segment with the video tracks only: `trak` and `trex` of every other track are dropped. Feed it with
 * the video fragments alone.
 *
 * @throws Mp4FormatError when there is no video track.
 */
export function videoOnlyInit(init: InitSegment): InitSegment {
  if (init.tracks.every((track) => track.kind === 'video')) return init;
  const kept = new Set(init.tracks.filter((track) => track.kind === 'video').map((track) => track.trackId));
  const { bytes } = init;
  const parts: Buffer[] = [];
  for (const box of readBoxes(bytes)) {
    const part = bytes.subarray(box.offset, box.endOffset);
    parts.push(box.type === 'moov' ? filterContainer(bytes, box, kept) : part);
  }
  return parseInitSegment(Buffer.concat(parts));
}

/**
 * Whether fragments of both can follow each other in one decoder: the same tracks, timescales and sample entries byte
 * for byte, save the bit rates that FFmpeg only estimates.
 */
export function sameConfiguration(a: InitSegment, b: InitSegment): boolean {
  if (a.tracks.length !== b.tracks.length) return false;
  return a.tracks.every((track, index) => {
    const other = b.tracks[index];
    return (
      other !== undefined &&
      track.trackId === other.trackId &&
      track.kind === other.kind &&
      track.timescale === other.timescale &&
      sameSampleEntry(track, other)
    );
  });
}

/** Whether samples of both tracks, which must be of one kind, can be fed to one decoder. */
export function sameSampleEntry(a: TrackInfo, b: TrackInfo): boolean {
  return sampleEntryKey(a.sampleEntry, a.kind).equals(sampleEntryKey(b.sampleEntry, b.kind));
}

function readDefaults(bytes: Buffer, moov: Box): Map<number, SampleDefaults> {
  const defaults = new Map<number, SampleDefaults>();
  const mvex = findBox(bytes, 'mvex', moov.contentOffset, moov.endOffset);
  if (mvex === undefined) return defaults;
  for (const box of readBoxes(bytes, mvex.contentOffset, mvex.endOffset)) {
    if (box.type !== 'trex') continue;
    requireContent(box, 24);
    const at = box.contentOffset;
    defaults.set(bytes.readUInt32BE(at + 4), {
      duration: bytes.readUInt32BE(at + 12),
      sizeBytes: bytes.readUInt32BE(at + 16),
      flags: bytes.readUInt32BE(at + 20),
    });
  }
  return defaults;
}

function readTrack(bytes: Buffer, trak: Box, defaults: Map<number, SampleDefaults>): TrackInfo | undefined {
  const mdia = requireBox(bytes, 'mdia', trak.contentOffset, trak.endOffset);
  const hdlr = requireBox(bytes, 'hdlr', mdia.contentOffset, mdia.endOffset);
  requireContent(hdlr, 12);
  const handler = bytes.toString('latin1', hdlr.contentOffset + 8, hdlr.contentOffset + 12);
  if (handler !== 'vide' && handler !== 'soun') return undefined;

  const trackId = readTrackId(bytes, trak);
  const mdhd = requireBox(bytes, 'mdhd', mdia.contentOffset, mdia.endOffset);
  requireContent(mdhd, 24);
  const timescale = bytes.readUInt32BE(mdhd.contentOffset + (bytes[mdhd.contentOffset] === 1 ? 20 : 12));
  if (timescale === 0) throw new Mp4FormatError('track has no timescale');

  const minf = requireBox(bytes, 'minf', mdia.contentOffset, mdia.endOffset);
  const stbl = requireBox(bytes, 'stbl', minf.contentOffset, minf.endOffset);
  const stsd = requireBox(bytes, 'stsd', stbl.contentOffset, stbl.endOffset);
  requireContent(stsd, 16);
  const entry = readBox(bytes, stsd.contentOffset + 8, stsd.endOffset);
  const shared = {
    trackId,
    timescale,
    codec: codecString(bytes, entry),
    sampleEntry: bytes.subarray(entry.offset, entry.endOffset),
    sampleDefaults: defaults.get(trackId) ?? { duration: 0, sizeBytes: 0, flags: 0 },
  };
  const at = entry.contentOffset;
  if (handler === 'vide') {
    requireContent(entry, 28);
    return { ...shared, kind: 'video', width: bytes.readUInt16BE(at + 24), height: bytes.readUInt16BE(at + 26) };
  }
  requireContent(entry, 28);
  // 16.16 fixed point holds no rate of 65,536 Hz or more; FFmpeg uses the rate as timescale.
  const sampleRate = bytes.readUInt16BE(at + 24) || timescale;
  return { ...shared, kind: 'audio', channels: channelCount(bytes, entry), sampleRate };
}

function readTrackId(bytes: Buffer, trak: Box): number {
  const tkhd = requireBox(bytes, 'tkhd', trak.contentOffset, trak.endOffset);
  requireContent(tkhd, 24);
  return bytes.readUInt32BE(tkhd.contentOffset + (bytes[tkhd.contentOffset] === 1 ? 20 : 12));
}

/** Copies `moov` or `mvex` without the `trak` and `trex` of tracks that are not kept. */
function filterContainer(bytes: Buffer, container: Box, kept: ReadonlySet<number>): Buffer {
  const parts: Buffer[] = [];
  for (const box of readBoxes(bytes, container.contentOffset, container.endOffset)) {
    if (box.type === 'trak' && !kept.has(readTrackId(bytes, box))) continue;
    if (box.type === 'trex' && !kept.has(bytes.readUInt32BE(box.contentOffset + 4))) continue;
    parts.push(box.type === 'mvex' ? filterContainer(bytes, box, kept) : bytes.subarray(box.offset, box.endOffset));
  }
  const content = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length, 0);
  header.write(container.type, 4, 'latin1');
  return Buffer.concat([header, content]);
}
