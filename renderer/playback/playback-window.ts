import type { TimeRange } from '../api/recordings.ts';

const MINUTE_MS = 60_000;
/** Short enough to be listed and read in a few milliseconds, long enough that most seeks need no other. */
const LENGTH_MS = 60 * MINUTE_MS;
/** People look at what led to a moment, too. */
const BEFORE_MS = 15 * MINUTE_MS;
/** The next window is got ready this long before the end of the present one, in seconds of watching. */
const AHEAD_SECONDS = 8;

/** Which range to load so that `atMs` can be shown, and what is around it without loading again. */
export function windowAround(atMs: number): TimeRange {
  return { fromMs: Math.floor(atMs - BEFORE_MS), toMs: Math.floor(atMs - BEFORE_MS + LENGTH_MS) };
}

/** The range that continues a window whose footage ends at `endMs`: it begins in the last GOP already known. */
export function windowAfter(endMs: number): TimeRange {
  return { fromMs: Math.floor(endMs - 1), toMs: Math.floor(endMs + LENGTH_MS) };
}

export interface LoadedWindow {
  range: TimeRange;
  /** Where its footage ends. */
  endMs: number;
  /** When it was asked for, by the server's clock: later footage cannot be in it. */
  loadedMs: number;
}

/**
 * Whether `atMs` is decided by a loaded window: shown from it, or known to be a gap. What lies beyond the moment of
 * loading was not written yet then.
 */
export function isDecided(window: LoadedWindow, atMs: number): boolean {
  return atMs >= window.range.fromMs && atMs < Math.min(window.range.toMs, Math.max(window.endMs, window.loadedMs));
}

/**
 * Whether to get the next window ready now: the end comes near, and there is something beyond it.
 *
 * @param rate wall-clock seconds per second of watching
 * @param recordedEndMs up to when the camera is recorded, as far as known
 */
export function isContinuationDue(window: LoadedWindow, atMs: number, rate: number, recordedEndMs: number): boolean {
  const leftMs = window.endMs - atMs;
  if (leftMs > AHEAD_SECONDS * 1000 * Math.max(1, rate)) return false;
  const isGrowing = window.loadedMs < window.range.toMs;
  // At the growing end a window is worth loading once it brings a second; beyond a closed one there may be footage.
  return isGrowing ? recordedEndMs >= window.endMs + 1000 : true;
}
