/** Where the video track of a fragmented MP4 stands and how it counts time. */
export interface VideoTrack {
  trackId: number;
  /** Ticks a second. */
  timescale: number;
}

interface Box {
  type: string;
  /** Content only, without the header. */
  start: number;
  end: number;
}

/** sample_is_non_sync_sample of the sample flags, ISO/IEC 14496-12 8.8.3.1. */
const NON_SYNC_SAMPLE = 0x0001_0000;

/** The video track of an init segment (ftyp + moov); undefined where there is none. */
export function readVideoTrack(init: Uint8Array): VideoTrack | undefined {
  const view = viewOf(init);
  const moov = find(view, 'moov', 0, view.byteLength);
  if (moov === undefined) return undefined;
  for (const trak of boxes(view, moov.start, moov.end)) {
    if (trak.type !== 'trak') continue;
    const header = find(view, 'tkhd', trak.start, trak.end);
    const media = find(view, 'mdia', trak.start, trak.end);
    const handler = media && find(view, 'hdlr', media.start, media.end);
    const mediaHeader = media && find(view, 'mdhd', media.start, media.end);
    if (!header || !handler || !mediaHeader) continue;
    if (fourCharacters(view, handler.start + 8) !== 'vide') continue;
    // Version 1 has two 64-bit times before these fields (8.3.2.2, 8.4.2.2).
    const trackId = view.getUint32(header.start + (view.getUint8(header.start) === 1 ? 20 : 12));
    const timescale = view.getUint32(mediaHeader.start + (view.getUint8(mediaHeader.start) === 1 ? 20 : 12));
    return timescale === 0 ? undefined : { trackId, timescale };
  }
  return undefined;
}

/**
 * When a fragment's video begins, in seconds of media time, if its first sample is a key frame; else undefined.
 * Reads tfdt, and the first sample's flags from trun or tfhd (ISO/IEC 14496-12 8.8.7, 8.8.8, 8.8.12).
 */
export function keyFrameStartS(fragment: Uint8Array, track: VideoTrack): number | undefined {
  const view = viewOf(fragment);
  const moof = find(view, 'moof', 0, view.byteLength);
  if (moof === undefined) return undefined;
  for (const traf of boxes(view, moof.start, moof.end)) {
    if (traf.type !== 'traf') continue;
    const header = find(view, 'tfhd', traf.start, traf.end);
    const decodeTime = find(view, 'tfdt', traf.start, traf.end);
    const run = find(view, 'trun', traf.start, traf.end);
    if (!header || !decodeTime || !run || view.getUint32(header.start + 4) !== track.trackId) continue;
    const flags = firstSampleFlags(view, run) ?? defaultSampleFlags(view, header) ?? 0;
    if ((flags & NON_SYNC_SAMPLE) !== 0) return undefined;
    const isLong = view.getUint8(decodeTime.start) === 1;
    const ticks = isLong ? Number(view.getBigUint64(decodeTime.start + 4)) : view.getUint32(decodeTime.start + 4);
    return ticks / track.timescale;
  }
  return undefined;
}

function firstSampleFlags(view: DataView, run: Box): number | undefined {
  const flags = view.getUint32(run.start) & 0xff_ffff;
  let offset = run.start + 8 + ((flags & 0x1) !== 0 ? 4 : 0);
  if ((flags & 0x4) !== 0) return readInside(view, offset, run.end);
  if ((flags & 0x400) === 0) return undefined;
  if ((flags & 0x100) !== 0) offset += 4;
  if ((flags & 0x200) !== 0) offset += 4;
  return readInside(view, offset, run.end);
}

function defaultSampleFlags(view: DataView, header: Box): number | undefined {
  const flags = view.getUint32(header.start) & 0xff_ffff;
  if ((flags & 0x20) === 0) return undefined;
  let offset = header.start + 8;
  if ((flags & 0x1) !== 0) offset += 8;
  if ((flags & 0x2) !== 0) offset += 4;
  if ((flags & 0x8) !== 0) offset += 4;
  if ((flags & 0x10) !== 0) offset += 4;
  return readInside(view, offset, header.end);
}

function readInside(view: DataView, offset: number, end: number): number | undefined {
  return offset + 4 <= end ? view.getUint32(offset) : undefined;
}

function find(view: DataView, type: string, start: number, end: number): Box | undefined {
  for (const box of boxes(view, start, end)) if (box.type === type) return box;
  return undefined;
}

/** The boxes side by side in a range; stops at the first which does not fit, so that damage never reads outside. */
function* boxes(view: DataView, start: number, end: number): Generator<Box> {
  let offset = start;
  while (offset + 8 <= end) {
    let size = view.getUint32(offset);
    let headerBytes = 8;
    if (size === 1) {
      if (offset + 16 > end) return;
      size = Number(view.getBigUint64(offset + 8));
      headerBytes = 16;
    }
    if (size < headerBytes + 4 || offset + size > end) return;
    yield { type: fourCharacters(view, offset + 4), start: offset + headerBytes, end: offset + size };
    offset += size;
  }
}

function fourCharacters(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
