import { Mp4FormatError, findBox, readBoxes, requireBox, type Box } from '../mp4/box-reader.ts';
import { box } from '../mp4/box-writer.ts';
import { visualEntryBytes } from '../mp4/codec-string.ts';
import { parseInitSegment, type InitSegment } from '../mp4/init-segment.ts';

/**
 * One init segment for the video and the sound which FFmpeg writes to two outputs. The track ids must differ.
 *
 * HEVC becomes `hvc1`, the only form that Apple's players and most browsers take; FFmpeg writes `hev1` unless it is
 * told before it knows the codec.
 *
 * @throws Mp4FormatError
 */
export function joinInit(video: InitSegment, audio: InitSegment | undefined): InitSegment {
  const moov = childrenOf(video.bytes, requireBox(video.bytes, 'moov', 0, video.bytes.length));
  const parts = moov.map((part) => (typeOf(part) === 'trak' ? toHvc1(part) : part));
  if (audio !== undefined) {
    const audioMoov = childrenOf(audio.bytes, requireBox(audio.bytes, 'moov', 0, audio.bytes.length));
    const lastTrack = parts.findLastIndex((part) => typeOf(part) === 'trak');
    parts.splice(lastTrack + 1, 0, ...audioMoov.filter((part) => typeOf(part) === 'trak'));
    const extends_ = parts.findIndex((part) => typeOf(part) === 'mvex');
    const mvex = parts[extends_];
    const audioMvex = audioMoov.find((part) => typeOf(part) === 'mvex');
    if (mvex === undefined || audioMvex === undefined) throw new Mp4FormatError('init segment without mvex');
    parts[extends_] = box('mvex', mvex.subarray(8), audioMvex.subarray(8));
  }
  const ftyp = requireBox(video.bytes, 'ftyp', 0, video.bytes.length);
  return parseInitSegment(Buffer.concat([video.bytes.subarray(ftyp.offset, ftyp.endOffset), box('moov', ...parts)]));
}

function childrenOf(bytes: Buffer, parent: Box): Buffer[] {
  return [...readBoxes(bytes, parent.contentOffset, parent.endOffset)].map(({ offset, endOffset }) =>
    bytes.subarray(offset, endOffset),
  );
}

function typeOf(bytes: Buffer): string {
  return bytes.toString('latin1', 4, 8);
}

/** A copy of a `trak` in which `hev1` is `hvc1`; any other comes back as it is. */
function toHvc1(trak: Buffer): Buffer {
  let parent = requireBox(trak, 'trak', 0, trak.length);
  for (const type of ['mdia', 'minf', 'stbl', 'stsd']) {
    parent = requireBox(trak, type, parent.contentOffset, parent.endOffset);
  }
  const entry = findBox(trak, 'hev1', parent.contentOffset + 8, parent.endOffset);
  if (entry === undefined) return trak;
  const hvcC = requireBox(trak, 'hvcC', entry.contentOffset + visualEntryBytes, entry.endOffset);
  const copy = Buffer.from(trak);
  copy.write('hvc1', entry.offset + 4, 'latin1');
  markComplete(copy, hvcC);
  return copy;
}

/** In `hvc1` the array_completeness of every array of parameter sets must be 1 (ISO/IEC 14496-15 8.3.3.1.3). */
function markComplete(bytes: Buffer, hvcC: Box): void {
  let at = hvcC.contentOffset + 23;
  const arrays = at <= hvcC.endOffset ? bytes.readUInt8(at - 1) : 0;
  for (let array = 0; array < arrays && at + 3 <= hvcC.endOffset; array += 1) {
    bytes.writeUInt8(bytes.readUInt8(at) | 0x80, at);
    const units = bytes.readUInt16BE(at + 1);
    at += 3;
    for (let unit = 0; unit < units && at + 2 <= hvcC.endOffset; unit += 1) at += 2 + bytes.readUInt16BE(at);
  }
}
