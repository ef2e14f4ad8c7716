import { useCallback, useEffect, useRef, useState } from 'react';
import { serverNowMs } from '../state/server.ts';
import type { Playback } from './playback.ts';
import { centreOn, followTo, keepNear, panBy, pxOf, spanMs, zoomAbout, type TimeScale } from './time-scale.ts';

export interface TimelineView {
  scale: TimeScale;
  setWidth: (widthPx: number) => void;
  pan: (byPx: number) => void;
  zoom: (aboutPx: number, factor: number) => void;
  /** Zooms about the playhead where it is in view, else about the middle. */
  zoomAtPlayhead: (factor: number) => void;
  /** Shows `lengthMs` with a moment in the middle, or the same length as before. */
  centre: (atMs: number, lengthMs?: number) => void;
  moveTo: (fromMs: number) => void;
}

const FIRST_SPAN_MS = 3_600_000;
/** A dozen years: before that nobody recorded with this program. */
const LONGEST_LIFE_MS = 12 * 366 * 86_400_000;

/** Which stretch of time is shown. It follows the playhead out of view, unless the user has moved away from it. */
export function useTimelineView(playback: Playback | undefined, startMs: number): TimelineView {
  const [scale, setScale] = useState<TimeScale>(() => firstScale(startMs));
  const latest = useRef(scale);
  const isFollowing = useRef(true);

  const change = useCallback((next: TimeScale): void => {
    const nowMs = serverNowMs();
    latest.current = keepNear(next, nowMs - LONGEST_LIFE_MS, nowMs);
    setScale(latest.current);
  }, []);

  useEffect(() => {
    if (playback === undefined) return;
    return playback.onPosition((atMs) => {
      const { fromMs, toMs } = latest.current;
      if (atMs >= fromMs && atMs <= toMs) isFollowing.current = true;
      else if (isFollowing.current) change(followTo(latest.current, atMs));
    });
  }, [playback, change]);

  const moved = useCallback(
    (next: TimeScale): void => {
      const atMs = playback?.positionMs ?? startMs;
      change(next);
      isFollowing.current = atMs >= latest.current.fromMs && atMs <= latest.current.toMs;
    },
    [playback, startMs, change],
  );

  return {
    scale,
    setWidth: useCallback((widthPx: number) => change({ ...latest.current, widthPx }), [change]),
    pan: useCallback((byPx: number) => moved(panBy(latest.current, byPx)), [moved]),
    zoom: useCallback((aboutPx: number, factor: number) => moved(zoomAbout(latest.current, aboutPx, factor)), [moved]),
    zoomAtPlayhead: useCallback(
      (factor: number) => {
        const px = pxOf(latest.current, playback?.positionMs ?? startMs);
        const isInView = px >= 0 && px <= latest.current.widthPx;
        change(zoomAbout(latest.current, isInView ? px : latest.current.widthPx / 2, factor));
      },
      [playback, startMs, change],
    ),
    centre: useCallback(
      (atMs: number, lengthMs?: number) => {
        const length = lengthMs ?? spanMs(latest.current);
        isFollowing.current = true;
        change(centreOn({ ...latest.current, toMs: latest.current.fromMs + length }, atMs));
      },
      [change],
    ),
    moveTo: useCallback(
      (fromMs: number) => moved({ ...latest.current, fromMs, toMs: fromMs + spanMs(latest.current) }),
      [moved],
    ),
  };
}

/** An hour around the start; near the present most of it lies in the past. */
function firstScale(startMs: number): TimeScale {
  const toMs = Math.min(startMs + FIRST_SPAN_MS / 2, serverNowMs() + FIRST_SPAN_MS / 12);
  return { fromMs: toMs - FIRST_SPAN_MS, toMs, widthPx: 1000 };
}
