/** The wall clock, injected so that tests can move it. */
export interface Clock {
  /** Integer UTC milliseconds. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };
