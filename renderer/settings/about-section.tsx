import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../state/server.ts';
import { Skeleton } from '../ui/skeleton.tsx';

export function AboutSection() {
  const { t } = useTranslation();
  const health = useServer((state) => state.health);
  return (
    <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 phone:grid-cols-[6rem_1fr]">
      <Row name={t('settings.about.version')}>
        {health ? t('settings.about.version-value', { version: health.version }) : <Skeleton className="h-5 w-24" />}
      </Row>
      <Row name={t('settings.about.ffmpeg')}>
        <Ffmpeg />
      </Row>
      <Row name={t('settings.about.licence')}>{t('settings.about.licence-value')}</Row>
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Ffmpeg() {
  const { t } = useTranslation();
  const ffmpeg = useServer((state) => state.health?.ffmpeg);
  if (ffmpeg === undefined) return <Skeleton className="h-5 w-24" />;
  if (ffmpeg.kind === 'found') return ffmpeg.version;
  return (
    <>
      {t('app.ffmpeg.missing')}{' '}
      <code className="rounded bg-raised px-1.5 py-0.5 text-sm select-all">{ffmpeg.installHint}</code>
    </>
  );
}
