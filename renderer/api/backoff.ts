/**
 * How long to wait before the next try: doubles from `firstMs` to `longestMs`, each with up to a fifth of jitter so that
 * sixteen tiles do not return in the same instant. `attempt` counts from 0; `random` gives [0, 1).
 */
export function backoffMs(attempt: number, firstMs: number, longestMs: number, random: () => number): number {
  const plainMs = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 20));
  return Math.round(plainMs * (1 - 0.2 * random()));
}
