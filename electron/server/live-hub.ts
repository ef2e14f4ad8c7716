import type { WebSocket } from '@fastify/websocket';
import type { Camera } from '../contract/camera.ts';
import type { StreamName } from '../contract/ids.ts';
import { LiveChannel } from './live-channel.ts';
import { LiveViewer } from './live-viewer.ts';
import type { Clock, Feed, LiveSource } from './ports.ts';

export interface LiveHubOptions {
  source: LiveSource;
  /** Says when a camera is removed. */
  feed: Feed;
  clock: Clock;
  /** How long a stream is watched on after its last viewer: changing a layout closes and opens the same tiles. */
  lingerMs?: number;
}

interface Watch {
  cameraId: string;
  channel: LiveChannel;
  sockets: Set<WebSocket>;
  stop: () => void;
  linger: NodeJS.Timeout | undefined;
}

const LINGER_MS = 5000;
/** RFC 6455 7.4.1: the purpose of the connection is fulfilled. */
const NORMAL_CLOSURE = 1000;

/** Gives each stream to its viewers: it is watched once, however many there are, and while there are any. */
export class LiveHub {
  readonly #source: LiveSource;
  readonly #feed: Feed;
  readonly #clock: Clock;
  readonly #lingerMs: number;
  readonly #watches = new Map<string, Watch>();
  #unsubscribe: (() => void) | undefined;
  #droppedFrames = 0;

  constructor({ source, feed, clock, lingerMs = LINGER_MS }: LiveHubOptions) {
    this.#source = source;
    this.#feed = feed;
    this.#clock = clock;
    this.#lingerMs = lingerMs;
  }

  start(): Promise<void> {
    this.#unsubscribe = this.#feed.subscribe((message) => {
      if (message.type === 'cameraRemoved') this.#endCamera(message.cameraId);
    });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#unsubscribe?.();
    for (const [key, watch] of this.#watches) this.#stop(key, watch);
    return Promise.resolve();
  }

  figures(): { viewers: number; droppedFrames: number } {
    let viewers = 0;
    for (const { channel } of this.#watches.values()) viewers += channel.viewerCount;
    return { viewers, droppedFrames: this.#droppedFrames };
  }

  /** Shows the stream on this socket until it closes. */
  join(camera: Pick<Camera, 'id' | 'enabled'>, stream: StreamName, socket: WebSocket, wantsAudio: boolean): void {
    const key = `${camera.id}/${stream}`;
    const watch = this.#watches.get(key) ?? this.#watch(key, camera, stream);
    clearTimeout(watch.linger);
    const viewer = new LiveViewer({
      socket,
      wantsAudio,
      clock: this.#clock,
      onDropped: (frames) => {
        this.#droppedFrames += frames;
      },
    });
    watch.sockets.add(socket);
    watch.channel.add(viewer);
    socket.once('close', () => {
      watch.sockets.delete(socket);
      watch.channel.remove(viewer);
      if (watch.sockets.size > 0 || this.#watches.get(key) !== watch) return;
      watch.linger = setTimeout(() => this.#stop(key, watch), this.#lingerMs);
    });
  }

  #watch(key: string, camera: Pick<Camera, 'id' | 'enabled'>, stream: StreamName): Watch {
    const channel = new LiveChannel();
    // Nobody else will say so: a stream that was never begun does not end.
    if (!camera.enabled) channel.onEnded('disabled');
    const stop = this.#source.watch(camera.id, stream, channel);
    const watch: Watch = { cameraId: camera.id, channel, sockets: new Set(), stop, linger: undefined };
    this.#watches.set(key, watch);
    return watch;
  }

  #stop(key: string, watch: Watch): void {
    clearTimeout(watch.linger);
    watch.stop();
    this.#watches.delete(key);
  }

  #endCamera(cameraId: string): void {
    for (const [key, watch] of this.#watches) {
      if (watch.cameraId !== cameraId) continue;
      this.#stop(key, watch);
      watch.channel.onEnded('removed');
      for (const socket of watch.sockets) socket.close(NORMAL_CLOSURE, 'camera removed');
    }
  }
}
