import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverNowMs } from '../state/server.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useTimeFormat } from '../ui/time-format.ts';
import { fromLocalTime, toLocalTime } from './local-time.ts';
import { LocalTimeField } from './local-time-field.tsx';

interface GoToDialogProps {
  atMs: number;
  onGo: (atMs: number) => void;
  onClose: () => void;
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Asks for a date and a time, in the viewer's zone, and says which that is. */
export function GoToDialog({ atMs, onGo, onClose }: GoToDialogProps) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const [value, setValue] = useState(() => toLocalTime(atMs, timeZone));
  const wantedMs = fromLocalTime(value, timeZone);
  const isFuture = wantedMs !== undefined && wantedMs > serverNowMs();
  return (
    <Dialog
      title={t('playback.goto.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form="goto-form" disabled={wantedMs === undefined || isFuture}>
            {t('playback.goto.go')}
          </Button>
        </>
      }
    >
      <form
        id="goto-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (wantedMs === undefined || isFuture) return;
          onGo(wantedMs);
          onClose();
        }}
      >
        <LocalTimeField
          legend={t('playback.goto.moment')}
          value={value}
          onChange={setValue}
          error={isFuture ? t('playback.goto.future') : undefined}
        />
        <p className="text-sm text-muted">
          {t('playback.goto.zone', { zone: timeZone, short: format.zone(wantedMs ?? atMs) })}
        </p>
      </form>
    </Dialog>
  );
}
