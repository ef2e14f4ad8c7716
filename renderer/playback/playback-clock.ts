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

  /** The gap that begins where the span holding this player time ends; undefined in the last span. */
  gapAfter(playerSeconds: number): { startMs: number; endMs: number } | undefined {
    const index = this.spans.findLastIndex((candidate) => candidate.startSeconds <= playerSeconds);
    const span = this.spans[index];
    const next = this.spans[index + 1];
    return span === undefined || next === undefined ? undefined : { startMs: span.endMs, endMs: next.startMs };
  }

  get startMs(): number | undefined {
    return this.spans[0]?.startMs;
  }

  get endMs(): number | undefined {
    return this.spans.at(-1)?.endMs;
  }
}

/** Two stretches this close are one: rounding of EXTINF, or a session that came back at once. */
const LONGEST_SEAM_MS = 20;

/**
 * Reads the clock off an HLS media playlist: EXTINF gives lengths, EXT-X-PROGRAM-DATE-TIME anchors them (RFC 8216
 * 4.3.2.6). A date that does not follow from the one before it begins a new span.
 */
export function readPlaylistClock(playlist: string): PlaybackClock {
  const spans: PlaybackSpan[] = [];
  let seconds = 0;
  let dateMs: number | undefined;
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) {
      dateMs = Date.parse(line.slice('#EXT-X-PROGRAM-DATE-TIME:'.length));
    } else if (line.startsWith('#EXTINF:')) {
      const lengthSeconds = Number.parseFloat(line.slice('#EXTINF:'.length));
      const last = spans.at(-1);
      if (last === undefined || (dateMs !== undefined && Math.abs(dateMs - last.endMs) > LONGEST_SEAM_MS)) {
        const startMs = dateMs ?? 0;
        spans.push({ startMs, endMs: startMs + lengthSeconds * 1000, startSeconds: seconds });
      } else {
        last.endMs += lengthSeconds * 1000;
      }
      dateMs = undefined;
      seconds += lengthSeconds;
    }
  }
  return new PlaybackClock(spans.map((span) => ({ ...span, endMs: Math.round(span.endMs) })));
}
