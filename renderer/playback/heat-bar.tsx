import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchTimeline } from '../api/recordings.ts';
import { usePreferences } from '../state/preferences.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { localeOf, useTimeFormat } from '../ui/time-format.ts';
import { useIsPhone } from '../ui/use-media-query.ts';
import { heatBars, heatRangeOf, neighbourOf, type HeatBar, type HeatRange, type HeatUnit } from './heat.ts';
import { spanMs } from './time-scale.ts';
import type { TimelineView } from './use-timeline-view.ts';

const RENEW_MS = 60_000;
/** The day in short, for where its full name has no room. */
const NAME_PARTS: Record<HeatUnit, Intl.DateTimeFormatOptions> = {
  day: { day: 'numeric', month: 'short' },
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
};
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The day (or month, or year) around what is shown: how much of it is recorded, and a window to drag over it. */
export function HeatBarRow({ view, cameraIds }: { view: TimelineView; cameraIds: readonly string[] }) {
  const { t } = useTranslation();
  const range = heatRangeOf(view.scale, timeZone);
  const name = useRangeName(range);
  const go = (direction: 1 | -1): void => {
    const next = neighbourOf(range, direction, timeZone);
    // To the same time of the other day.
    view.moveTo(next.fromMs + Math.min(view.scale.fromMs - range.fromMs, next.toMs - next.fromMs));
  };
  return (
    <div className="flex h-8 items-stretch border-t border-line bg-surface phone:h-11">
      <div className="flex w-44 shrink-0 items-center justify-between border-r border-line px-1 phone:w-40">
        <IconButton
          label={t(`playback.heat.previous-${range.unit}`)}
          icon={<ChevronLeft size={16} />}
          onClick={() => go(-1)}
          className="size-6 phone:size-9"
        />
        <span className="truncate text-xs font-medium">{name}</span>
        <IconButton
          label={t(`playback.heat.next-${range.unit}`)}
          icon={<ChevronRight size={16} />}
          onClick={() => go(1)}
          className="size-6 phone:size-9"
        />
      </div>
      <Overview view={view} cameraIds={cameraIds} range={range} />
    </div>
  );
}

function Overview({ view, cameraIds, range }: { view: TimelineView; cameraIds: readonly string[]; range: HeatRange }) {
  const bars = useHeat(cameraIds, range);
  const host = useRef<HTMLDivElement>(null);
  const length = range.toMs - range.fromMs;
  const share = (atMs: number): number => Math.min(1, Math.max(0, (atMs - range.fromMs) / length));
  const from = share(view.scale.fromMs);
  const to = share(view.scale.toMs);
  const centreAt = (clientX: number): void => {
    const box = host.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    const atMs = range.fromMs + ((clientX - box.left) / box.width) * length;
    const half = spanMs(view.scale) / 2;
    view.moveTo(Math.round(Math.min(range.toMs - half, Math.max(range.fromMs + half, atMs)) - half));
  };
  return (
    // A pointer's short cut: the keyboard moves the same view by the timeline and by the buttons beside.
    <div
      ref={host}
      aria-hidden
      className="relative min-w-0 flex-1 cursor-ew-resize touch-none overflow-hidden"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        centreAt(event.clientX);
      }}
      onPointerMove={(event) => {
        if (event.buttons !== 0) centreAt(event.clientX);
      }}
    >
      <svg className="absolute inset-0 size-full" viewBox="0 0 1000 100" preserveAspectRatio="none">
        {bars.map((bar, index) => (
          <HeatColumn key={bar.atMs} bar={bar} nextMs={bars[index + 1]?.atMs ?? range.toMs} share={share} />
        ))}
      </svg>
      <div
        style={{ left: `${from * 100}%`, width: `max(${(to - from) * 100}%, 6px)` }}
        className="absolute inset-y-0 rounded-sm border-2 border-accent"
      />
    </div>
  );
}

function HeatColumn({ bar, nextMs, share }: { bar: HeatBar; nextMs: number; share: (atMs: number) => number }) {
  const x = share(bar.atMs) * 1000;
  const width = share(nextMs) * 1000 - x;
  return (
    <>
      {bar.covered > 0 && (
        <rect
          x={x}
          width={width}
          y={100 - 60 * bar.covered}
          height={60 * bar.covered}
          className="fill-line-strong opacity-60"
        />
      )}
      {bar.events > 0 && (
        <rect x={x} width={width} y={100 - 85 * bar.events} height={85 * bar.events} className="fill-motion" />
      )}
    </>
  );
}

function useHeat(cameraIds: readonly string[], range: HeatRange): HeatBar[] {
  const ids = cameraIds.join(',');
  const [bars, setBars] = useState<HeatBar[]>([]);
  const { fromMs, toMs, bucketMs } = range;
  useEffect(() => {
    const abort = new AbortController();
    setBars([]);
    const load = (): void => {
      if (ids === '') return;
      fetchTimeline(ids.split(','), { fromMs, toMs }, bucketMs, abort.signal).then(
        (timeline) => setBars(heatBars(timeline)),
        // The rows below tell of a server that does not answer.
        () => undefined,
      );
    };
    load();
    const timer = setInterval(load, RENEW_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [ids, fromMs, toMs, bucketMs]);
  return bars;
}

function useRangeName(range: HeatRange): string {
  const language = usePreferences((preferences) => preferences.language);
  const format = useTimeFormat();
  const isPhone = useIsPhone();
  const { unit, fromMs } = range;
  return useMemo(() => {
    if (unit === 'day' && !isPhone) return format.date(fromMs);
    return new Intl.DateTimeFormat(localeOf(language), NAME_PARTS[unit]).format(fromMs);
  }, [unit, fromMs, format, language, isPhone]);
}
