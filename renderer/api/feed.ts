import { FeedMessage } from '../../electron/contract/feed.ts';
import { backoffMs } from './backoff.ts';
import { apiSocketUrl } from './client.ts';

export interface FeedHandlers {
  onMessage: (message: FeedMessage) => void;
  /** Called for each lost or refused connection; the next try follows by itself. */
  onLost: () => void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** Keeps one connection to `/feed` for as long as it is started; each connection begins with a snapshot. */
export class FeedConnection {
  readonly #handlers: FeedHandlers;
  #socket: WebSocket | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(handlers: FeedHandlers) {
    this.#handlers = handlers;
  }

  start(): void {
    if (this.#socket !== undefined || this.#retryTimer !== undefined) return;
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#attempt = 0;
  }

  #connect(): void {
    const socket = new WebSocket(apiSocketUrl('/feed'));
    this.#socket = socket;
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket !== this.#socket || typeof event.data !== 'string') return;
      const message = FeedMessage.safeParse(JSON.parse(event.data));
      // A newer server may say things this page does not know yet: they are not for it.
      if (!message.success) return;
      this.#attempt = 0;
      this.#handlers.onMessage(message.data);
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      this.#retryTimer = setTimeout(
        () => {
          this.#retryTimer = undefined;
          this.#connect();
        },
        backoffMs(this.#attempt, FIRST_RETRY_MS, LONGEST_RETRY_MS, Math.random),
      );
      this.#attempt += 1;
      this.#handlers.onLost();
    };
  }
}
