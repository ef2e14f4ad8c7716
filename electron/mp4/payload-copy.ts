import { open, type FileHandle } from 'node:fs/promises';
import { Mp4FormatError } from './box-reader.ts';
import { measureFragment } from './fragment-walk.ts';

/** A range of whole fragments of a file. */
export type FragmentRange = {
  path: string;
  fromBytes: number;
  toBytes: number;
  /** Goes before the first payload of the range; far smaller than a block. */
  prefix: Buffer;
};

/** Large enough that the disk, not the calls, sets the pace; two of them are held. */
const blockBytes = 4 * 1024 * 1024;

/**
 * Copies the `mdat` payloads of fragment ranges, one after the other, to `output` from `position` on. Each block is
 * compacted in place, and written while the next one is read.
 *
 * @param onCopied is told the bytes copied so far.
 * @returns the bytes copied.
 * @throws Mp4FormatError when a range is not made of whole fragments, and what the file system throws.
 */
export async function copyPayloads(
  ranges: readonly FragmentRange[],
  output: FileHandle,
  position: number,
  options: { onCopied: (bytes: number) => void; signal?: AbortSignal | undefined },
): Promise<number> {
  let [block, spare] = [Buffer.allocUnsafe(blockBytes), Buffer.allocUnsafe(blockBytes)];
  let copiedBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  for (const range of ranges) {
    const source = await open(range.path, 'r');
    try {
      let offset = range.fromBytes;
      let payloadBytes = 0;
      let prefixBytes = range.prefix.copy(block);
      while (offset < range.toBytes) {
        options.signal?.throwIfAborted();
        const { bytesRead } = await source.read(
          block,
          prefixBytes,
          Math.min(block.length - prefixBytes, range.toBytes - offset),
          offset,
        );
        if (bytesRead === 0) throw new Mp4FormatError('file became shorter while it was copied');
        const result = compact(block.subarray(prefixBytes, prefixBytes + bytesRead), payloadBytes, offset);
        // A header that does not fit into a block is damage; at the start of a block it could never fit.
        if (result.usedBytes === 0) throw new Mp4FormatError('fragment is cut off');
        offset += result.usedBytes;
        payloadBytes = result.payloadBytes;
        const keptBytes = prefixBytes + result.keptBytes;
        prefixBytes = 0;

        await writing;
        writing = writeFully(output, block.subarray(0, keptBytes), position + copiedBytes);
        // A failed write is reported by the await above or below; until then it must not count as unhandled.
        writing.catch(() => undefined);
        copiedBytes += keptBytes;
        [block, spare] = [spare, block];
        options.onCopied(copiedBytes);
      }
      if (payloadBytes > 0) throw new Mp4FormatError('fragment is cut off');
    } finally {
      await source.close();
    }
  }
  await writing;
  return copiedBytes;
}

/**
 * Moves the payloads in a block to its front.
 *
 * @param payloadBytes how much of the block's start belongs to a payload that began before; may exceed the block.
 * @returns bytes kept at the front, bytes of the block that are done with, and payload still to come after it.
 */
function compact(
  block: Buffer,
  payloadBytes: number,
  fileOffset: number,
): { keptBytes: number; usedBytes: number; payloadBytes: number } {
  let kept = Math.min(payloadBytes, block.length);
  let used = kept;
  let remaining = payloadBytes - kept;
  while (remaining === 0 && used < block.length) {
    const fragment = measureFragment(block, used, fileOffset + used);
    if (typeof fragment === 'number') break;
    const start = used + fragment.payloadStart;
    const end = Math.min(used + fragment.sizeBytes, block.length);
    remaining = used + fragment.sizeBytes - end;
    block.copyWithin(kept, start, end);
    kept += end - start;
    used = end;
  }
  return { keptBytes: kept, usedBytes: used, payloadBytes: remaining };
}

async function writeFully(output: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await output.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
