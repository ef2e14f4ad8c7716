import { Mp4FormatError, boxTypeCode, readUInt64 } from './box-reader.ts';
import type { InitSegment, SampleDefaults } from './init-segment.ts';

/** The samples of one `trun`, all times in ticks of the track's timescale. */
export type TrackRun = {
  trackId: number;
  /** Decode time of the first sample. */
  decodeTime: number;
  /** Sum of the sample durations. */
  duration: number;
  sampleCount: number;
  /** Whether the first sample is a sync sample; so it is for every audio run. */
  keyFrame: boolean;
  sampleBytes: number;
};

/** A run, and where its rows lie. One object serves all runs of a track fragment: copy what you keep. */
export type RunTable = TrackRun & {
  /** Of the first sample's data, from the first byte of the `moof`. */
  dataOffset: number;
  /** `trun` flags, ISO/IEC 14496-12 8.8.8. */
  flags: number;
  version: number;
  firstSampleFlags: number;
  defaults: SampleDefaults;
  /** Absolute offset of the first row, and bytes per row. */
  rowsOffset: number;
  rowBytes: number;
};

export const trunFlag = {
  dataOffset: 0x1,
  firstSampleFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  sampleFlags: 0x400,
  compositionOffset: 0x800,
} as const;

/** sample_is_non_sync_sample, ISO/IEC 14496-12 8.8.3.1. */
export const nonSyncSample = 0x10000;

export const noDefaults: SampleDefaults = { duration: 0, sizeBytes: 0, flags: 0 };

/** More than an hour of the smallest audio frames in one run. */
const maxRowlessSamples = 1_000_000;

const tfhdFlag = {
  baseDataOffset: 0x1,
  descriptionIndex: 0x2,
  duration: 0x8,
  size: 0x10,
  sampleFlags: 0x20,
} as const;
const traf = boxTypeCode('traf');
const tfhd = boxTypeCode('tfhd');
const tfdt = boxTypeCode('tfdt');
const trun = boxTypeCode('trun');

/** Looks up the `trex` values of a track. */
export function sampleDefaultsOf(init: InitSegment): (trackId: number) => SampleDefaults {
  return (trackId) => init.tracks.find((track) => track.trackId === trackId)?.sampleDefaults ?? noDefaults;
}

/**
 * Walks the runs of the `moof` which lies at `start` of `bytes` and calls `onRun` for each
 * (ISO/IEC 14496-12 8.8.4 to 8.8.8 and 8.8.12).
 *
 * @throws Mp4FormatError when a box does not fit, or a track fragment has no decode time.
 */
export function readRunTables(
  bytes: Buffer,
  start: number,
  defaultsOf: (trackId: number) => SampleDefaults,
  onRun: (run: RunTable) => void,
): void {
  const moofEnd = childEnd(bytes, start, bytes.length);
  for (let offset = start + 8; offset < moofEnd;) {
    const end = childEnd(bytes, offset, moofEnd);
    if (bytes.readUInt32BE(offset + 4) === traf) readTrackFragment(bytes, offset + 8, end, defaultsOf, onRun);
    offset = end;
  }
}

function readTrackFragment(
  bytes: Buffer,
  start: number,
  trafEnd: number,
  defaultsOf: (trackId: number) => SampleDefaults,
  onRun: (run: RunTable) => void,
): void {
  let table: RunTable | undefined;
  let decodeTime = -1;
  let nextDataOffset = 0;
  for (let offset = start; offset < trafEnd;) {
    const end = childEnd(bytes, offset, trafEnd);
    const type = bytes.readUInt32BE(offset + 4);
    if (type === tfhd) {
      table = readHeader(bytes, offset, end, defaultsOf);
    } else if (type === tfdt) {
      needBytes(offset + 16, end);
      const isLong = bytes[offset + 8] === 1;
      if (isLong) needBytes(offset + 20, end);
      decodeTime = isLong ? readUInt64(bytes, offset + 12) : bytes.readUInt32BE(offset + 12);
    } else if (type === trun) {
      if (table === undefined || decodeTime < 0) throw new Mp4FormatError('track fragment without tfhd or tfdt');
      table.decodeTime = decodeTime;
      table.dataOffset = nextDataOffset;
      readRun(bytes, offset, end, table);
      onRun(table);
      decodeTime += table.duration;
      nextDataOffset = table.dataOffset + table.sampleBytes;
    }
    offset = end;
  }
}

