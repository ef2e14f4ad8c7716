import { findBox } from './box-reader.ts';
import { box, fullBox, uint16, uint32, uint64 } from './box-writer.ts';
import type { ClipTimeline, OutputTrack } from './clip-timeline.ts';
import { visualEntryBytes } from './codec-string.ts';
import type { NumberList } from './number-list.ts';
import type { RunLengths } from './sample-table.ts';

type MovieOptions = {
  /** UTC. */
  creationTimeMs: number;
  /** Where the payload of `mdat` starts in the file, when the `moov` before it has `moovBytes`. */
  payloadOffsetOf: (moovBytes: number) => number;
  /** Size of that payload. */
  payloadBytes: number;
};

/** Ticks per second of `mvhd` and edit lists; one is one millisecond. */
const movieTimescale = 1000;
/** MP4 counts seconds from 1904, Unix from 1970. */
const secondsFrom1904 = 2_082_844_800;
/** No rotation, no scaling: 16.16 and, in the last column, 2.30 fixed point. */
const identityMatrix = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const videoTrackId = 1;
const audioTrackId = 2;
/** The largest file for which a 32-bit chunk offset does. */
const maxOffset32 = 0xffff_ffff;

/** `ftyp` for a plain MP4 with AVC or HEVC (ISO/IEC 14496-12 4.3). */
export function fileTypeBox(): Buffer {
  return box('ftyp', Buffer.from('isom'), uint32(0x200), Buffer.from('isomiso2mp41'));
}

/** `moov` with the sample tables of a finished timeline (ISO/IEC 14496-12 8.2). */
export function movieBox(timeline: ClipTimeline, options: MovieOptions): Buffer {
  const tracks = timeline.audio && timeline.audio.table.sampleCount > 0 ? [timeline.audio] : [];
  const build = (payloadOffset: number): Buffer => {
    const wideOffsets = payloadOffset + options.payloadBytes > maxOffset32;
    return box(
      'moov',
      movieHeader(timeline, options.creationTimeMs),
      videoTrack(timeline, options.creationTimeMs, payloadOffset, wideOffsets),
      ...tracks.map((track) => audioTrack(track, options.creationTimeMs, payloadOffset, wideOffsets)),
    );
  };
  // The offsets do not change the size, unless they push the file over 4 GiB and so become wider themselves.
  let payloadOffset = options.payloadOffsetOf(0);
  for (;;) {
    const moov = build(payloadOffset);
    const actualOffset = options.payloadOffsetOf(moov.length);
    if (actualOffset === payloadOffset) return moov;
    payloadOffset = actualOffset;
  }
}

/** Length of a track in milliseconds, without what comes before its first sample. */
export function trackDurationMs({ table, timescale }: OutputTrack): number {
  return Math.round((table.duration * movieTimescale) / timescale);
}

function movieHeader(timeline: ClipTimeline, creationTimeMs: number): Buffer {
  const { video, audio } = timeline;
  const audioEndMs = audio ? startMs(audio) + trackDurationMs(audio) : 0;
  const duration = Math.max(trackDurationMs(video), audioEndMs);
  const created = creationSeconds(creationTimeMs);
  return fullBox(
    'mvhd',
    1,
    0,
    uint64(created, created),
    uint32(movieTimescale),
    uint64(duration),
    uint32(0x10000), // rate 1.0
    uint16(0x100, 0), // volume 1.0
    uint32(0, 0),
    identityMatrix,
    Buffer.alloc(24),
    uint32(audioTrackId + 1),
  );
}

function videoTrack(timeline: ClipTimeline, createdMs: number, payloadOffset: number, wideOffsets: boolean): Buffer {
  const track = timeline.video;
  const durationMs = trackDurationMs(track);
  const { width, height } = displaySize(track);
  const mediaTime = compositionShift(track);
  const edits = mediaTime > 0 ? [editList({ durationMs, mediaTime })] : [];
  return box(
    'trak',
    trackHeader({ trackId: videoTrackId, createdMs, durationMs, volume: 0, width, height }),
    ...edits,
    mediaBox(track, createdMs, 'vide', fullBox('vmhd', 0, 1, uint16(0, 0, 0, 0)), payloadOffset, wideOffsets),
  );
}

