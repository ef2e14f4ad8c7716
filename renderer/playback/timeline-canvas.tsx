import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimeRange } from '../api/recordings.ts';
import { usePreferences } from '../state/preferences.ts';
import { serverNowMs } from '../state/server.ts';
import { useTimeFormat } from '../ui/time-format.ts';
import { useSize } from '../ui/use-size.ts';
import { createTickLabel } from './tick-label.ts';
import { TimelineGestures } from './timeline-gestures.ts';
import { paintTimeline, readPalette } from './timeline-painter.ts';
import type { TimelineRow } from './timeline-rows.ts';
import { TimelineHover } from './timeline-hover.tsx';
import { msOf, pxOf } from './time-scale.ts';
import { usePlayback, usePosition } from './use-playback.ts';
import type { TimelineView } from './use-timeline-view.ts';

interface TimelineCanvasProps {
  view: TimelineView;
  /** Read anew for each painting: the feed lets them grow. */
  readRows: () => TimelineRow[];
  rowCount: number;
  activeId: string | undefined;
  marks: Partial<TimeRange>;
  rowPx: number;
  rulerPx: number;
  /** `isHeld` while the pointer is still down. */
  onSeek: (atMs: number, isHeld: boolean) => void;
  /** Stands over the painting. */
  children?: React.ReactNode;
}

const PLAYHEAD_REACH_PX = 10;
const PLAYHEAD_REACH_TOUCH_PX = 24;
/** One notch of a mouse wheel (100 px) zooms by a third. */
const ZOOM_PER_PX = 0.003;

/** Ruler and rows, painted; a slider to assistive technology. The page's shortcuts are its keys. */
export function TimelineCanvas(props: TimelineCanvasProps) {
  const { view, rowPx, rulerPx, rowCount, readRows } = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const playback = usePlayback();
  const size = useSize(host);
  const language = usePreferences((preferences) => preferences.language);
  const tickLabel = useMemo(() => createTickLabel(language), [language]);
  const [hover, setHover] = useState<{ px: number; py: number }>();
  const heightPx = rulerPx + rowCount * rowPx;
  const { setWidth } = view;

  useLayoutEffect(() => {
    if (size !== undefined && size.width > 0) setWidth(size.width);
  }, [size, setWidth]);

  const latest = useRef({ ...props, hover, tickLabel });
  const requestPaint = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    latest.current = { ...props, hover, tickLabel };
    requestPaint.current();
  });

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const surface = canvas.current;
    let palette = readPalette();
    let frame = 0;
    const paint = (): void => {
      frame = 0;
      const { view: shown, marks, activeId, hover: at, ...rest } = latest.current;
      const ratio = window.devicePixelRatio;
      const width = Math.round(shown.scale.widthPx * ratio);
      const height = Math.round((rest.rulerPx + rest.rowCount * rest.rowPx) * ratio);
      if (surface.width !== width || surface.height !== height) Object.assign(surface, { width, height });
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const picture = {
        scale: shown.scale,
        rows: rest.readRows(),
        activeId,
        positionMs: playback.positionMs,
        nowMs: serverNowMs(),
        marks,
        hoverPx: at?.px,
        rowPx: rest.rowPx,
        rulerPx: rest.rulerPx,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        tickLabel: rest.tickLabel,
      };
      paintTimeline(context, picture, palette);
    };
    requestPaint.current = () => {
      if (frame === 0) frame = requestAnimationFrame(paint);
    };
    const theme = new MutationObserver(() => {
      palette = readPalette();
      requestPaint.current();
    });
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const stop = playback.onPosition(() => requestPaint.current());
    // "Now" moves, and the feed extends the rows, once a second.
    const timer = setInterval(() => requestPaint.current(), 1000);
    requestPaint.current();
    return () => {
      stop();
      clearInterval(timer);
      theme.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [playback]);

  const gestures = useMemo(() => {
    const current = (): TimelineCanvasProps => latest.current;
    return new TimelineGestures(
      {
        onPan: (byPx) => current().view.pan(byPx),
        onZoom: (aboutPx, factor) => current().view.zoom(aboutPx, factor),
        onSeek: (px, isHeld) => current().onSeek(msOf(current().view.scale, px), isHeld),
        onHover: setHover,
      },
      (px, py) => {
        const { view: shown, rulerPx: ruler } = current();
        const isCoarse = window.matchMedia('(pointer: coarse)').matches;
        const reachPx = isCoarse ? PLAYHEAD_REACH_TOUCH_PX : PLAYHEAD_REACH_PX;
        const isOnPlayhead = Math.abs(pxOf(shown.scale, playback.positionMs) - px) <= reachPx;
        return py < ruler || isOnPlayhead ? 'scrub' : 'pan';
      },
    );
  }, [playback]);

  // React listens to wheel passively, which could not keep the page from zooming along.
  useEffect(() => {
    const element = host.current;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { view: shown } = latest.current;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) shown.pan(-event.deltaX);
      else shown.zoom(event.offsetX, Math.exp(-event.deltaY * ZOOM_PER_PX));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);

  const place = (event: React.PointerEvent): [px: number, py: number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return (
    <div className="relative min-w-0 flex-1">
      <SliderFrame view={view}>
        <div
          ref={host}
          style={{ height: heightPx }}
          className="relative w-full cursor-crosshair touch-none select-none"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            gestures.down(event.pointerId, ...place(event));
          }}
          onPointerMove={(event) => gestures.move(event.pointerId, ...place(event), event.pointerType === 'touch')}
          onPointerUp={(event) => gestures.up(event.pointerId, false)}
          onPointerCancel={(event) => gestures.up(event.pointerId, true)}
          onPointerLeave={() => gestures.leave()}
          onDoubleClick={(event) => view.zoom(event.nativeEvent.offsetX, 3)}
        >
          <canvas ref={canvas} className="pointer-events-none absolute inset-0 size-full" aria-hidden />
          {hover && host.current && (
            <TimelineHover
              box={host.current.getBoundingClientRect()}
              place={hover}
              view={view}
              rows={readRows()}
              rowPx={rowPx}
              rulerPx={rulerPx}
            />
          )}
        </div>
      </SliderFrame>
      {/* Beside the slider: a control inside another is lost to screen readers. */}
      {props.children}
    </div>
  );
}

function SliderFrame({ view, children }: { view: TimelineView; children: React.ReactNode }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const positionMs = usePosition(1000);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('playback.timeline.label')}
      aria-valuemin={view.scale.fromMs}
      aria-valuemax={view.scale.toMs}
      aria-valuenow={Math.round(Math.min(view.scale.toMs, Math.max(view.scale.fromMs, positionMs)))}
      aria-valuetext={format.instant(positionMs)}
      className="focus-visible:-outline-offset-2"
    >
      {children}
    </div>
  );
}
