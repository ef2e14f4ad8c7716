import type { TimeSource } from './ffmpeg-arguments.ts';

export interface ObservedFrame {
  /** Wall clock when the frame reached us. */
  arrivalMs: number;
  /** The same moment on a clock that never steps. */
  monotonicMs: number;
  /** Media time of the frame. */
  decodeMs: number;
  durationMs: number;
}

/**
 * `ok`: the frame belongs where the clock says. `lost`: the camera or the network left out more time than a frame may
 * last, and wall clock and media time agree about how long. `jump`: they disagree; times of this run mean nothing now.
 */
export type ClockVerdict = 'ok' | 'lost' | 'jump';

/** Fastest correction of the mapping, in parts of the media time that passes. */
const SLEW = 500e-6;
/** Beyond this, wall clock and media time do not drift apart, they jumped. */
const JUMP_MS = 2_000;
/** A camera at 1 frame per second is slow; one whose frame lasts longer than this has lost frames. */
const LONGEST_FRAME_MS = 2_000;
/** Frames before the first anchor: FFmpeg hands on what it kept while it looked at the stream, all at once. */
const SETTLE_MS = 400;
/** Delays that still shrink by more than this in that time: what was kept back somewhere is being caught up. */
const CATCHING_UP_MS = 40;
/** Frames wait in memory meanwhile. */
const LONGEST_SETTLE_MS = 5_000;
/** Delays of the network come and go within this; the shortest delay in it is the truth. */
const WINDOW_MS = 5_000;
const WINDOWS = 6;
/** More frames without duration, one after the other, are a timestamp that no longer moves. */
const MOST_EMPTY_FRAMES = 4;
/** FFmpeg guesses the first times of a run; of reordered frames, 16 at most (H.264 A.3.1), it makes some empty ones. */
const MOST_REORDERED_FRAMES = 16;
/** FFmpeg's parser and muxer both wait for the next frame before they let one go. */
const HELD_FRAMES = 2;
/** Of a slow camera only so much is taken off, for then the frame's duration says little about the delay. */
const MOST_HELD_MS = 500;

/**
 * Maps media time of one FFmpeg run to wall-clock time.
 *
 * Durations are those of the media; the anchor is the time of arrival. A frame can only come late, never early, so the
 * earliest arrivals of the last half minute tell where the mapping should be, and it is moved there by at most
 * 500 parts per million. The design note is `design/time.md`.
 */
export class MediaClock {
  readonly #floorMs: number;
  readonly #times: TimeSource;
  #firstArrivalMs: number | undefined;
  /** The shortest delay so far, and for how long frames have come at their own pace since. */
  #settling = { delayMs: Infinity, steadyMs: 0 };
  /** Wall clock = media time + offset. Undefined until anchored. */
  #offsetMs: number | undefined;
  /** How far the mapping runs ahead of the arrivals, because the system clock stepped back below the floor. */
  #leadMs = 0;
  #last: ObservedFrame | undefined;
  #typicalMs: number | undefined;
  #emptyFrames = 0;
  /** Smallest (arrival - media time) of the windows before the present one. */
  readonly #minima: number[] = [];
  #windowStartMs = 0;
  #windowMinMs = Infinity;
  #windowFrames = 0;

  /**
   * @param floorMs the mapping never begins before this: the end of what is already recorded.
   * @param times where media time comes from. Frames that arrive at once have no duration then.
   */
  constructor(floorMs: number, times: TimeSource = 'camera') {
    this.#floorMs = floorMs;
    this.#times = times;
  }

  /** Whether `timeOf` may be asked. It is so after the first 400 ms, later where a backlog is being caught up. */
  get anchored(): boolean {
    return this.#offsetMs !== undefined;
  }

  /** The last frames had no duration: a jump may be what the next ones show. Do not record them yet. */
  get doubtful(): boolean {
    return this.#emptyFrames > 0;
  }

