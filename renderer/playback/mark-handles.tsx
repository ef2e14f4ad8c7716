import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimeRange } from '../api/recordings.ts';
import { serverNowMs } from '../state/server.ts';
import { useTimeFormat } from '../ui/time-format.ts';
import { msOf, pxOf } from './time-scale.ts';
import type { TimelineView } from './use-timeline-view.ts';

export type Marks = Partial<TimeRange>;

interface MarkHandlesProps {
  view: TimelineView;
  marks: Marks;
  rulerPx: number;
  onChange: (marks: Marks) => void;
}

const STEP_MS = 1000;
const LARGE_STEP_MS = 60_000;

/** The two ends of the marked range, to be dragged, or moved by the arrow keys while in focus. */
export function MarkHandles(props: MarkHandlesProps) {
  return (
    <>
      {props.marks.fromMs !== undefined && <Handle {...props} end="fromMs" atMs={props.marks.fromMs} />}
      {props.marks.toMs !== undefined && <Handle {...props} end="toMs" atMs={props.marks.toMs} />}
    </>
  );
}

function Handle({ view, marks, rulerPx, onChange, end, atMs }: MarkHandlesProps & { end: keyof Marks; atMs: number }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const px = pxOf(view.scale, atMs);
  if (px < -12 || px > view.scale.widthPx + 12) return null;
  const lowestMs = end === 'toMs' ? (marks.fromMs ?? 0) + STEP_MS : 0;
  const highestMs = end === 'fromMs' && marks.toMs !== undefined ? marks.toMs - STEP_MS : serverNowMs();
  const moveTo = (wantedMs: number): void =>
    onChange({ ...marks, [end]: Math.round(Math.min(highestMs, Math.max(lowestMs, wantedMs))) });
  const drag = (event: PointerEvent<HTMLElement>): void => {
    event.stopPropagation();
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (event.buttons !== 0 && box !== undefined) moveTo(msOf(view.scale, event.clientX - box.left));
  };
  return (
    <button
      type="button"
      role="slider"
      aria-label={t(end === 'fromMs' ? 'playback.marks.from' : 'playback.marks.to')}
      aria-valuenow={atMs}
      aria-valuemin={lowestMs}
      aria-valuemax={highestMs}
      aria-valuetext={format.instant(atMs)}
      style={{ left: px - 12, top: rulerPx }}
      className="absolute bottom-0 z-10 flex w-6 cursor-ew-resize touch-none justify-center phone:w-8"
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onPointerUp={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
        if (direction === 0) return;
        event.preventDefault();
        event.stopPropagation();
        moveTo(atMs + direction * (event.shiftKey ? LARGE_STEP_MS : STEP_MS));
      }}
    >
      <span className="h-full w-1.5 rounded-sm bg-accent" />
    </button>
  );
}
