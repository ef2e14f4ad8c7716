import type { StreamName } from '../contract/ids.ts';
import type { LiveFragment, LiveInit, WorkerToEngine } from '../contract/worker-protocol.ts';
import type { LiveListener, LiveSource } from '../server/ports.ts';

interface Tap {
  listeners: Set<LiveListener>;
  /** What a listener who comes later is told first: the init segment and the GOP so far. */
  init: LiveInit | undefined;
  gop: LiveFragment[];
}

/** Bounds the cached GOP of a camera that never sends a key frame again: 30 s at 30 frames per second. */
const MOST_GOP_FRAGMENTS = 900;

/** The live tap: each stream is watched at its worker while it has listeners here, once for all of them. */
export class WorkerLiveSource implements LiveSource {
  readonly #watchAtWorker: (cameraId: string, stream: StreamName, watching: boolean) => void;
  readonly #taps = new Map<string, Tap>();

  constructor(watchAtWorker: (cameraId: string, stream: StreamName, watching: boolean) => void) {
    this.#watchAtWorker = watchAtWorker;
  }

  watch(cameraId: string, stream: StreamName, listener: LiveListener): () => void {
    const key = tapKey(cameraId, stream);
    const tap = this.#taps.get(key) ?? { listeners: new Set(), init: undefined, gop: [] };
    const first = tap.listeners.size === 0;
    tap.listeners.add(listener);
    this.#taps.set(key, tap);
    if (first) {
      this.#watchAtWorker(cameraId, stream, true);
    } else if (tap.init !== undefined) {
      listener.onInit(tap.init);
      for (const fragment of tap.gop) listener.onFragment(fragment);
    }
    return () => {
      if (!tap.listeners.delete(listener) || tap.listeners.size > 0) return;
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
        tap.init = message;
        tap.gop = [];
        for (const listener of [...tap.listeners]) listener.onInit(message);
        return;
      case 'liveFragment':
        // From before the listener stopped and came back: the answer to the new watch begins with an init segment.
        if (tap.init === undefined) return;
        if (message.keyFrame || tap.gop.length >= MOST_GOP_FRAGMENTS) tap.gop = [];
        if (message.keyFrame || tap.gop.length > 0) tap.gop.push(message);
        for (const listener of [...tap.listeners]) listener.onFragment(message);
        return;
      case 'liveEnded':
        tap.init = undefined;
        tap.gop = [];
        for (const listener of [...tap.listeners]) listener.onEnded(message.reason);
    }
  }
}

function tapKey(cameraId: string, stream: StreamName): string {
  return `${cameraId}/${stream}`;
}
