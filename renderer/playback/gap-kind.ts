import type { Gap, GapCause } from '../../electron/contract/gap.ts';

/** Gaps that nobody wanted: footage was lost. The others are the user's own doing. */
const LOSSES: readonly GapCause[] = [
  'camera-offline',
  'auth-failed',
  'stream-stalled',
  'disk-full',
  'disk-error',
  'app-crashed',
  'clock',
];

export function isLoss(cause: GapCause): boolean {
  return LOSSES.includes(cause);
}

/** The gap at a moment; of several answers the last one counts. */
export function gapAt(gaps: readonly Gap[], atMs: number): Gap | undefined {
  return gaps.findLast((gap) => atMs >= gap.startMs && atMs < gap.endMs);
}
