/** Which stretch of time a timeline of some width shows. Times are UTC ms, lengths CSS pixels. */
export interface TimeScale {
  fromMs: number;
  toMs: number;
  widthPx: number;
}

/** Below a minute there is nothing to tell apart but frames, above a year no row is read any more. */
export const SHORTEST_SPAN_MS = 60_000;
export const LONGEST_SPAN_MS = 366 * 86_400_000;

export function spanMs(scale: TimeScale): number {
  return scale.toMs - scale.fromMs;
}

export function pxOf(scale: TimeScale, atMs: number): number {
  return ((atMs - scale.fromMs) / spanMs(scale)) * scale.widthPx;
}

export function msOf(scale: TimeScale, px: number): number {
  return Math.round(scale.fromMs + (px / scale.widthPx) * spanMs(scale));
}

/** Zooms by `factor` (above 1: closer), so that the time under `px` stays there; the span stays within its bounds. */
export function zoomAbout(scale: TimeScale, px: number, factor: number): TimeScale {
  const span = clampSpan(spanMs(scale) / factor);
  const anchorMs = scale.fromMs + (px / scale.widthPx) * spanMs(scale);
  const fromMs = Math.round(anchorMs - (px / scale.widthPx) * span);
  return { ...scale, fromMs, toMs: fromMs + span };
}

/** Moves what is shown; positive `px` drags the content to the right, towards earlier times. */
export function panBy(scale: TimeScale, px: number): TimeScale {
  const shiftMs = Math.round((px / scale.widthPx) * spanMs(scale));
  return { ...scale, fromMs: scale.fromMs - shiftMs, toMs: scale.toMs - shiftMs };
}

/** The same span with `atMs` in its middle. */
export function centreOn(scale: TimeScale, atMs: number): TimeScale {
  const span = spanMs(scale);
  const fromMs = Math.round(atMs - span / 2);
  return { ...scale, fromMs, toMs: fromMs + span };
}

/** Keeps a moving time in view: unchanged while it is inside, else moved so that it stands at a fifth of the width. */
export function followTo(scale: TimeScale, atMs: number): TimeScale {
  if (atMs >= scale.fromMs && atMs <= scale.toMs) return scale;
  const span = spanMs(scale);
  const fromMs = Math.round(atMs - span / 5);
  return { ...scale, fromMs, toMs: fromMs + span };
}

/** Keeps at least a tenth of [earliestMs, latestMs] side of the range in view, so that nobody drags into nowhere. */
export function keepNear(scale: TimeScale, earliestMs: number, latestMs: number): TimeScale {
  const span = spanMs(scale);
  const lowestFrom = earliestMs - span * 0.9;
  const highestFrom = Math.max(lowestFrom, latestMs - span * 0.1);
  const fromMs = Math.round(Math.min(highestFrom, Math.max(lowestFrom, scale.fromMs)));
  return { ...scale, fromMs, toMs: fromMs + span };
}

function clampSpan(span: number): number {
  return Math.round(Math.min(LONGEST_SPAN_MS, Math.max(SHORTEST_SPAN_MS, span)));
}