function readHeader(
  bytes: Buffer,
  offset: number,
  end: number,
  defaultsOf: (trackId: number) => SampleDefaults,
): RunTable {
  needBytes(offset + 16, end);
  const flags = bytes.readUIntBE(offset + 9, 3);
  // An absolute base offset points into the file it was written for, which a stream does not have.
  if (flags & tfhdFlag.baseDataOffset) throw new Mp4FormatError('track fragment with an absolute data offset');
  const trackId = bytes.readUInt32BE(offset + 12);
  let { duration, sizeBytes, flags: sampleFlags } = defaultsOf(trackId);
  let at = offset + 16;
  if (flags & tfhdFlag.descriptionIndex) at += 4;
  if (flags & tfhdFlag.duration) {
    needBytes(at + 4, end);
    duration = bytes.readUInt32BE(at);
    at += 4;
  }
  if (flags & tfhdFlag.size) {
    needBytes(at + 4, end);
    sizeBytes = bytes.readUInt32BE(at);
    at += 4;
  }
  if (flags & tfhdFlag.sampleFlags) {
    needBytes(at + 4, end);
    sampleFlags = bytes.readUInt32BE(at);
  }
  return {
    trackId,
    decodeTime: 0,
    duration: 0,
    sampleCount: 0,
    keyFrame: false,
    sampleBytes: 0,
    dataOffset: 0,
    flags: 0,
    version: 0,
    firstSampleFlags: 0,
    defaults: { duration, sizeBytes, flags: sampleFlags },
    rowsOffset: 0,
    rowBytes: 0,
  };
}

function readRun(bytes: Buffer, offset: number, end: number, table: RunTable): void {
  needBytes(offset + 16, end);
  const flags = bytes.readUIntBE(offset + 9, 3);
  table.version = bytes.readUInt8(offset + 8);
  table.flags = flags;
  table.sampleCount = bytes.readUInt32BE(offset + 12);
  let at = offset + 16;
  if (flags & trunFlag.dataOffset) {
    needBytes(at + 4, end);
    table.dataOffset = bytes.readInt32BE(at);
    at += 4;
  }
  table.firstSampleFlags = table.defaults.flags;
  if (flags & trunFlag.firstSampleFlags) {
    needBytes(at + 4, end);
    table.firstSampleFlags = bytes.readUInt32BE(at);
    at += 4;
  }
  let rowBytes = 0;
  if (flags & trunFlag.duration) rowBytes += 4;
  if (flags & trunFlag.size) rowBytes += 4;
  if (flags & trunFlag.sampleFlags) {
    // Flags in the row win over those of the track fragment; the field for the first sample is only there without them.
    if (table.sampleCount > 0 && !(flags & trunFlag.firstSampleFlags)) {
      needBytes(at + rowBytes + 4, end);
      table.firstSampleFlags = bytes.readUInt32BE(at + rowBytes);
    }
    rowBytes += 4;
  }
  if (flags & trunFlag.compositionOffset) rowBytes += 4;
  // A table whose rows take no room could claim four thousand million samples in sixteen bytes.
  if (rowBytes === 0 && table.sampleCount > maxRowlessSamples) throw new Mp4FormatError('trun claims too many samples');
  needBytes(at + table.sampleCount * rowBytes, end);
  table.rowsOffset = at;
  table.rowBytes = rowBytes;
  table.keyFrame = (table.firstSampleFlags & nonSyncSample) === 0;
  table.duration = flags & trunFlag.duration ? sumColumn(bytes, table, 0) : table.sampleCount * table.defaults.duration;
  const sizeColumn = flags & trunFlag.duration ? 4 : 0;
  table.sampleBytes =
    flags & trunFlag.size ? sumColumn(bytes, table, sizeColumn) : table.sampleCount * table.defaults.sizeBytes;
}

function sumColumn(bytes: Buffer, table: RunTable, column: number): number {
  let total = 0;
  let at = table.rowsOffset + column;
  for (let index = 0; index < table.sampleCount; index += 1, at += table.rowBytes) total += bytes.readUInt32BE(at);
  return total;
}

function childEnd(bytes: Buffer, offset: number, end: number): number {
  if (offset + 8 > end) throw new Mp4FormatError('moof is cut off');
  const childBytes = bytes.readUInt32BE(offset);
  if (childBytes < 8 || offset + childBytes > end) throw new Mp4FormatError('a box in moof does not fit');
  return offset + childBytes;
}

function needBytes(needed: number, end: number): void {
  if (needed > end) throw new Mp4FormatError('a box in moof is too short');
}

/**
 * Calls `onSample` for each row of a run, in order; durations and composition offsets are in ticks.
 * `bytes` must be the buffer from which the table was read.
 */
export function readSamples(
  bytes: Buffer,
  table: RunTable,
  onSample: (duration: number, sizeBytes: number, isSync: boolean, compositionOffset: number) => void,
): void {
  const { flags, defaults } = table;
  let at = table.rowsOffset;
  for (let index = 0; index < table.sampleCount; index += 1) {
    let { duration, sizeBytes } = defaults;
    let sampleFlags = index === 0 ? table.firstSampleFlags : defaults.flags;
    let compositionOffset = 0;
    if (flags & trunFlag.duration) {
      duration = bytes.readUInt32BE(at);
      at += 4;
    }
    if (flags & trunFlag.size) {
      sizeBytes = bytes.readUInt32BE(at);
      at += 4;
    }
    if (flags & trunFlag.sampleFlags) {
      if (index > 0) sampleFlags = bytes.readUInt32BE(at);
      at += 4;
    }
    if (flags & trunFlag.compositionOffset) {
      compositionOffset = table.version === 0 ? bytes.readUInt32BE(at) : bytes.readInt32BE(at);
      at += 4;
    }
    onSample(duration, sizeBytes, (sampleFlags & nonSyncSample) === 0, compositionOffset);
  }
}
