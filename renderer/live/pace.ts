/** What the player knows when it decides how fast to play. Times in seconds. */
export interface PaceInput {
  /** How much is buffered ahead of the picture on screen. */
  behindS: number;
  /** How much of it is kept on purpose, against a jittery network. */
  targetS: number;
  /** The present rate: what has begun is carried through. */
  rate: number;
}

export type Pace =
  | { kind: 'play'; rate: number }
  /** Too far behind to catch up by playing faster. */
  | { kind: 'jump' };

/** Past this, playing faster would take half a minute. */
const JUMP_BEHIND_S = 3;

/** Small enough for the delay bound of 250 ms, large enough not to be reached by one late frame. */
const START_EXCESS_S = 0.15;
const STOP_EXCESS_S = 0.03;

/** How fast to play so that the picture stays near the live edge without stopping. */
export function choosePace({ behindS, targetS, rate }: PaceInput): Pace {
  if (behindS > JUMP_BEHIND_S) return { kind: 'jump' };
  const excessS = behindS - targetS;
  const isCatchingUp = rate > 1;
  if (excessS > (isCatchingUp ? STOP_EXCESS_S : START_EXCESS_S)) {
    return { kind: 'play', rate: round(Math.min(1.25, Math.max(1.05, 1 + excessS * 0.25))) };
  }
  // About to run dry: a little slower is less seen than a stop.
  if (behindS < targetS * 0.25) return { kind: 'play', rate: 0.95 };
  const isRefilling = rate < 1;
  if (isRefilling && behindS < targetS * 0.75) return { kind: 'play', rate: 0.95 };
  return { kind: 'play', rate: 1 };
}

const FIRST_TARGET_S = 0.15;
const LONGEST_TARGET_S = 1;
/** One starvation in this long is not worth a longer delay. */
const CALM_MS = 30_000;

/** Finds out how much to keep ahead: more after each time that the buffer ran dry, less after every calm half minute. */
export class TargetDelay {
  #targetS = FIRST_TARGET_S;
  #changedMs: number;

  constructor(nowMs: number) {
    this.#changedMs = nowMs;
  }

  seconds(nowMs: number): number {
    if (nowMs - this.#changedMs > CALM_MS) {
      this.#changedMs = nowMs;
      this.#targetS = Math.max(FIRST_TARGET_S, this.#targetS - 0.1);
    }
    return this.#targetS;
  }

  ranDry(nowMs: number): void {
    this.#changedMs = nowMs;
    this.#targetS = Math.min(LONGEST_TARGET_S, this.#targetS + 0.1);
  }
}

/** Rates are set only when they change: steps of 0.05 keep them from changing at every look. */
function round(rate: number): number {
  return Math.round(rate * 20) / 20;
}