function audioTrack(track: OutputTrack, createdMs: number, payloadOffset: number, wideOffsets: boolean): Buffer {
  const durationMs = trackDurationMs(track);
  const delayMs = startMs(track);
  const edits = delayMs > 0 ? [editList({ durationMs: delayMs, mediaTime: -1 }, { durationMs, mediaTime: 0 })] : [];
  return box(
    'trak',
    trackHeader({
      trackId: audioTrackId,
      createdMs,
      durationMs: delayMs + durationMs,
      volume: 0x100,
      width: 0,
      height: 0,
    }),
    ...edits,
    mediaBox(track, createdMs, 'soun', fullBox('smhd', 0, 0, uint32(0)), payloadOffset, wideOffsets),
  );
}

function trackHeader(header: {
  trackId: number;
  createdMs: number;
  durationMs: number;
  volume: number;
  width: number;
  height: number;
}): Buffer {
  const created = creationSeconds(header.createdMs);
  return fullBox(
    'tkhd',
    1,
    3, // enabled, in movie
    uint64(created, created),
    uint32(header.trackId, 0),
    uint64(header.durationMs),
    uint32(0, 0),
    uint16(0, 0, header.volume, 0),
    identityMatrix,
    uint32(header.width * 0x10000, header.height * 0x10000),
  );
}

/** A media time of -1 is an empty edit (ISO/IEC 14496-12 8.6.6). */
function editList(...edits: readonly { durationMs: number; mediaTime: number }[]): Buffer {
  const entries = edits.map(({ durationMs, mediaTime }) => {
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(BigInt(mediaTime));
    return Buffer.concat([uint64(durationMs), time, uint16(1, 0)]);
  });
  return box('edts', fullBox('elst', 1, 0, uint32(entries.length), ...entries));
}

function mediaBox(
  track: OutputTrack,
  createdMs: number,
  handler: 'vide' | 'soun',
  mediaHeader: Buffer,
  payloadOffset: number,
  wideOffsets: boolean,
): Buffer {
  const created = creationSeconds(createdMs);
  const undetermined = 0x55c4; // language "und", packed
  return box(
    'mdia',
    fullBox(
      'mdhd',
      1,
      0,
      uint64(created, created),
      uint32(track.timescale),
      uint64(track.table.duration),
      uint16(undetermined, 0),
    ),
    fullBox('hdlr', 0, 0, uint32(0), Buffer.from(handler), uint32(0, 0, 0), Buffer.from('Atalaya\0')),
    box(
      'minf',
      mediaHeader,
      box('dinf', fullBox('dref', 0, 0, uint32(1), fullBox('url ', 0, 1))), // data is in this file
      sampleTableBox(track, handler === 'vide', payloadOffset, wideOffsets),
    ),
  );
}

function sampleTableBox(track: OutputTrack, isVideo: boolean, payloadOffset: number, wideOffsets: boolean): Buffer {
  const { table } = track;
  const boxes = [
    fullBox('stsd', 0, 0, uint32(track.sampleEntries.length), ...track.sampleEntries),
    fullBox('stts', 0, 0, runLengthEntries(table.durations)),
  ];
  if (isVideo) {
    boxes.push(fullBox('stss', 0, 0, uint32(table.syncSamples.length), numberEntries(table.syncSamples)));
    const offsets = table.compositionOffsets;
    const isUsed = offsets.values.length > 1 || offsets.values.at(0) !== 0;
    if (isUsed) boxes.push(fullBox('ctts', 0, 0, runLengthEntries(offsets, compositionShift(track))));
  }
  boxes.push(
    fullBox('stsc', 0, 0, chunkEntries(track)),
    fullBox('stsz', 0, 0, uint32(0, table.sizes.length), numberEntries(table.sizes)),
    fullBox(wideOffsets ? 'co64' : 'stco', 0, 0, chunkOffsets(table.chunkOffsets, payloadOffset, wideOffsets)),
  );
  return box('stbl', ...boxes);
}

