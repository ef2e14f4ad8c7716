import type { FeedMessage } from '../contract/feed.ts';
import type { Feed } from '../server/ports.ts';

/** Hands what changes to whoever listens; holds nothing, so a listener that comes later takes a snapshot first. */
export class FeedHub implements Feed {
  readonly #takeSnapshot: () => FeedMessage;
  readonly #listeners = new Set<(message: FeedMessage) => void>();

  constructor(takeSnapshot: () => FeedMessage) {
    this.#takeSnapshot = takeSnapshot;
  }

  snapshot(): FeedMessage {
    return this.#takeSnapshot();
  }

  subscribe(listener: (message: FeedMessage) => void): () => void {
    // Wrapped, so that a function subscribed twice is heard twice and stopped one by one.
    const entry = (message: FeedMessage): void => listener(message);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  publish(message: FeedMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}
