import type { StreamName } from '../contract/ids.ts';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import type { LiveListener, LiveSource } from '../server/ports.ts';

interface Tap {
  cameraId: string;
  listener: LiveListener;
  /** Whether the answer to this watch has begun: what came before it was for another. */
  hasBegun: boolean;
}

/** The live tap: each stream is watched at its worker while the server listens. */
export class WorkerLiveSource implements LiveSource {
  readonly #watchAtWorker: (cameraId: string, stream: StreamName, watching: boolean) => void;
  readonly #taps = new Map<string, Tap>();

  constructor(watchAtWorker: (cameraId: string, stream: StreamName, watching: boolean) => void) {
    this.#watchAtWorker = watchAtWorker;
  }

  watch(cameraId: string, stream: StreamName, listener: LiveListener): () => void {
    const key = tapKey(cameraId, stream);
    if (this.#taps.has(key)) throw new Error(`${key} is watched already`);
    const tap = { cameraId, listener, hasBegun: false };
    this.#taps.set(key, tap);
    this.#watchAtWorker(cameraId, stream, true);
    return () => {
      if (this.#taps.get(key) !== tap) return;
      this.#taps.delete(key);
      this.#watchAtWorker(cameraId, stream, false);
    };
  }

  /** How many streams are watched now. */
  get watched(): number {
    return this.#taps.size;
  }

  /** Takes in live data; other messages of a worker are of no interest here. */
  handle(message: WorkerToEngine): void {
    if (message.type !== 'liveInit' && message.type !== 'liveFragment' && message.type !== 'liveEnded') return;
    const tap = this.#taps.get(tapKey(message.cameraId, message.stream));
    // Fragments that were on their way when the last viewer left.
    if (tap === undefined) return;
    switch (message.type) {
      case 'liveInit':
        tap.hasBegun = true;
        tap.listener.onInit(message);
        return;
      case 'liveFragment':
        if (tap.hasBegun) tap.listener.onFragment(message);
        return;
      case 'liveEnded':
        this.#end(tap, message.reason);
    }
  }

  /** The worker of these cameras died without a word. Its successor begins their streams anew. */
  workerLost(cameraIds: readonly string[]): void {
    for (const tap of this.#taps.values()) {
      if (tap.hasBegun && cameraIds.includes(tap.cameraId)) this.#end(tap, 'the worker was lost');
    }
  }

  #end(tap: Tap, reason: string): void {
    tap.hasBegun = false;
    tap.listener.onEnded(reason);
  }
}

function tapKey(cameraId: string, stream: StreamName): string {
  return `${cameraId}/${stream}`;
}
