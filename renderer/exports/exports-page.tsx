import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportJob } from '../../electron/contract/exports.ts';
import { removeExport } from '../api/exports.ts';
import { navigate } from '../state/router.ts';
import { useServer } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ExportRow } from './export-row.tsx';

/** Every export, newest first: what is being made, and what can be downloaded. */
export function ExportsPage() {
  const { t } = useTranslation();
  const loaded = useServer((state) => state.loaded);
  const jobs = useServer((state) => state.exports);
  const [deletedId, setDeletedId] = useState<string>();
  const deleted = jobs.find((job) => job.id === deletedId);
  return (
    <Page title={t('app.nav.exports')}>
      {!loaded && <Loading />}
      {loaded && jobs.length === 0 && <NoExport />}
      <ul aria-label={t('app.nav.exports')}>
        {jobs.map((job) => (
          <ExportRow key={job.id} job={job} onDelete={() => setDeletedId(job.id)} />
        ))}
      </ul>
      {deleted && <DeleteExport job={deleted} onClose={() => setDeletedId(undefined)} />}
    </Page>
  );
}

function Loading() {
  return Array.from({ length: 3 }, (_, index) => (
    <div key={index} className="border-b border-line px-4 py-4">
      <Skeleton className="h-10 w-2/3" />
    </div>
  ));
}

function NoExport() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<Download size={48} strokeWidth={1.25} />}
      title={t('exports.empty.title')}
      actions={
        <Button kind="primary" onClick={() => navigate('/timeline')}>
          {t('exports.empty.open')}
        </Button>
      }
    >
      {t('exports.empty.text')}
    </EmptyState>
  );
}

function DeleteExport({ job, onClose }: { job: ExportJob; onClose: () => void }) {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  return (
    <ConfirmDialog
      title={t('exports.delete.title')}
      confirmLabel={t('exports.delete.confirm')}
      onConfirm={() => removeExport(job.id)}
      onClose={onClose}
    >
      {t('exports.delete.text', { size: numbers.bytes(job.bytes), count: job.files.length })}
    </ConfirmDialog>
  );
}
