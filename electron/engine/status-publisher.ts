import type { FeedMessage } from '../contract/feed.ts';
import type { SystemStatus } from '../server/ports.ts';
import type { FeedHub } from './feed.ts';
import type { Log } from './log.ts';

const STORAGE_EVERY_MS = 10_000;
/** Changes of many cameras at once (a switch that lost its power) make one message about the system's health. */
const HEALTH_DELAY_MS = 250;

/** Tells viewers of the storage now and then, and of the system's health when it has changed. */
export class StatusPublisher {
  readonly #system: SystemStatus;
  readonly #feed: FeedHub;
  readonly #log: Log;
  #storageTimer: NodeJS.Timeout | undefined;
  #healthTimer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;
  #lastHealth = '';

  constructor(system: SystemStatus, feed: FeedHub, log: Log) {
    this.#system = system;
    this.#feed = feed;
    this.#log = log;
  }

  start(): void {
    this.#stopListening = this.#feed.subscribe((message) => this.#onMessage(message));
    this.#lastHealth = JSON.stringify(this.#system.health());
    this.#storageTimer = setInterval(() => {
      void this.#publishStorage();
      // FFmpeg was found, and there is no camera whose change would say so.
      this.#publishHealth();
    }, STORAGE_EVERY_MS);
    void this.#publishStorage();
  }

  close(): void {
    this.#stopListening?.();
    clearInterval(this.#storageTimer);
    clearTimeout(this.#healthTimer);
  }

  #onMessage({ type }: FeedMessage): void {
    if (type !== 'camera' && type !== 'cameraRemoved') return;
    this.#healthTimer ??= setTimeout(() => this.#publishHealth(), HEALTH_DELAY_MS);
  }

  #publishHealth(): void {
    clearTimeout(this.#healthTimer);
    this.#healthTimer = undefined;
    const health = this.#system.health();
    const text = JSON.stringify(health);
    if (text === this.#lastHealth) return;
    this.#lastHealth = text;
    this.#feed.publish({ type: 'health', health });
  }

  async #publishStorage(): Promise<void> {
    try {
      this.#feed.publish({ type: 'storage', storage: await this.#system.storage() });
    } catch (error) {
      this.#log.warn({ err: error }, 'the storage could not be measured');
    }
  }
}
