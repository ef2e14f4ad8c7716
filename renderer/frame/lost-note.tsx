import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../state/server.ts';
import { useTimeFormat } from '../ui/time-format.ts';

/** Lies over the page's foot while the server does not answer: what is shown may be old. Nothing moves for it. */
export function LostNote() {
  const { t } = useTranslation();
  const times = useTimeFormat();
  const feed = useServer((state) => state.feed);
  if (feed.kind !== 'lost') return null;
  return (
    <div
      role="alert"
      className="fixed bottom-4 left-1/2 z-40 flex w-max max-w-[calc(100%-2rem)] -translate-x-1/2 items-center gap-3 rounded-md border border-loss bg-raised px-4 py-2.5 shadow-xl phone:bottom-20"
    >
      <WifiOff size={18} aria-hidden className="shrink-0 text-loss" />
      {t('app.lost', { since: times.clock(feed.sinceMs), zone: times.zone(feed.sinceMs) })}
    </div>
  );
}