  /** Takes note of a frame; call it once for each, in order. */
  observe(frame: ObservedFrame): ClockVerdict {
    const last = this.#last;
    this.#last = frame;
    const delayMs = frame.arrivalMs - frame.decodeMs - this.#heldMs(frame);
    if (last === undefined) {
      this.#firstArrivalMs = frame.arrivalMs;
      this.#windowStartMs = frame.arrivalMs;
    }
    const verdict = this.#judge(frame, last, delayMs);
    if (verdict !== 'ok') return verdict;
    this.#note(frame, delayMs);
    if (this.#offsetMs === undefined) this.#anchor(frame, last);
    else this.#slew(frame.durationMs);
    return 'ok';
  }

  /** Wall clock of a media time, in whole milliseconds. Throws before the clock is anchored. */
  timeOf(mediaMs: number): number {
    if (this.#offsetMs === undefined) throw new Error('the media clock is not anchored yet');
    return Math.round(mediaMs + this.#offsetMs);
  }

  #judge(frame: ObservedFrame, last: ObservedFrame | undefined, delayMs: number): ClockVerdict {
    if (last === undefined) return 'ok';
    this.#emptyFrames = frame.durationMs < 1 && this.#times === 'camera' ? this.#emptyFrames + 1 : 0;
    const elapsedMs = frame.monotonicMs - last.monotonicMs;
    // The system's clock was set, or the machine slept.
    if (Math.abs(frame.arrivalMs - last.arrivalMs - elapsedMs) > JUMP_MS) return 'jump';
    const isAbsurd = frame.durationMs > Math.max(LONGEST_FRAME_MS, 4 * (this.#typicalMs ?? 0));
    const mostEmptyFrames = this.#offsetMs === undefined ? MOST_REORDERED_FRAMES : MOST_EMPTY_FRAMES;
    if (this.#emptyFrames > mostEmptyFrames) return 'jump';
    if (this.#offsetMs === undefined) return isAbsurd ? 'jump' : 'ok';
    const expectedMs = this.#offsetMs - this.#leadMs;
    if (isAbsurd) {
      // FFmpeg held this frame until the one after the hole came: it is as late as the hole is long.
      return Math.abs(delayMs - expectedMs - frame.durationMs) <= JUMP_MS ? 'lost' : 'jump';
    }
    // Early: no frame comes before it was taken. Late: may be a network that hung, unless it stays so.
    if (delayMs < expectedMs - JUMP_MS) return 'jump';
    const isWholeWindow = frame.arrivalMs - this.#windowStartMs >= WINDOW_MS && this.#windowFrames > 1;
    if (isWholeWindow && Math.min(this.#windowMinMs, delayMs) > expectedMs + JUMP_MS) return 'jump';
    return 'ok';
  }

  #heldMs({ durationMs }: ObservedFrame): number {
    const frameMs = this.#typicalMs ?? durationMs;
    return Math.min(HELD_FRAMES * frameMs, MOST_HELD_MS);
  }

  #note({ arrivalMs, durationMs }: ObservedFrame, delayMs: number): void {
    if (durationMs >= 1) this.#typicalMs = (this.#typicalMs ?? durationMs) * 0.95 + durationMs * 0.05;
    if (arrivalMs - this.#windowStartMs >= WINDOW_MS && this.#windowFrames > 0) {
      this.#minima.push(this.#windowMinMs);
      if (this.#minima.length >= WINDOWS) this.#minima.shift();
      this.#windowStartMs = arrivalMs;
      this.#windowMinMs = Infinity;
      this.#windowFrames = 0;
    }
    this.#windowMinMs = Math.min(this.#windowMinMs, delayMs);
    this.#windowFrames += 1;
  }

  #anchor({ arrivalMs, decodeMs }: ObservedFrame, last: ObservedFrame | undefined): void {
    if (this.#windowMinMs < this.#settling.delayMs - CATCHING_UP_MS) {
      this.#settling = { delayMs: this.#windowMinMs, steadyMs: 0 };
    } else if (last !== undefined) {
      // Neither a pause within a backlog nor the frames that come at once after it count: both are still late.
      this.#settling.steadyMs += Math.max(0, Math.min(arrivalMs - last.arrivalMs, decodeMs - last.decodeMs));
    }
    const isSettled = this.#settling.steadyMs >= SETTLE_MS;
    if (!isSettled && arrivalMs - (this.#firstArrivalMs ?? arrivalMs) < LONGEST_SETTLE_MS) return;
    // The first frame of a run has media time 0.
    this.#leadMs = Math.max(0, Math.ceil(this.#floorMs - this.#windowMinMs));
    this.#offsetMs = this.#windowMinMs + this.#leadMs;
  }

  #slew(durationMs: number): void {
    if (this.#offsetMs === undefined) return;
    const stepMs = SLEW * durationMs;
    // The lead is given back first, at the same slow rate: time must not run backwards.
    if (this.#leadMs > 0) {
      const returnedMs = Math.min(this.#leadMs, stepMs);
      this.#leadMs -= returnedMs;
      this.#offsetMs -= returnedMs;
      return;
    }
    const errorMs = Math.min(this.#windowMinMs, ...this.#minima) - this.#offsetMs;
    this.#offsetMs += Math.max(-stepMs, Math.min(stepMs, errorMs));
  }
}
