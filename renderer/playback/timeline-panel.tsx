import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { serverNowMs, useRecordedEnds } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { useIsPhone } from '../ui/use-media-query.ts';
import { HeatBarRow } from './heat-bar.tsx';
import { LiveCoverage } from './live-coverage.ts';
import { MarkHandles, type Marks } from './mark-handles.tsx';
import { TimelineCanvas } from './timeline-canvas.tsx';
import { timelineRows } from './timeline-rows.ts';
import { usePlayback } from './use-playback.ts';
import { useTimelineData } from './use-timeline-data.ts';
import type { TimelineView } from './use-timeline-view.ts';

interface TimelinePanelProps {
  cameras: readonly Camera[];
  activeId: string | undefined;
  view: TimelineView;
  marks: Marks;
  onMarks: (marks: Marks) => void;
  onChoose: (cameraId: string) => void;
  onLast: () => void;
}

const RULER_PX = 28;
const PHONE_RULER_PX = 36;
const PHONE_ROW_PX = 44;
/** Few rows are taller: there is room, and a place to press and to say something in. */
const ROW_PX = [52, 52, 36];
const ROW_AMONG_MANY_PX = 26;
/** Rows that stand at once; more of them scroll. */
const MOST_ROWS_IN_SIGHT = 6;

/** Overview, ruler and rows of the chosen cameras. */
export function TimelinePanel({ cameras, activeId, view, marks, onMarks, onChoose, onLast }: TimelinePanelProps) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const isPhone = useIsPhone();
  const playback = usePlayback();
  const ids = useMemo(() => cameras.map((camera) => camera.id), [cameras]);
  const data = useTimelineData(ids, view.scale);
  const live = useLiveCoverage();
  const readRows = useCallback(
    () => timelineRows(ids, data.loaded, (cameraId) => live.current.of(cameraId)),
    [ids, data.loaded, live],
  );
  const rulerPx = isPhone ? PHONE_RULER_PX : RULER_PX;
  const rowPx = isPhone ? PHONE_ROW_PX : (ROW_PX[cameras.length] ?? ROW_AMONG_MANY_PX);
  const isEmpty =
    data.isComplete &&
    readRows().every((row) =>
      row.coverage.every(({ startMs, endMs }) => endMs <= view.scale.fromMs || startMs >= view.scale.toMs),
    );
  return (
    <div className="relative shrink-0">
      <HeatBarRow view={view} cameraIds={ids} />
      <div
        style={{ maxHeight: rulerPx + MOST_ROWS_IN_SIGHT * rowPx }}
        className="flex overflow-y-auto border-t border-line bg-surface"
      >
        <div className="w-44 shrink-0 border-r border-line phone:hidden">
          <div style={{ height: rulerPx }} className="flex items-center px-3 text-xs text-muted">
            {format.zone(view.scale.fromMs)}
          </div>
          {cameras.map((camera) => (
            <button
              key={camera.id}
              type="button"
              aria-pressed={camera.id === activeId}
              style={{ height: rowPx }}
              onClick={() => onChoose(camera.id)}
              className="block w-full truncate px-3 text-left text-muted hover:bg-hover hover:text-text focus-visible:-outline-offset-2 aria-pressed:font-semibold aria-pressed:text-accent"
            >
              {camera.name}
            </button>
          ))}
        </div>
        <TimelineCanvas
          view={view}
          readRows={readRows}
          rowCount={cameras.length}
          activeId={activeId}
          marks={marks}
          rowPx={rowPx}
          rulerPx={rulerPx}
          onSeek={(atMs, isHeld) => {
            playback.hold(isHeld);
            void playback.seek(atMs);
          }}
        >
          <MarkHandles view={view} marks={marks} rulerPx={rulerPx} onChange={onMarks} />
          {isPhone && <RowNames cameras={cameras} rulerPx={rulerPx} rowPx={rowPx} />}
        </TimelineCanvas>
      </div>
      {isEmpty && (
        <div className="pointer-events-none absolute inset-x-0 bottom-0 flex items-center justify-center gap-3 py-2 pl-44 phone:pl-0">
          <span className="pointer-events-auto flex items-center gap-3 rounded-md border border-line bg-raised px-3 py-1.5 shadow-lg">
            {t('playback.empty.range')}
            <Button className="h-8" onClick={onLast}>
              {t('playback.empty.last')}
            </Button>
          </span>
        </div>
      )}
      {data.error !== undefined && <ErrorNote error={data.error} className="m-2" />}
    </div>
  );
}

/** On a phone the names stand in the rows, where a column of their own would take a third of the width. */
function RowNames({ cameras, rulerPx, rowPx }: { cameras: readonly Camera[]; rulerPx: number; rowPx: number }) {
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 text-xs">
      {cameras.map((camera, index) => (
        <span
          key={camera.id}
          style={{ top: rulerPx + index * rowPx + 5 }}
          className="absolute left-1 rounded bg-surface/80 px-1.5 py-0.5"
        >
          {camera.name}
        </span>
      ))}
    </div>
  );
}

/** Coverage told by the feed since the page opened. Kept out of React's state: it changes every second per camera. */
function useLiveCoverage(): React.RefObject<LiveCoverage> {
  const live = useRef(new LiveCoverage());
  useEffect(
    () =>
      useRecordedEnds.subscribe((now, before) => {
        for (const [cameraId, endMs] of Object.entries(now)) {
          if (before[cameraId] !== endMs) live.current.note(cameraId, Math.min(endMs, serverNowMs()));
        }
      }),
    [],
  );
  return live;
}
