import type { KeyFrame, SegmentOpened } from '../contract/worker-protocol.ts';
import type { GapReason } from './gap-ledger.ts';

/** A segment whose row is not written yet: it grows, or its worker died and its file waits to be re-indexed. */
export class OpenSegment {
  readonly message: SegmentOpened;
  /** Where it stands on the camera's time line: later than the worker says after the clock was set back. */
  readonly startMs: number;
  endMs: number;
  bytes: number;
  readonly keyFrames: KeyFrame[] = [];
  /** Where the next segment of the stream begins, once it is open: this one ends there at the latest. */
  next: { startMs: number; runId: string } | undefined;
  /** Why recording stopped behind it, where it did. */
  stopped: GapReason | undefined;
  /** Its worker is gone. */
  isLost = false;
  readonly #shiftMs: number;

  constructor(message: SegmentOpened, startMs: number) {
    this.message = message;
    this.startMs = startMs;
    this.endMs = startMs;
    this.bytes = message.initBytes;
    this.#shiftMs = startMs - message.startMs;
  }

  /** Takes in what the worker reports; hearing the same report twice changes nothing. */
  grow(progress: { endMs: number; bytes: number; newKeyFrames: readonly KeyFrame[] }): void {
    this.endMs = Math.max(this.endMs, progress.endMs + this.#shiftMs);
    this.bytes = Math.max(this.bytes, progress.bytes);
    for (const { timeMs, offsetBytes } of progress.newKeyFrames) {
      if (offsetBytes <= (this.keyFrames.at(-1)?.offsetBytes ?? 0)) continue;
      this.keyFrames.push({ timeMs: timeMs + this.#shiftMs, offsetBytes });
    }
  }
}
