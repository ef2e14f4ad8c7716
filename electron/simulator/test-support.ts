import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CameraSimulator } from './camera-simulator.ts';
import type { CameraOptions } from './simulated-camera.ts';

/* What the tests of this folder share. */

export const ffmpegPath = process.env['ATALAYA_FFMPEG'] ?? 'ffmpeg';

/** Clips depend on nothing but their parameters, so all test runs may share them. */
export const clipCacheDir = join(tmpdir(), 'atalaya-test-clips');

export function testSimulator(cameras: CameraOptions[], sessionTimeoutSeconds = 60): CameraSimulator {
  return new CameraSimulator({ port: 0, ffmpegPath, cacheDir: clipCacheDir, cameras, sessionTimeoutSeconds });
}

/** Polls until `condition` holds; throws with `what` after ten seconds. */
export async function waitFor(what: string, condition: () => boolean, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface TestResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface TestPacket {
  readonly channel: number;
  /** RTP or RTCP, without the interleaved framing. */
  readonly bytes: Buffer;
  readonly arrivedMs: number;
}

/** An RTSP client that shows what FFmpeg would hide: each response, packet and stray byte. */
export class TestRtspClient {
  readonly socket: Socket;
  readonly packets: TestPacket[] = [];
  strayBytes = 0;
  closed = false;
  #pending: Buffer = Buffer.alloc(0);
  #sequence = 0;
  readonly #answers: ((response: TestResponse) => void)[] = [];

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', () => undefined);
  }

  request(method: string, url: string, headers: Record<string, string> = {}): Promise<TestResponse> {
    const lines = [`${method} ${url} RTSP/1.0`, `CSeq: ${++this.#sequence}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return new Promise((resolve, reject) => {
      this.#answers.push(resolve);
      this.socket.once('close', () => reject(new Error('The connection was closed.')));
    });
  }

  /** SETUP of the video over TCP, then PLAY. */
  async play(url: string, track = 'video'): Promise<TestResponse> {
    await this.request('SETUP', `${url}/${track}`, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    return this.request('PLAY', url);
  }

  rtp(): { sequence: number; timestamp: number; payload: Buffer }[] {
    return this.packets
      .filter(({ channel }) => channel === 0)
      .map(({ bytes }) => ({
        sequence: bytes.readUInt16BE(2),
        timestamp: bytes.readUInt32BE(4),
        payload: bytes.subarray(12),
      }));
  }

  /** The distinct RTP times in the order of arrival, one per frame. */
  timestamps(): number[] {
    return [...new Set(this.rtp().map(({ timestamp }) => timestamp))];
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length > 0 && this.#takeOne());
  }

  #takeOne(): boolean {
    if (this.#pending[0] === 0x24) {
      if (this.#pending.length < 4) return false;
      const end = 4 + this.#pending.readUInt16BE(2);
      if (this.#pending.length < end) return false;
      const bytes = this.#pending.subarray(4, end);
      this.packets.push({ channel: this.#pending[1] ?? 0, bytes, arrivedMs: Date.now() });
      this.#pending = this.#pending.subarray(end);
      return true;
    }
    if (this.#pending.toString('latin1', 0, 4) === 'RTSP') return this.#takeResponse();
    this.strayBytes++;
    this.#pending = this.#pending.subarray(1);
    return true;
  }

  #takeResponse(): boolean {
    const headEnd = this.#pending.indexOf('\r\n\r\n');
    if (headEnd === -1) return false;
    const [statusLine = '', ...lines] = this.#pending.toString('latin1', 0, headEnd).split('\r\n');
    const headers = new Map(
      lines.map((line) => [line.split(':', 1)[0]!.toLowerCase(), line.replace(/^[^:]*:\s*/, '')]),
    );
    const end = headEnd + 4 + Number(headers.get('content-length') ?? 0);
    if (this.#pending.length < end) return false;
    const body = this.#pending.toString('utf8', headEnd + 4, end);
    this.#pending = this.#pending.subarray(end);
    this.#answers.shift()?.({ status: Number(statusLine.split(' ')[1]), headers, body });
    return true;
  }
}
