import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { InterleavedTransport, UdpTransport, type RtpTransport } from './rtp-transport.ts';
import { challenge, isAuthorized } from './rtsp-auth.ts';
import { RtspReader, RtspSyntaxError, formatResponse, type RtspRequest } from './rtsp-message.ts';
import { describeClip, type TrackName } from './sdp.ts';
import type { SimulatedCamera } from './simulated-camera.ts';
import type { UdpPorts } from './udp-ports.ts';
import { Viewer } from './viewer.ts';

export interface RtspHost {
  findCamera(path: string): SimulatedCamera | null;
  udpPorts(): Promise<UdpPorts>;
  monotonicMs(): number;
  readonly sessionTimeoutSeconds: number;
  /** Accepts connections and never answers. */
  readonly silent: boolean;
}

interface Response {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Done after the response is written. */
  readonly afterwards?: () => void;
}

/** An answer that never comes. */
type Silence = 'silence';

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER';

/** One client's TCP connection: requests in, responses and interleaved media out, at most one session. */
export class RtspConnection {
  readonly #host: RtspHost;
  readonly #socket: Socket;
  readonly #reader = new RtspReader();
  readonly #nonce = randomBytes(16).toString('hex');
  #session: { readonly viewer: Viewer; readonly camera: SimulatedCamera } | null = null;
  #lastHeardMs: number;
  /** Set for good by a silent host: what it swallowed cannot be answered later. */
  #deaf = false;
  /** Requests are answered in order, though describing a camera may have to wait for its clip. */
  #answering: Promise<void> = Promise.resolve();

