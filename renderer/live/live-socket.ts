import { LiveMessage } from '../../electron/contract/live.ts';
import { backoffMs } from '../api/backoff.ts';

export type LiveInit = Extract<LiveMessage, { type: 'init' }>;

export interface LiveSocketEvents {
  /** The stream begins, or begins anew with another codec or size. */
  onInit: (init: LiveInit, segment: Uint8Array) => void;
  onFragment: (fragment: Uint8Array) => void;
  onDropped: (frames: number) => void;
  /** The server says why nothing comes for now. */
  onEnded: (reason: string) => void;
  /** The connection is gone; the next try follows by itself. */
  onLost: () => void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** One viewer of one stream: connects, tells apart what comes, and connects again until it is closed. */
export class LiveSocket {
  readonly #open: () => WebSocket;
  readonly #events: LiveSocketEvents;
  #socket: WebSocket | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  /** The `init` whose segment is the next binary message. */
  #announced: LiveInit | undefined;

  /** `open` makes a connecting WebSocket. */
  constructor(open: () => WebSocket, events: LiveSocketEvents) {
    this.#open = open;
    this.#events = events;
    this.#connect();
  }

  /** Tries at once instead of waiting for the next try: the camera is known to be back. */
  retryNow(): void {
    if (this.#retryTimer === undefined) return;
    this.#attempt = 0;
    this.#connect();
  }

  /** Drops the connection and begins again after the usual wait: what came could not be played. */
  restart(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    socket.close();
    this.#retryLater();
  }

  close(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #connect(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#announced = undefined;
    const socket = this.#open();
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket !== this.#socket) return;
      if (event.data instanceof ArrayBuffer) this.#takeBytes(new Uint8Array(event.data));
      else if (typeof event.data === 'string') this.#takeText(event.data);
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      this.#retryLater();
      this.#events.onLost();
    };
  }

  #retryLater(): void {
    const waitMs = backoffMs(this.#attempt, FIRST_RETRY_MS, LONGEST_RETRY_MS, Math.random);
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), waitMs);
  }

  #takeBytes(bytes: Uint8Array): void {
    const init = this.#announced;
    if (init === undefined) {
      // Only media proves that the stream is worth an early return.
      this.#attempt = 0;
      this.#events.onFragment(bytes);
      return;
    }
    this.#announced = undefined;
    this.#events.onInit(init, bytes);
  }

  #takeText(text: string): void {
    const parsed = LiveMessage.safeParse(JSON.parse(text));
    // A newer server may say things this page does not know yet: they are not for it.
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'init') this.#announced = message;
    else if (message.type === 'dropped') this.#events.onDropped(message.frames);
    else this.#events.onEnded(message.reason);
  }
}
