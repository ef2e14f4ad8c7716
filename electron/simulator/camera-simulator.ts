import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { CameraMedia } from './camera-media.ts';
import { ClipLibrary } from './clip-library.ts';
import { FramePacer } from './frame-pacer.ts';
import { RtspConnection, type RtspHost } from './rtsp-connection.ts';
import { SimulatedCamera, type CameraHost, type CameraOptions, type CameraStats } from './simulated-camera.ts';
import { openUdpPorts, type UdpPorts } from './udp-ports.ts';

export interface CameraSimulatorOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string;
  readonly ffmpegPath: string;
  /** Where clips are kept between runs. */
  readonly cacheDir: string;
  readonly cameras: readonly CameraOptions[];
  /** How long a client may be quiet; told to it in the Session header. */
  readonly sessionTimeoutSeconds?: number;
  /** `before-start` makes `start` wait for all clips; `on-demand` makes a camera's first client wait for its own. */
  readonly clips?: 'before-start' | 'on-demand';
}

export interface SimulatorStats extends CameraStats {
  /** Open TCP connections, with or without a session. */
  readonly connections: number;
}

/**
 * A real RTSP 1.0 server (RFC 2326) whose cameras play clips in a loop and fail on command.
 *
 * ```ts
 * const simulator = new CameraSimulator({ port: 0, ffmpegPath, cacheDir, cameras: [{ path: 'yard', clip: clipParameters() }] });
 * await simulator.start();
 * record(simulator.url('yard'));
 * simulator.camera('yard').stall();
 * await simulator.close();
 * ```
 */
export class CameraSimulator {
  readonly #options: CameraSimulatorOptions;
  readonly #host: string;
  readonly #library: ClipLibrary;
  readonly #cameras = new Map<string, SimulatedCamera>();
  readonly #connections = new Set<RtspConnection>();
  readonly #pacer = new FramePacer(() => this.#cameras.values(), monotonicMs);
  readonly #rtspHost: RtspHost;
  #startedMs = 0;
  #port: number;
  #server: Server | null = null;
  #udpPorts: Promise<UdpPorts> | null = null;
  #expiry: NodeJS.Timeout | null = null;
  #silent = false;

  constructor(options: CameraSimulatorOptions) {
    this.#options = options;
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port;
    this.#library = new ClipLibrary(options);
    const cameraHost = this.#cameraHost();
    for (const camera of options.cameras) this.#cameras.set(camera.path, new SimulatedCamera(camera, cameraHost));
    this.#rtspHost = this.#createRtspHost();
  }

  get port(): number {
    return this.#port;
  }

  get stats(): SimulatorStats {
    const sum = { connectedClients: 0, playingClients: 0, sessionsOpened: 0, framesSent: 0, framesDropped: 0 };
    for (const { stats } of this.#cameras.values()) {
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += stats[name];
    }
    return { ...sum, connections: this.#connections.size };
  }

  /** @throws FfmpegError when a clip cannot be made, or the listener's error when the port is taken */
  async start(): Promise<void> {
    this.#startedMs = monotonicMs();
    if (this.#options.clips !== 'on-demand') await this.makeClips();
    await this.listen();
    this.#expiry = setInterval(() => this.#expireConnections(), 1000);
  }

  /** Makes the clips that are not in the cache yet, one by one: what a client waits for comes in between. @throws FfmpegError */
  async makeClips(): Promise<void> {
    for (const camera of this.#cameras.values()) await camera.media();
  }

  /** The camera's address; with `withCredentials` user name and password stand in it. */
  url(path: string, options: { withCredentials?: boolean } = {}): string {
    const { auth } = this.camera(path).options;
    const user = auth && `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@`;
    return `rtsp://${options.withCredentials === true ? (user ?? '') : ''}${this.#host}:${this.#port}/${path}`;
  }

  /** @throws RangeError when there is no such camera */
  camera(path: string): SimulatedCamera {
    const camera = this.#cameras.get(path);
    if (camera === undefined) throw new RangeError(`There is no simulated camera ${path}.`);
    return camera;
  }

  /** Opens the listener, on the same port as before if it was open already. */
  async listen(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => {
      const connection = new RtspConnection(socket, this.#rtspHost);
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
    });
    server.listen(this.#port, this.#host);
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Switches all cameras off: connections close, new ones are refused. */
  async stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    for (const connection of this.#connections) connection.close();
    await closed;
  }

  /** Accepts connections and answers nothing on them, or on those that send something meanwhile, ever. */
  silence(): void {
    this.#silent = true;
  }

  /** Ends `silence` for new connections. */
  speak(): void {
    this.#silent = false;
  }

  async close(): Promise<void> {
    this.#pacer.close();
    if (this.#expiry !== null) clearInterval(this.#expiry);
    this.#expiry = null;
    await this.stopListening();
    const udpPorts = await this.#udpPorts;
    this.#udpPorts = null;
    udpPorts?.close();
  }

  #cameraHost(): CameraHost {
    let created = 0;
    return {
      loadClip: (parameters) => this.#library.load(parameters),
      createMedia: ({ sei, audioOnly }, clip) => {
        // Spread over the frame's duration, so that all cameras together do not send at the same moment.
        const staggerMs = ((created++ * GOLDEN_RATIO) % 1) * (1000 / clip.parameters.fps);
        const startedMs = this.#startedMs + staggerMs;
        return new CameraMedia({ clip, sei: sei === true, withVideo: audioOnly !== true, startedMs });
      },
      monotonicMs,
      wallClockMs: () => Date.now(),
      wake: () => this.#pacer.wake(),
    };
  }

  #createRtspHost(): RtspHost {
    const isSilent = (): boolean => this.#silent;
    return {
      findCamera: (path) => this.#cameras.get(path) ?? null,
      udpPorts: () => (this.#udpPorts ??= openUdpPorts(this.#host, (...from) => this.#heardOverUdp(...from))),
      monotonicMs,
      sessionTimeoutSeconds: this.#options.sessionTimeoutSeconds ?? 60,
      get silent() {
        return isSilent();
      },
    };
  }

  #heardOverUdp(address: string, port: number): void {
    for (const connection of this.#connections) connection.heardOverUdp(address, port);
  }

  #expireConnections(): void {
    const nowMs = monotonicMs();
    for (const connection of this.#connections) connection.expire(nowMs);
  }
}

/** Its multiples spread most evenly, however many there are. */
const GOLDEN_RATIO = 0.618033988749895;

function monotonicMs(): number {
  return performance.now();
}
