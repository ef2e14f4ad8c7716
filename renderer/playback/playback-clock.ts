/** A stretch of a playlist without a gap: `startMs`/`endMs` wall clock, `startSeconds` on the player's own time line. */
export interface PlaybackSpan {
  startMs: number;
  endMs: number;
  startSeconds: number;
}

/** Wall-clock times and player times of one playlist. The player counts only what is recorded; gaps have no length. */
export class PlaybackClock {
  readonly spans: readonly PlaybackSpan[];

  constructor(spans: readonly PlaybackSpan[]) {
    this.spans = spans;
  }

  /** Wall clock of a player time; times beyond either end are clamped. Undefined in an empty playlist. */
  wallMsOf(playerSeconds: number): number | undefined {
    const span = this.spans.findLast((candidate) => candidate.startSeconds <= playerSeconds) ?? this.spans[0];
    if (span === undefined) return undefined;
    const atMs = span.startMs + (playerSeconds - span.startSeconds) * 1000;
    return Math.round(Math.min(span.endMs, Math.max(span.startMs, atMs)));
  }

  /**
   * Player time of a wall-clock time. Inside a gap, the start of the next span: `skippedMs` says how much later that
   * is. Undefined after the last span.
   */
  seekTo(wallMs: number): { playerSeconds: number; skippedMs: number } | undefined {
    const span = this.spans.find((candidate) => wallMs < candidate.endMs);
    if (span === undefined) return undefined;
    const fromMs = Math.max(wallMs, span.startMs);
    return { playerSeconds: span.startSeconds + (fromMs - span.startMs) / 1000, skippedMs: fromMs - wallMs };
  }

  /** The first gap that lies between two moments; undefined when there is footage all the way. */
  gapBetween(fromMs: number, toMs: number): { startMs: number; endMs: number } | undefined {
    for (const [index, span] of this.spans.entries()) {
      const next = this.spans[index + 1];
      if (next !== undefined && span.endMs >= fromMs && next.startMs <= toMs) {
        return { startMs: span.endMs, endMs: next.startMs };
      }
    }
    return undefined;
  }

  get startMs(): number | undefined {
    return this.spans[0]?.startMs;
  }

  get endMs(): number | undefined {
    return this.spans.at(-1)?.endMs;
  }
}
