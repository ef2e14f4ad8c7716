import { useTranslation } from 'react-i18next';
import { useTimeFormat } from '../ui/time-format.ts';
import type { Notice } from './playback-state.ts';
import { usePlaybackState } from './use-playback.ts';

/** Says for a moment what playback just did: it jumped over a gap, or came to an end. */
export function NoticeNote() {
  const notice = usePlaybackState((state) => state.notice);
  const text = useNoticeText(notice);
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-3 z-30 flex justify-center px-4">
      {text !== undefined && (
        <span className="figures rounded-md border border-line bg-raised px-3 py-1.5 text-sm shadow-xl">{text}</span>
      )}
    </div>
  );
}

function useNoticeText(notice: Notice | undefined): string | undefined {
  const { t } = useTranslation();
  const format = useTimeFormat();
  switch (notice?.kind) {
    case undefined:
      return undefined;
    case 'gap': {
      const times = { from: format.clock(notice.fromMs), to: format.clock(notice.toMs) };
      if (notice.cause === undefined) return t('playback.notice.gap', times);
      return t('playback.notice.gap-because', { ...times, cause: t(`ui.gap-cause.${notice.cause}`) });
    }
    case 'live-edge':
      return t('playback.notice.live-edge');
    case 'end':
      return t('playback.notice.end');
  }
}
