import { open, rename, rm } from 'node:fs/promises';
import { Mp4FormatError } from './box-reader.ts';
import { uint32, uint64 } from './box-writer.ts';
import { planClip, type ClipSource, type DamagedSource } from './clip-plan.ts';
import { fileTypeBox, movieBox, trackDurationMs } from './movie-box.ts';
import { copyPayloads } from './payload-copy.ts';

export type { ClipSource };

export type ProgressiveClip = {
  bytes: number;
  /** Length of the video track. */
  durationMs: number;
  /** Video frames. */
  frames: number;
  /** Wall clock of the first frame, UTC. */
  videoStartMs: number;
  /** Sources of which something could not be used. */
  damaged: DamagedSource[];
};

export type ProgressiveOptions = {
  /** In the order in which they are to be played. */
  sources: readonly ClipSource[];
  /** Replaced if it exists, and only once the clip is complete; until then it is `<outputPath>.part`. */
  outputPath: string;
  /** Whether the file must survive a power cut once this returns. */
  fsyncAtEnd?: boolean;
  /** Bytes written; the total is known before the first call. */
  onProgress?: (bytesDone: number, bytesTotal: number) => void;
  signal?: AbortSignal;
};

/**
 * Joins fragments of recorded files into one plain MP4 with its `moov` at the front, without re-encoding. Gaps between
 * the sources are closed up; see {@link ClipTimeline} for how audio and video stay together.
 *
 * If the codec configuration changes on the way, the clip has a sample entry for each, and each key frame carries its
 * parameter sets as well, for players that only ever look at the first entry.
 *
 * The sources are read twice: for the sample tables, whose size places the media data, then for the media data itself.
 *
 * @throws Mp4FormatError when no source has a picture, the reason of `signal`, and what the file system throws. Nothing
 *   is left behind then.
 */
export async function writeProgressiveMp4(options: ProgressiveOptions): Promise<ProgressiveClip> {
  const { sources, outputPath, signal } = options;
  const plan = await planClip(sources, signal);
  const { timeline, startMs: videoStartMs } = plan;

  const fileType = fileTypeBox();
  const mediaHeader = mediaDataHeader(plan.payloadBytes);
  const movie = movieBox(timeline, {
    creationTimeMs: videoStartMs,
    payloadBytes: plan.payloadBytes,
    payloadOffsetOf: (moovBytes) => fileType.length + moovBytes + mediaHeader.length,
  });
  const head = Buffer.concat([fileType, movie, mediaHeader]);
  const bytes = head.length + plan.payloadBytes;

  const partPath = `${outputPath}.part`;
  const output = await open(partPath, 'w');
  try {
    await output.writeFile(head);
    const copiedBytes = await copyPayloads(plan.ranges, output, head.length, {
      onCopied: (done) => options.onProgress?.(head.length + done, bytes),
      signal,
    });
    if (copiedBytes !== plan.payloadBytes) throw new Mp4FormatError('a source changed while it was copied');
    if (options.fsyncAtEnd) await output.sync();
    await output.close();
    signal?.throwIfAborted();
    await rename(partPath, outputPath);
  } catch (error) {
    await output.close();
    await rm(partPath, { force: true });
    throw error;
  }
  return {
    bytes,
    durationMs: trackDurationMs(timeline.video),
    frames: timeline.video.table.sampleCount,
    videoStartMs,
    damaged: plan.damaged,
  };
}

/** The header of `mdat`, in the 64-bit form when the payload asks for it. */
function mediaDataHeader(payloadBytes: number): Buffer {
  const name = Buffer.from('mdat');
  const sizeBytes = payloadBytes + 8;
  if (sizeBytes <= 0xffff_ffff) return Buffer.concat([uint32(sizeBytes), name]);
  return Buffer.concat([uint32(1), name, uint64(payloadBytes + 16)]);
}
