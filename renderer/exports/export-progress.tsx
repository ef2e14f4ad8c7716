import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportJob } from '../../electron/contract/exports.ts';
import { serverNowMs } from '../state/server.ts';
import { useNumberFormat } from '../ui/number-format.ts';
import { useTimeFormat } from '../ui/time-format.ts';
import { timeLeftMs, type ProgressSample } from './time-left.ts';

/** How far a job is, what it has written, and how long it still takes. */
export function ExportProgress({ job }: { job: ExportJob }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const numbers = useNumberFormat();
  const first = useRef<ProgressSample>(undefined);
  const isRunning = job.state === 'running';
  useEffect(() => {
    if (isRunning) first.current ??= { atMs: serverNowMs(), progress: job.progress };
  }, [isRunning, job.progress]);
  const leftMs =
    first.current && isRunning ? timeLeftMs(first.current, { atMs: serverNowMs(), progress: job.progress }) : undefined;
  const label = isRunning ? t('exports.state.running') : t('exports.state.queued');
  return (
    <div className="flex flex-col gap-1">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(job.progress * 100)}
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div style={{ width: `${job.progress * 100}%` }} className="h-full rounded-full bg-text" />
      </div>
      <p className="figures flex flex-wrap gap-x-3 text-sm text-muted">
        <span className="text-text">{label}</span>
        {isRunning && (
          <>
            <span>{numbers.percent(job.progress)}</span>
            <span>{numbers.bytes(job.bytes)}</span>
            {leftMs !== undefined && <span>{t('exports.left', { duration: format.duration(leftMs) })}</span>}
          </>
        )}
      </p>
    </div>
  );
}
