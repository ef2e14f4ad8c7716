import { FileArchive, FileVideo } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportJob } from '../../electron/contract/exports.ts';
import type { Gap } from '../../electron/contract/gap.ts';
import { desktopBridge } from '../api/desktop.ts';
import { exportFileAddress } from '../api/exports.ts';
import { Button } from '../ui/button.tsx';
import { exactLength } from '../ui/exact-length.ts';
import { useNumberFormat } from '../ui/number-format.ts';
import { useTimeFormat } from '../ui/time-format.ts';
import { showToast } from '../ui/toast.tsx';

interface ExportFileProps {
  job: ExportJob;
  file: ExportJob['files'][number];
  /** Its place in the job, by which the server knows it. */
  index: number;
}

/** A finished file: its size and length, what is missing in it, and the way to it. */
export function ExportFile({ job, file, index }: ExportFileProps) {
  const numbers = useNumberFormat();
  const Icon = file.cameraId === undefined ? FileArchive : FileVideo;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-surface px-3 py-2">
      <Icon size={18} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block wrap-anywhere">{file.name}</span>
        <span className="figures block text-sm text-muted">
          {numbers.bytes(file.bytes)}
          {file.durationMs > 0 && ` · ${exactLength(file.durationMs)}`}
        </span>
      </span>
      <SaveButton job={job} name={file.name} address={exportFileAddress(job.id, index)} />
      {file.gaps.length > 0 && <GapList gaps={file.gaps} />}
    </li>
  );
}

function SaveButton({ job, name, address }: { job: ExportJob; name: string; address: string }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const desktop = desktopBridge();
  if (desktop === undefined) {
    return (
      <a
        href={address}
        download={name}
        className="inline-flex h-8 items-center rounded-md border border-line bg-raised px-3 font-medium hover:bg-hover phone:h-11"
      >
        {t('exports.download')}
        <span className="sr-only"> {name}</span>
      </a>
    );
  }
  const save = async (): Promise<void> => {
    setBusy(true);
    const saved = await desktop.saveExportAs(job.id, name);
    setBusy(false);
    if (saved.state === 'failed') showToast(t('exports.save-failed', { error: saved.message }), { kind: 'loss' });
    if (saved.state === 'saved') {
      const run = (): void => void desktop.revealFile(saved.path);
      showToast(t('exports.saved', { path: saved.path }), { action: { label: t('exports.reveal'), run } });
    }
  };
  return (
    <Button busy={busy} className="h-8" onClick={() => void save()}>
      {t('exports.save')}
    </Button>
  );
}

function GapList({ gaps }: { gaps: readonly Gap[] }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  return (
    <details className="w-full text-sm">
      <summary className="min-h-6 text-muted">{t('exports.gaps', { count: gaps.length })}</summary>
      <ul className="figures mt-1 flex flex-col gap-0.5 pl-4">
        {gaps.map((gap) => (
          <li key={gap.startMs}>
            {format.instant(gap.startMs)} – {format.clock(gap.endMs)} · {format.duration(gap.endMs - gap.startMs)} ·{' '}
            {t(`ui.gap-cause.${gap.cause}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}
