/** What the player knows when it decides how fast to play. Times in seconds. */
export interface PaceInput {
  /** How much is buffered ahead of the picture on screen. */
  behindS: number;
  /** How much of it is kept on purpose, against a jittery network. */
  targetS: number;
  /** The present rate: what has begun is carried through. */
  rate: number;
  /** For how long it has been played faster. */
  catchingUpMs: number;
}

export type Pace =
  | { kind: 'play'; rate: number }
  /** Too far behind to catch up by playing faster. */
  | { kind: 'jump' };

/** Past this, playing faster would take half a minute. */
const JUMP_BEHIND_S = 3;

/** Past this, playing faster does not help: the machine is too slow, or the network as fast as the video. */
const LONGEST_CATCH_UP_MS = 15_000;
/** Less is not worth the jolt of a jump. */
const LEAST_JUMP_S = 0.5;

/** Small enough for the delay bound of 250 ms; more than the two frames by which the buffer grows and falls anyway. */
const START_EXCESS_S = 0.08;
const STOP_EXCESS_S = 0.03;

/** How fast to play so that the picture stays near the live edge without stopping. */
export function choosePace({ behindS, targetS, rate, catchingUpMs }: PaceInput): Pace {
  if (behindS > JUMP_BEHIND_S) return { kind: 'jump' };
  const excessS = behindS - targetS;
  if (catchingUpMs > LONGEST_CATCH_UP_MS && excessS > LEAST_JUMP_S) return { kind: 'jump' };
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
const SHORTEST_TARGET_S = 0.08;
const LONGEST_TARGET_S = 1;
/** What is kept below the worst of the last moments. */
const SAFETY_S = 0.06;
/** Long enough to see a network's usual worst, short enough to follow it. */
const WINDOW_MS = 4000;
/** A longer delay comes at once, a shorter one in steps: running dry is the worse fault. */
const MOST_LESS_S = 0.05;

/**
 * Finds out how much must be kept ahead: as far as the buffer falls below its mean between two arrivals, and a little
 * more. What it tells does not depend on how far behind the picture is at present.
 */
export class TargetDelay {
  #targetS = FIRST_TARGET_S;
  #windowStartMs: number;
  #lowestS = Infinity;
  #sumS = 0;
  #count = 0;
  #lastMs: number;
  /** What was played beyond the normal rate in this window: it shortens the buffer and is no jitter. */
  #extraS = 0;

  constructor(nowMs: number) {
    this.#windowStartMs = nowMs;
    this.#lastMs = nowMs;
  }

  get seconds(): number {
    return this.#targetS;
  }

  /** Tells how much was left just before more arrived, and how fast it was played since the last time. */
  observe(behindS: number, nowMs: number, rate: number): void {
    this.#extraS += ((rate - 1) * (nowMs - this.#lastMs)) / 1000;
    this.#lastMs = nowMs;
    const steadyS = behindS + this.#extraS;
    this.#lowestS = Math.min(this.#lowestS, steadyS);
    this.#sumS += steadyS;
    this.#count += 1;
    if (nowMs - this.#windowStartMs < WINDOW_MS) return;
    const neededS = this.#sumS / this.#count - this.#lowestS + SAFETY_S;
    this.#set(Math.max(neededS, this.#targetS - MOST_LESS_S), nowMs);
  }

  /** Playback stood still for want of media. */
  ranDry(nowMs: number): void {
    this.#set(this.#targetS + 0.1, nowMs);
  }

  /** Playback was moved: what was observed before says nothing about what follows. */
  restart(nowMs: number): void {
    this.#set(this.#targetS, nowMs);
  }

  #set(targetS: number, nowMs: number): void {
    this.#targetS = Math.min(LONGEST_TARGET_S, Math.max(SHORTEST_TARGET_S, targetS));
    this.#windowStartMs = nowMs;
    this.#lastMs = nowMs;
    this.#extraS = 0;
    this.#lowestS = Infinity;
    this.#sumS = 0;
    this.#count = 0;
  }
}

/** Rates are set only when they change: steps of 0.05 keep them from changing at every look. */
function round(rate: number): number {
  return Math.round(rate * 20) / 20;
}
