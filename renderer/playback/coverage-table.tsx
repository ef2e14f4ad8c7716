import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import type { Recordings } from '../../electron/contract/recordings.ts';
import { fetchRecordings } from '../api/recordings.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { tableRows, type TableRow } from './table-rows.ts';
import type { TimeScale } from './time-scale.ts';

interface CoverageTableProps {
  cameras: readonly Camera[];
  scale: TimeScale;
  onSeek: (atMs: number) => void;
}

/** More than anybody reads; a closer zoom shows the rest. */
const MOST_ROWS = 300;
const REST_MS = 300;
const RENEW_MS = 15_000;

/** What the timeline shows, in words: every recording and every gap of the visible range. */
export function CoverageTable({ cameras, scale, onSeek }: CoverageTableProps) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const { rows, error } = useRows(cameras, scale);
  const shown = rows?.slice(0, MOST_ROWS);
  return (
    <aside
      aria-label={t('playback.table.title')}
      className="flex w-96 shrink-0 flex-col overflow-hidden border-l border-line bg-surface phone:w-full phone:flex-1 phone:border-l-0"
    >
      <div className="min-h-0 flex-1 overflow-auto">
        <table className="w-full border-collapse text-left text-sm">
          <caption className="px-3 py-2 text-left text-xs text-muted">
            {t('playback.table.caption', { from: format.instant(scale.fromMs), to: format.instant(scale.toMs) })}
          </caption>
          <thead className="sticky top-0 bg-surface text-xs text-muted">
            <tr>
              {(['camera', 'from', 'length', 'what'] as const).map((column) => (
                <th key={column} scope="col" className="border-b border-line px-3 py-1.5 font-medium">
                  {t(`playback.table.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown?.map((row) => (
              <Row key={`${row.cameraId} ${row.startMs}`} row={row} onSeek={onSeek} />
            ))}
          </tbody>
        </table>
        {rows === undefined && error === undefined && <Skeleton className="m-3 h-24" />}
        {rows?.length === 0 && <p className="px-3 py-2 text-muted">{t('playback.table.empty')}</p>}
        {rows !== undefined && rows.length > MOST_ROWS && (
          <p className="px-3 py-2 text-muted">{t('playback.table.more', { count: rows.length - MOST_ROWS })}</p>
        )}
        {error !== undefined && <ErrorNote error={error} className="m-3" />}
      </div>
    </aside>
  );
}

function Row({ row, onSeek }: { row: TableRow; onSeek: (atMs: number) => void }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  return (
    <tr className="figures border-b border-line align-top">
      <td className="px-3 py-1.5">{row.name}</td>
      <td className="px-3 py-1.5 whitespace-nowrap">
        <button
          type="button"
          className="min-h-6 rounded text-left underline decoration-line-strong underline-offset-2 hover:text-accent"
          onClick={() => onSeek(row.startMs)}
        >
          {format.date(row.startMs)}
          <br />
          {format.clock(row.startMs)}
        </button>
      </td>
      <td className="px-3 py-1.5 whitespace-nowrap">{format.duration(row.endMs - row.startMs)}</td>
      <td className="px-3 py-1.5">
        {row.kind === 'recorded' ? t('playback.table.recorded') : t(`ui.gap-cause.${row.cause}`)}
      </td>
    </tr>
  );
}

function useRows(cameras: readonly Camera[], scale: TimeScale): { rows: TableRow[] | undefined; error: unknown } {
  const [answers, setAnswers] = useState<Record<string, Recordings>>();
  const [error, setError] = useState<unknown>();
  const ids = cameras.map((camera) => camera.id).join(',');
  const { fromMs, toMs } = scale;
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const found = await Promise.all(
          ids.split(',').map(async (id) => [id, await fetchRecordings(id, { fromMs, toMs }, abort.signal)] as const),
        );
        setAnswers(Object.fromEntries(found));
        setError(undefined);
      } catch (caught) {
        if (!abort.signal.aborted) setError(caught);
      }
    };
    const first = setTimeout(() => void load(), REST_MS);
    const timer = setInterval(() => void load(), RENEW_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      abort.abort();
    };
  }, [ids, fromMs, toMs]);
  return { rows: answers && tableRows(cameras, answers), error };
}
