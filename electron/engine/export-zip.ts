import { createReadStream, createWriteStream } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ZipOptions {
  /** Files with their names in the archive. */
  files: readonly { path: string; name: string; modifiedMs: number }[];
  outputPath: string;
  onProgress: (bytesDone: number) => void;
  signal: AbortSignal;
}

/** The checksum of a chunk takes a fraction of a millisecond of the event loop. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Packs files into one archive without compressing them, which video does not profit from; larger than 4 GB where
 * needed (ZIP64). Returns its bytes. The archive appears under its name when it is complete.
 *
 * @throws the reason of `signal`, and what the file system throws. Nothing is left behind then.
 */
export async function writeZip({ files, outputPath, onProgress, signal }: ZipOptions): Promise<number> {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  zip.on('error', (error: Error) => output.destroy(error));
  const sources: ReadStream[] = [];
  for (const { path, name, modifiedMs } of files) {
    const { size } = await stat(path);
    const entry = { compress: false, mtime: new Date(modifiedMs), mode: 0o100_644, size };
    // Opened when its turn comes; kept so that none stays open when the archive is given up.
    zip.addReadStreamLazy(name, entry, (use) => {
      const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
      source.on('error', (error) => output.destroy(error));
      sources.push(source);
      use(null, source);
    });
  }
  zip.end();
  const partPath = `${outputPath}.part`;
  let bytesDone = 0;
  async function* count(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytesDone += chunk.length;
      onProgress(bytesDone);
      yield chunk;
    }
  }
  try {
    await pipeline(output, count, createWriteStream(partPath, { flush: true }), { signal });
    await rename(partPath, outputPath);
    return bytesDone;
  } catch (error) {
    await rm(partPath, { force: true });
    throw signal.aborted ? signal.reason : error;
  } finally {
    for (const source of sources) source.destroy();
  }
}