function numberEntries(list: NumberList): Buffer {
  const bytes = Buffer.allocUnsafe(list.length * 4);
  for (let index = 0; index < list.length; index += 1) bytes.writeUInt32BE(list.at(index), index * 4);
  return bytes;
}

function runLengthEntries({ counts, values }: RunLengths, shift = 0): Buffer {
  const bytes = Buffer.allocUnsafe(4 + counts.length * 8);
  bytes.writeUInt32BE(counts.length, 0);
  for (let index = 0; index < counts.length; index += 1) {
    bytes.writeUInt32BE(counts.at(index), 4 + index * 8);
    bytes.writeUInt32BE(values.at(index) + shift, 8 + index * 8);
  }
  return bytes;
}

/** `stsc` names only the chunks at which the samples per chunk or the sample entry change (8.7.4). */
function chunkEntries({ table }: OutputTrack): Buffer {
  const { chunkSampleCounts, chunkDescriptions } = table;
  const bytes = Buffer.allocUnsafe(4 + chunkSampleCounts.length * 12);
  let entries = 0;
  for (let chunk = 0; chunk < chunkSampleCounts.length; chunk += 1) {
    const count = chunkSampleCounts.at(chunk);
    const description = chunkDescriptions.at(chunk);
    const isSame =
      chunk > 0 && count === chunkSampleCounts.at(chunk - 1) && description === chunkDescriptions.at(chunk - 1);
    if (isSame) continue;
    bytes.writeUInt32BE(chunk + 1, 4 + entries * 12);
    bytes.writeUInt32BE(count, 8 + entries * 12);
    bytes.writeUInt32BE(description, 12 + entries * 12);
    entries += 1;
  }
  bytes.writeUInt32BE(entries, 0);
  return bytes.subarray(0, 4 + entries * 12);
}

function chunkOffsets(offsets: NumberList, payloadOffset: number, wideOffsets: boolean): Buffer {
  const entryBytes = wideOffsets ? 8 : 4;
  const bytes = Buffer.allocUnsafe(4 + offsets.length * entryBytes);
  bytes.writeUInt32BE(offsets.length, 0);
  for (let index = 0; index < offsets.length; index += 1) {
    const offset = payloadOffset + offsets.at(index);
    const at = 4 + index * entryBytes;
    if (wideOffsets) bytes.writeUInt32BE(Math.floor(offset / 0x1_0000_0000), at);
    bytes.writeUInt32BE(offset % 0x1_0000_0000, at + entryBytes - 4);
  }
  return bytes;
}

/** The picture's size as it is to be shown: cameras send some sub-streams with oblong pixels (`pasp`, 12.1.4). */
function displaySize({ info, sampleEntries }: OutputTrack): { width: number; height: number } {
  const { width = 0, height = 0 } = info;
  const [entry] = sampleEntries;
  const pasp = entry && findBox(entry, 'pasp', 8 + visualEntryBytes, entry.length);
  if (entry === undefined || pasp === undefined || pasp.endOffset - pasp.contentOffset < 8) return { width, height };
  const horizontal = entry.readUInt32BE(pasp.contentOffset);
  const vertical = entry.readUInt32BE(pasp.contentOffset + 4);
  const shown = Math.round((width * horizontal) / vertical);
  return { width: vertical > 0 && shown > 0 && shown <= 0xffff ? shown : width, height };
}

/**
 * What makes all composition offsets positive: players that only know version 0 of `ctts` cannot read others. The edit
 * list takes it back.
 */
function compositionShift({ table }: OutputTrack): number {
  return Math.max(0, -table.compositionOffsets.minimum());
}

function startMs({ table, timescale }: OutputTrack): number {
  return Math.round((table.firstStart * movieTimescale) / timescale);
}

function creationSeconds(ms: number): number {
  return Math.floor(ms / 1000) + secondsFrom1904;
}