  constructor(socket: Socket, host: RtspHost) {
    this.#socket = socket;
    this.#host = host;
    this.#lastHeardMs = host.monotonicMs();
    this.#deaf = host.silent;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    // 'close' follows, and that is where the session ends.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#endSession());
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Ends the connection of a client that has been quiet for longer than its session's time-out. */
  expire(nowMs: number): void {
    if (nowMs - this.#lastHeardMs > this.#host.sessionTimeoutSeconds * 1000) this.close();
  }

  /** A receiver report came over UDP; it keeps the session alive if it is this client's. */
  heardOverUdp(address: string, port: number): void {
    for (const transport of this.#session?.viewer.transports.values() ?? []) {
      if (!(transport instanceof UdpTransport)) continue;
      const { destination } = transport;
      if (destination.address === address && destination.rtcpPort === port)
        this.#lastHeardMs = this.#host.monotonicMs();
    }
  }

  #receive(chunk: Buffer): void {
    this.#lastHeardMs = this.#host.monotonicMs();
    this.#deaf ||= this.#host.silent;
    if (this.#deaf) return;
    try {
      for (const message of this.#reader.push(chunk)) {
        if (message.kind === 'request') this.#answering = this.#answering.then(() => this.#respond(message));
      }
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.#socket.end(formatResponse(400, { Connection: 'close' }));
    }
  }

  async #respond(request: RtspRequest): Promise<void> {
    const response = await this.#answer(request).catch((): Response => ({ status: 500 }));
    if (response === 'silence' || !this.#socket.writable) return;
    const headers: Record<string, string> = { CSeq: request.headers.get('cseq') ?? '0', Server: 'Atalaya simulator' };
    if (this.#session !== null && request.method !== 'DESCRIBE') {
      headers['Session'] = `${this.#session.viewer.id};timeout=${this.#host.sessionTimeoutSeconds}`;
    }
    this.#socket.write(formatResponse(response.status, { ...headers, ...response.headers }, response.body));
    response.afterwards?.();
  }

  async #answer(request: RtspRequest): Promise<Response | Silence> {
    const { path, track } = splitUrl(request.url);
    const camera = this.#host.findCamera(path);
    if (camera?.fault.kind === 'silent') return 'silence';
    if (request.method === 'OPTIONS') return { status: 200, headers: { Public: METHODS } };
    if (request.method === 'GET_PARAMETER' || request.method === 'SET_PARAMETER') return { status: 200 };
    if (request.method === 'TEARDOWN') return { status: 200, afterwards: () => this.#endSession() };
    if (camera === null) return { status: 404 };
    const refusal = this.#refusal(request, camera);
    if (refusal !== null) return refusal;
    switch (request.method) {
      case 'DESCRIBE':
        return this.#describe(request, camera);
      case 'SETUP':
        return this.#setUp(request, camera, track);
      case 'PLAY':
        return this.#play(request, camera);
      case 'PAUSE':
        if (this.#session !== null) camera.pause(this.#session.viewer);
        return { status: this.#session === null ? 454 : 200 };
      default:
        return { status: 501, headers: { Public: METHODS } };
    }
  }

  #refusal(request: RtspRequest, camera: SimulatedCamera): Response | null {
    const { auth } = camera.options;
    const fallback = { user: '', password: '', scheme: 'digest' } as const;
    const unauthorized = { status: 401, headers: { 'WWW-Authenticate': challenge(auth ?? fallback, this.#nonce) } };
    if (camera.fault.kind === 'refusing') {
      return camera.fault.status === 401 ? unauthorized : { status: camera.fault.status };
    }
    return auth === undefined || isAuthorized(request, auth, this.#nonce) ? null : unauthorized;
  }

  async #describe(request: RtspRequest, camera: SimulatedCamera): Promise<Response> {
    const media = await camera.media().catch(() => null);
    if (media === null) return { status: 503 };
    const base = request.url.replace(/\/*$/, '/');
    const body = describeClip(media.clip, media.clip.parameters.label, camera.options.audioOnly !== true);
    return { status: 200, headers: { 'Content-Base': base, 'Content-Type': 'application/sdp' }, body };
  }

  async #setUp(request: RtspRequest, camera: SimulatedCamera, track: TrackName | null): Promise<Response> {
    const media = await camera.media().catch(() => null);
    if (media === null) return { status: 503 };
    const name = track ?? media.trackNames[0];
    if (name === undefined || !media.trackNames.includes(name)) return { status: 404 };
    if (this.#session !== null && this.#session.camera !== camera) return { status: 455 };
    if (this.#socket.destroyed) return { status: 500 };
    const chosen = await this.#chooseTransport(request.headers.get('transport') ?? '');
    if (chosen === null) return { status: 461 };
    if (this.#session === null) {
      const viewer = new Viewer(randomBytes(8).toString('hex'), () => this.close());
      this.#session = { viewer, camera };
      camera.attach(viewer);
    }
    this.#session.viewer.transports.set(name, chosen.transport);
    return { status: 200, headers: { Transport: chosen.header } };
  }

  /** Takes the first of the offered transports (RFC 2326 12.39) that is possible here. */
  async #chooseTransport(offers: string): Promise<{ transport: RtpTransport; header: string } | null> {
    for (const offer of offers.split(',').map((text) => text.trim())) {
      const channels = /interleaved=(\d{1,3})-(\d{1,3})/.exec(offer);
      if (/^RTP\/AVP\/TCP/i.test(offer)) {
        const [rtp, rtcp] = [Number(channels?.[1] ?? 0), Number(channels?.[2] ?? 1)];
        if (rtp > 255 || rtcp > 255) continue;
        const header = `RTP/AVP/TCP;unicast;interleaved=${rtp}-${rtcp}`;
        return { transport: new InterleavedTransport(this.#socket, rtp, rtcp), header };
      }
      const ports = /client_port=(\d{1,5})-(\d{1,5})/.exec(offer);
      const address = this.#socket.remoteAddress;
      if (!/^RTP\/AVP(\/UDP)?(;|$)/i.test(offer) || /multicast/i.test(offer) || ports === null || !address) continue;
      const [rtpPort, rtcpPort] = [Number(ports[1]), Number(ports[2])];
      if (rtpPort < 1 || rtpPort > 65_535 || rtcpPort < 1 || rtcpPort > 65_535) continue;
      const own = await this.#host.udpPorts();
      const transport = new UdpTransport(own.rtp, own.rtcp, { address, rtpPort, rtcpPort });
      const server = `server_port=${own.rtpPort}-${own.rtpPort + 1}`;
      return { transport, header: `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};${server}` };
    }
    return null;
  }

  async #play(request: RtspRequest, camera: SimulatedCamera): Promise<Response> {
    const session = this.#session;
    if (session === null || session.camera !== camera) return { status: 454 };
    const media = await camera.media();
    if (session.viewer.state === 'ready') camera.play(session.viewer);
    const base = request.url.replace(/\/*$/, '');
    const info = [...session.viewer.transports.keys()].map((track) => {
      const { sequence = 0, timestamp = 0 } = media.playInfo(track) ?? {};
      return `url=${base}/${track};seq=${sequence};rtptime=${timestamp}`;
    });
    const headers = { Range: 'npt=now-', 'RTP-Info': info.join(',') };
    return { status: 200, headers, afterwards: () => camera.report(session.viewer) };
  }

  #endSession(): void {
    if (this.#session === null) return;
    this.#session.camera.detach(this.#session.viewer);
    this.#session = null;
  }
}

/** The camera's path and the track, if the URL ends with one; a query is no part of either. */
function splitUrl(url: string): { path: string; track: TrackName | null } {
  const whole = url.replace(/^rtsps?:\/\/[^/]*/i, '').replace(/\/+$/, '');
  const track = /\/(video|audio)$/.exec(whole)?.[1] ?? null;
  const path = (track === null ? whole : whole.slice(0, -track.length - 1))
    .replace(/\?.*$/, '')
    .replace(/^\/+|\/+$/g, '');
  return { path, track: track as TrackName | null };
}
