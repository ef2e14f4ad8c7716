import type { WebSocket } from '@fastify/websocket';
import type { FeedMessage } from '../contract/feed.ts';
import type { Feed } from './ports.ts';

/** A reader who is this far behind starts over with a snapshot, which is smaller than what he has missed. */
const MOST_UNSENT_BYTES = 1024 * 1024;
/** IANA WebSocket close codes: try again later. */
const TRY_AGAIN_LATER = 1013;

/** Passes what changes to everyone who listens: a snapshot first, then every message after it. */
export class FeedHub {
  readonly #feed: Feed;
  readonly #sockets = new Set<WebSocket>();
  #unsubscribe: (() => void) | undefined;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  get listenerCount(): number {
    return this.#sockets.size;
  }

  start(): Promise<void> {
    this.#unsubscribe = this.#feed.subscribe((message) => this.#broadcast(message));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#unsubscribe?.();
    this.#sockets.clear();
    return Promise.resolve();
  }

  join(socket: WebSocket): void {
    // Both in one turn: nothing can change between the snapshot and the first message.
    socket.send(JSON.stringify(this.#feed.snapshot()));
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #broadcast(message: FeedMessage): void {
    if (this.#sockets.size === 0) return;
    const text = JSON.stringify(message);
    for (const socket of this.#sockets) {
      if (socket.bufferedAmount > MOST_UNSENT_BYTES) {
        this.#sockets.delete(socket);
        socket.close(TRY_AGAIN_LATER, 'too slow');
      } else {
        socket.send(text);
      }
    }
  }
}
