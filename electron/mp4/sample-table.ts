import { NumberList } from './number-list.ts';

/** Runs of equal values: how `stts` and `ctts` are stored. */
export class RunLengths {
  readonly counts = new NumberList('uint32');
  readonly values = new NumberList('int32');

  push(value: number): void {
    if (this.values.length > 0 && this.values.at(this.values.length - 1) === value) return this.counts.addToLast(1);
    this.counts.push(1);
    this.values.push(value);
  }

  /** The smallest value, and 0 when there is none. */
  minimum(): number {
    let minimum = this.values.length > 0 ? this.values.at(0) : 0;
    for (let index = 1; index < this.values.length; index += 1) minimum = Math.min(minimum, this.values.at(index));
    return minimum;
  }
}

/** A sample of the output; times in ticks of the output track. */
export type TimedSample = {
  start: number;
  sizeBytes: number;
  compositionOffset: number;
  isSync: boolean;
  /** Where its data starts, from the first byte of the output's `mdat` payload. */
  dataOffset: number;
  /** Counted from 1, into `stsd`. */
  descriptionIndex: number;
};

/** A chunk this large is still read at one go by any player, and saves an entry per frame. */
const maxChunkBytes = 1024 * 1024;

/**
 * The sample table of one track of a plain MP4 (ISO/IEC 14496-12 8.5 to 8.7), collected sample by sample. A sample's
 * duration is the distance to the next one's start, so the track cannot drift from the times that it was given.
 */
export class SampleTable {
  readonly durations = new RunLengths();
  /** May be negative: pictures that are shown before one that is decoded earlier. */
  readonly compositionOffsets = new RunLengths();
  readonly sizes = new NumberList('uint32');
  /** Sample numbers, counted from 1. */
  readonly syncSamples = new NumberList('uint32');
  readonly chunkOffsets = new NumberList('float64');
  readonly chunkSampleCounts = new NumberList('uint32');
  readonly chunkDescriptions = new NumberList('uint32');
  #firstStart = 0;
  #lastStart = 0;
  #end = 0;
  #chunkEnd = -1;
  #chunkBytes = 0;

  get sampleCount(): number {
    return this.sizes.length;
  }

  /** When the first sample starts. */
  get firstStart(): number {
    return this.#firstStart;
  }

  /** When the latest sample starts. */
  get lastStart(): number {
    return this.#lastStart;
  }

  /** From the start of the first sample to the end of the last; known after `finish`. */
  get duration(): number {
    return this.#end - this.#firstStart;
  }

  /** Adds a sample, which must not start before the latest one. */
  add(sample: TimedSample): void {
    if (this.sampleCount === 0) this.#firstStart = sample.start;
    else this.durations.push(sample.start - this.#lastStart);
    this.#lastStart = sample.start;
    this.sizes.push(sample.sizeBytes);
    this.compositionOffsets.push(sample.compositionOffset);
    if (sample.isSync) this.syncSamples.push(this.sampleCount);

    const chunk = this.chunkOffsets.length - 1;
    const fitsChunk =
      sample.dataOffset === this.#chunkEnd &&
      this.#chunkBytes + sample.sizeBytes <= maxChunkBytes &&
      this.chunkDescriptions.at(chunk) === sample.descriptionIndex;
    if (fitsChunk) {
      this.chunkSampleCounts.addToLast(1);
      this.#chunkBytes += sample.sizeBytes;
    } else {
      this.chunkOffsets.push(sample.dataOffset);
      this.chunkSampleCounts.push(1);
      this.chunkDescriptions.push(sample.descriptionIndex);
      this.#chunkBytes = sample.sizeBytes;
    }
    this.#chunkEnd = sample.dataOffset + sample.sizeBytes;
  }

  /** Ends the track; no sample may follow. */
  finish(end: number): void {
    if (this.sampleCount > 0) this.durations.push(end - this.#lastStart);
    this.#end = end;
  }
}
