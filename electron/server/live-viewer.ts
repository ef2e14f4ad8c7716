import type { LiveMessage } from '../contract/live.ts';
import type { LiveFragment, LiveInit } from '../contract/worker-protocol.ts';
import { startsGop } from './gop-cache.ts';
import type { Clock } from './ports.ts';

/** What a viewer needs of a WebSocket. */
export interface ViewerSocket {
  readonly bufferedAmount: number;
  send(data: Uint8Array | string, options: { binary: boolean }, sent: () => void): void;
}

export interface LiveViewerOptions {
  socket: ViewerSocket;
  wantsAudio: boolean;
  clock: Clock;
  /** Told of every frame that was not sent, as it happens. */
  onDropped: (frames: number) => void;
}

/**
 * `waiting` for a key frame to begin with; `flowing`; `behind`: too much is unsent, so that frames are left out until a
 * key frame comes at a time when the rest has gone out.
 */
type State = { kind: 'waiting' } | { kind: 'flowing' } | { kind: 'behind'; frames: number };

/** What one viewer may keep unsent. 2 MiB are 4 s of a 4 Mbit/s camera. */
const MOST_UNSENT_BYTES = 2 * 1024 * 1024;
const LONGEST_UNSENT_MS = 2000;
/** How much may still be unsent when a viewer who was behind begins anew. */
const RESUME_BYTES = MOST_UNSENT_BYTES / 4;

/** One viewer of a stream. Its memory is bounded, and nothing it does delays the others. */
export class LiveViewer {
  readonly #socket: ViewerSocket;
  readonly #wantsAudio: boolean;
  readonly #clock: Clock;
  readonly #onDropped: (frames: number) => void;
  #state: State = { kind: 'waiting' };
  /** Whether fragments of the audio track are to be left out. */
  #isVideoOnly = false;
  /** When each message that is still unsent was handed over. */
  readonly #unsentSinceMs: number[] = [];
  /** Size of the cached GOP while it is still on its way: it is sent in one go, and is no sign of a slow viewer. */
  #burstBytes = 0;

  constructor({ socket, wantsAudio, clock, onDropped }: LiveViewerOptions) {
    this.#socket = socket;
    this.#wantsAudio = wantsAudio;
    this.#clock = clock;
    this.#onDropped = onDropped;
  }

  /** A new init segment, and the GOP that is under way. */
  begin(init: LiveInit, gop: readonly LiveFragment[]): void {
    const videoOnly = this.#wantsAudio ? undefined : init.videoOnly;
    this.#isVideoOnly = videoOnly !== undefined;
    const { mimeType, bytes } = videoOnly ?? init;
    const { width, height } = init;
    this.#tell({ type: 'init', mimeType, width, height, hasAudio: init.videoOnly !== undefined });
    this.#send(bytes);
    this.#state = { kind: 'waiting' };
    this.#burstBytes = this.#socket.bufferedAmount;
    for (const fragment of gop) {
      if (!this.#wants(fragment)) continue;
      this.#burstBytes += fragment.bytes.byteLength;
      this.#state = { kind: 'flowing' };
      this.#send(fragment.bytes);
    }
  }

  fragment(fragment: LiveFragment): void {
    if (!this.#wants(fragment)) return;
    if (this.#state.kind === 'flowing' && this.#isSlow()) this.#state = { kind: 'behind', frames: 0 };
    if (this.#state.kind === 'waiting' && startsGop(fragment)) this.#state = { kind: 'flowing' };
    if (this.#state.kind === 'behind' && startsGop(fragment) && this.#hasCaughtUp()) {
      this.#tell({ type: 'dropped', frames: this.#state.frames });
      this.#state = { kind: 'flowing' };
    }
    if (this.#state.kind === 'flowing') {
      this.#send(fragment.bytes);
    } else if (this.#state.kind === 'behind' && fragment.track !== 'audio') {
      this.#state.frames += 1;
      this.#onDropped(1);
    }
  }

  ended(reason: string): void {
    this.#state = { kind: 'waiting' };
    this.#tell({ type: 'ended', reason });
  }

  #wants(fragment: LiveFragment): boolean {
    return !this.#isVideoOnly || fragment.track === 'video';
  }

  #isSlow(): boolean {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount <= MOST_UNSENT_BYTES) this.#burstBytes = 0;
    if (this.#burstBytes > 0) return bufferedAmount > MOST_UNSENT_BYTES + this.#burstBytes;
    return bufferedAmount > MOST_UNSENT_BYTES || this.#oldestUnsentMs() > LONGEST_UNSENT_MS;
  }

  #hasCaughtUp(): boolean {
    return this.#socket.bufferedAmount <= RESUME_BYTES && this.#oldestUnsentMs() <= LONGEST_UNSENT_MS;
  }

  #oldestUnsentMs(): number {
    const since = this.#unsentSinceMs[0];
    return since === undefined ? 0 : this.#clock.nowMs() - since;
  }

  #tell(message: LiveMessage): void {
    this.#send(JSON.stringify(message));
  }

  #send(data: Uint8Array | string): void {
    this.#unsentSinceMs.push(this.#clock.nowMs());
    this.#socket.send(data, { binary: typeof data !== 'string' }, () => this.#unsentSinceMs.shift());
  }
}
