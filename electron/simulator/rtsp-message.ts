export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A frame that the client interleaved with its requests (RFC 2326 10.12): receiver reports, mostly. */
export interface InterleavedFrame {
  readonly kind: 'interleaved';
  readonly channel: number;
}

/** What arrived is not RTSP: the connection cannot be used any more. */
export class RtspSyntaxError extends Error {
  override readonly name = 'RtspSyntaxError';
}

/** Cuts the bytes of one connection into requests and interleaved frames. Holds at most one incomplete message. */
export class RtspReader {
  #pending: Buffer = Buffer.alloc(0);

  /** @throws RtspSyntaxError on anything that cannot become a request */
  push(chunk: Buffer): (RtspRequest | InterleavedFrame)[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const messages: (RtspRequest | InterleavedFrame)[] = [];
    for (;;) {
      const next = this.#pending[0] === DOLLAR ? this.#takeInterleaved() : this.#takeRequest();
      if (next === null) return messages;
      messages.push(next);
    }
  }

  #takeInterleaved(): InterleavedFrame | null {
    if (this.#pending.length < 4) return null;
    const end = 4 + this.#pending.readUInt16BE(2);
    if (this.#pending.length < end) return null;
    const channel = this.#pending[1] ?? 0;
    this.#pending = this.#pending.subarray(end);
    return { kind: 'interleaved', channel };
  }

  #takeRequest(): RtspRequest | null {
    // Empty lines before a request are to be ignored (RFC 2616 4.1).
    let start = 0;
    while (this.#pending[start] === CR || this.#pending[start] === LF) start++;
    this.#pending = this.#pending.subarray(start);
    const headEnd = this.#pending.indexOf('\r\n\r\n');
    if (headEnd > MAX_HEAD_BYTES || (headEnd === -1 && this.#pending.length > MAX_HEAD_BYTES)) {
      throw new RtspSyntaxError('The request is too long.');
    }
    if (headEnd === -1) return null;
    const request = parseHead(this.#pending.toString('latin1', 0, headEnd));
    const bodyBytes = contentLength(request);
    const end = headEnd + 4 + bodyBytes;
    if (this.#pending.length < end) return null;
    this.#pending = this.#pending.subarray(end);
    return request;
  }
}

/** A response with its headers in order and, if given, a body with its length. */
export function formatResponse(status: number, headers: Record<string, string>, body = ''): string {
  const lines = [`RTSP/1.0 ${status} ${REASONS[status] ?? 'Error'}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const DOLLAR = 0x24;
const CR = 13;
const LF = 10;
const MAX_HEAD_BYTES = 16_384;
const MAX_BODY_BYTES = 65_536;

const REASONS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
};

function parseHead(head: string): RtspRequest {
  const [requestLine = '', ...headerLines] = head.split('\r\n');
  const match = /^([A-Z_]{1,32}) (\S{1,4096}) RTSP\/\d\.\d$/.exec(requestLine);
  if (match === null) throw new RtspSyntaxError('The request line is not RTSP.');
  const headers = new Map<string, string>();
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new RtspSyntaxError('A header has no name.');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { kind: 'request', method: match[1] ?? '', url: match[2] ?? '', headers };
}

function contentLength(request: RtspRequest): number {
  const value = request.headers.get('content-length') ?? '0';
  const bytes = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!(bytes <= MAX_BODY_BYTES)) throw new RtspSyntaxError('The body is too long.');
  return bytes;
}
