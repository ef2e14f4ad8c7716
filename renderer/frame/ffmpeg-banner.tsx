import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../state/server.ts';

/** Says on every page that nothing records for want of FFmpeg, and how to get it. */
export function FfmpegBanner() {
  const { t } = useTranslation();
  const ffmpeg = useServer((state) => state.health?.ffmpeg);
  if (ffmpeg?.kind !== 'missing') return null;
  return (
    <div
      role="alert"
      className="flex items-start gap-3 border-b border-loss/50 bg-loss/10 px-4 py-2.5 fullscreen-hidden"
    >
      <TriangleAlert size={18} aria-hidden className="mt-px shrink-0 text-loss" />
      <p className="text-base">
        {t('app.ffmpeg.missing')}{' '}
        <code className="rounded bg-raised px-1.5 py-0.5 text-sm select-all">{ffmpeg.installHint}</code>
      </p>
    </div>
  );
}
