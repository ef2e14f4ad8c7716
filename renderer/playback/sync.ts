/** What a picture that follows another one must do to show the same moment. */
export type Correction = { kind: 'rate'; rate: number } | { kind: 'seek'; toMs: number };

/** Beyond this no change of speed catches up before it is noticed. */
const LARGEST_NUDGE_MS = 800;
/** Below a frame there is nothing to correct. */
const SMALLEST_NUDGE_MS = 40;
/** How long a seek takes: aim at where the leader will be then. */
const SEEK_TAKES_MS = 120;

/** Compares wall clocks of a follower and of the picture that leads, both playing at `rate`. */
export function correctionOf(followerMs: number, leaderMs: number, rate: number): Correction {
  const behindMs = leaderMs - followerMs;
  if (Math.abs(behindMs) > LARGEST_NUDGE_MS * Math.max(1, rate)) {
    return { kind: 'seek', toMs: leaderMs + SEEK_TAKES_MS * rate };
  }
  if (Math.abs(behindMs) < SMALLEST_NUDGE_MS * Math.max(1, rate)) return { kind: 'rate', rate };
  // Up to a fifth faster or slower: quick enough, and not seen.
  const nudge = Math.max(-0.2, Math.min(0.2, behindMs / rate / 1000));
  return { kind: 'rate', rate: Math.min(16, rate * (1 + nudge)) };
}
