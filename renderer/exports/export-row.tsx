import { CircleAlert, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportJob } from '../../electron/contract/exports.ts';
import { removeExport } from '../api/exports.ts';
import { useServer } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { describeError } from '../ui/describe-error.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { exactLength } from '../ui/exact-length.ts';
import { useNumberFormat } from '../ui/number-format.ts';
import { useTimeFormat } from '../ui/time-format.ts';
import { showToast } from '../ui/toast.tsx';
import { ExportFile } from './export-file.tsx';
import { ExportProgress } from './export-progress.tsx';

interface ExportRowProps {
  job: ExportJob;
  onDelete: () => void;
}

/** One export: cameras, range, how far it is, and its files. */
export function ExportRow({ job, onDelete }: ExportRowProps) {
  const format = useTimeFormat();
  const cameras = useServer((state) => state.cameras);
  const names = useCameraNames(job, cameras);
  return (
    <li
      data-testid="export"
      data-export-id={job.id}
      data-state={job.state}
      className="flex flex-col gap-2 border-b border-line px-4 py-3"
    >
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold wrap-anywhere">{names}</h2>
          <p className="figures text-sm text-muted">
            <time dateTime={new Date(job.fromMs).toISOString()}>{format.instant(job.fromMs)}</time>
            {' – '}
            <time dateTime={new Date(job.toMs).toISOString()}>
              {format.date(job.fromMs) === format.date(job.toMs)
                ? `${format.clock(job.toMs)} ${format.zone(job.toMs)}`
                : format.instant(job.toMs)}
            </time>
            {` · ${exactLength(job.toMs - job.fromMs)}`}
          </p>
        </div>
        <RowAction job={job} onDelete={onDelete} />
      </div>
      <JobState job={job} />
      {job.files.length > 0 && (
        <ul className="flex flex-col gap-1">
          {job.files.map((file, index) => (
            <ExportFile key={file.name} job={job} file={file} index={index} />
          ))}
        </ul>
      )}
    </li>
  );
}

function JobState({ job }: { job: ExportJob }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const numbers = useNumberFormat();
  const { failure = 'other' } = job;
  switch (job.state) {
    case 'queued':
    case 'running':
      return <ExportProgress job={job} />;
    case 'done':
      return (
        <p className="figures text-sm text-muted">
          {job.finishedMs === undefined
            ? t('exports.state.done', { size: numbers.bytes(job.bytes) })
            : t('exports.state.done-at', { size: numbers.bytes(job.bytes), at: format.instant(job.finishedMs) })}
        </p>
      );
    case 'failed':
      return (
        <p role="alert" className="flex items-start gap-2 text-sm">
          <CircleAlert size={16} aria-hidden className="mt-px shrink-0 text-loss" />
          <span>{t(`exports.failure.${failure}`)}</span>
        </p>
      );
    case 'cancelled':
      return <p className="text-sm text-muted">{t('exports.state.cancelled')}</p>;
  }
}

function RowAction({ job, onDelete }: ExportRowProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  if (job.state !== 'queued' && job.state !== 'running') {
    return <IconButton label={t('exports.delete.label')} icon={<Trash2 size={17} />} onClick={onDelete} />;
  }
  const cancel = async (): Promise<void> => {
    setBusy(true);
    try {
      await removeExport(job.id);
    } catch (error) {
      showToast(describeError(error, t), { kind: 'loss' });
    }
    setBusy(false);
  };
  return (
    <Button busy={busy} icon={<X size={16} aria-hidden />} className="h-8 phone:h-11" onClick={() => void cancel()}>
      {t('exports.cancel')}
    </Button>
  );
}

/** Cameras that were deleted since have no name any more. */
function useCameraNames(job: ExportJob, cameras: readonly { id: string; name: string }[]): string {
  const { t } = useTranslation();
  return job.cameraIds
    .map((id) => cameras.find((camera) => camera.id === id)?.name ?? t('exports.deleted-camera'))
    .join(', ');
}
