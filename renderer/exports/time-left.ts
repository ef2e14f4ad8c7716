export interface ProgressSample {
  atMs: number;
  /** 0 to 1. */
  progress: number;
}

/** Below this nothing can be said of the rate yet. */
const LEAST_PROGRESS = 0.02;

/** How long a job still takes at the rate since `first`; undefined until there is a rate. */
export function timeLeftMs(first: ProgressSample, now: ProgressSample): number | undefined {
  const made = now.progress - first.progress;
  if (made < LEAST_PROGRESS) return undefined;
  return Math.round(((now.atMs - first.atMs) / made) * (1 - now.progress));
}
