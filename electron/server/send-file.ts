import { open, type FileHandle } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusedError } from '../contract/refused-error.ts';
import { parseByteRange } from './byte-range.ts';
import { PROBLEM_TYPE, problemOf } from './problem-reply.ts';

export interface SentFile {
  path: string;
  contentType: string;
  /** No byte behind this one is sent: a growing file is longer than what it may show. */
  bytes: number;
  /** Set when the content at this address never changes. */
  etag?: string;
  /** Offered for saving under this name. */
  downloadName?: string;
}

/** Large reads: footage is read in megabytes, and each read is a trip through the thread pool. */
const READ_BYTES = 256 * 1024;

/**
 * Answers GET and HEAD with a file or the range asked for (RFC 9110 14). It is opened before the answer begins, so that
 * a file that is deleted meanwhile is sent to its end, and one that is gone already is a 404.
 */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SentFile): Promise<FastifyReply> {
  const handle = await openFile(file.path);
  try {
    return await sendHandle(request, reply, file, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function sendHandle(request: FastifyRequest, reply: FastifyReply, file: SentFile, handle: FileHandle) {
  const sizeBytes = Math.min(file.bytes, (await handle.stat()).size);
  reply.header('accept-ranges', 'bytes');
  // Private: a shared cache must not keep footage.
  reply.header('cache-control', file.etag === undefined ? 'no-store' : 'private, max-age=31536000, immutable');
  if (file.etag !== undefined) reply.header('etag', file.etag);
  if (file.etag !== undefined && isKnown(request.headers['if-none-match'], file.etag)) {
    await handle.close();
    return reply.code(304).send();
  }

  const range = parseByteRange(rangeHeaderOf(request, file.etag), sizeBytes);
  if (range === 'unsatisfiable') {
    await handle.close();
    reply.removeHeader('etag');
    return reply
      .code(416)
      .headers({ 'content-range': `bytes */${sizeBytes}`, 'cache-control': 'no-store' })
      .type(PROBLEM_TYPE)
      .send({ ...problemOf('invalid-request', 'The file ends before this range.'), status: 416 });
  }
  const { firstByte, lastByte } = range === 'whole' ? { firstByte: 0, lastByte: sizeBytes - 1 } : range;
  if (range !== 'whole') reply.code(206).header('content-range', `bytes ${firstByte}-${lastByte}/${sizeBytes}`);
  reply.header('content-length', lastByte - firstByte + 1).type(file.contentType);
  if (file.downloadName !== undefined) reply.header('content-disposition', attachment(file.downloadName));
  if (request.method === 'HEAD' || lastByte < firstByte) {
    await handle.close();
    return reply.send();
  }
  // The stream closes the handle, also when the client goes away in the middle.
  return reply.send(handle.createReadStream({ start: firstByte, end: lastByte, highWaterMark: READ_BYTES }));
}

/** With If-Range, the range counts only for the very content that the client has a part of (RFC 9110 13.1.5). */
function rangeHeaderOf(request: FastifyRequest, etag: string | undefined): string | undefined {
  const condition = request.headers['if-range'];
  return condition === undefined || condition === etag ? request.headers.range : undefined;
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

/** RFC 6266: an ASCII name for old clients, the true one in UTF-8. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new RefusedError('not-found', 'This file is gone; it was deleted.');
    throw error;
  }
}
