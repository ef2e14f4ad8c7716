import { useTranslation } from 'react-i18next';
import { useTimeFormat } from '../ui/time-format.ts';
import { serverNowMs } from '../state/server.ts';
import { gapAt } from './gap-kind.ts';
import { msOf } from './time-scale.ts';
import type { TimelineRow } from './timeline-rows.ts';
import type { TimelineView } from './use-timeline-view.ts';

interface TimelineHoverProps {
  /** The timeline's place in the window: what it stands in scrolls, and would cut the hint off. */
  box: DOMRect;
  place: { px: number; py: number };
  view: TimelineView;
  rows: readonly TimelineRow[];
  rowPx: number;
  rulerPx: number;
}

const WIDTH_PX = 220;

/** What is under the pointer: the time, and over a gap its cause and length. */
export function TimelineHover({ box, place, view, rows, rowPx, rulerPx }: TimelineHoverProps) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const atMs = msOf(view.scale, place.px);
  const row = place.py < rulerPx ? undefined : rows[Math.floor((place.py - rulerPx) / rowPx)];
  const gap = row && gapAt(row.gaps, atMs);
  const isFuture = atMs > serverNowMs();
  const left = box.left + Math.min(Math.max(0, place.px - WIDTH_PX / 2), Math.max(0, box.width - WIDTH_PX));
  return (
    <div
      aria-hidden
      style={{ left, width: WIDTH_PX, bottom: window.innerHeight - box.top + 4 }}
      className="pointer-events-none fixed z-30 flex flex-col items-center text-center"
    >
      <div className="rounded border border-line bg-raised px-2 py-1 text-xs shadow-lg">
        <div className="figures">{format.instant(atMs)}</div>
        {gap && !isFuture && (
          <div className="font-semibold">
            {t('playback.gap.hover', {
              cause: t(`ui.gap-cause.${gap.cause}`),
              duration: format.duration(gap.endMs - gap.startMs),
            })}
          </div>
        )}
      </div>
    </div>
  );
}
