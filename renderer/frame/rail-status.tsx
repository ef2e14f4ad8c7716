import { HardDrive } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../state/server.ts';
import { classes } from '../ui/classes.ts';
import { Link } from '../ui/link.tsx';
import { useNumberFormat } from '../ui/number-format.ts';
import { RecordingDot } from '../ui/recording-dot.tsx';
import { Tooltip } from '../ui/tooltip.tsx';

/** How many cameras record, and for how much footage the disk has room. */
export function RailStatus() {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  // Without the feed the last count is no longer known to hold.
  const isKnown = useServer((state) => state.loaded && state.feed.kind === 'open');
  const days = useServer((state) => state.storage?.forecastDays);
  const recording = useServer((state) => state.cameras.filter((camera) => camera.status.recording).length);
  const enabled = useServer((state) => state.cameras.filter((camera) => camera.enabled).length);
  const recordingText = t('app.status.recording', { recording, enabled });
  const roomText =
    days === undefined
      ? t('app.status.room-unknown')
      : t('app.status.room', { length: numbers.forecast(days, 'long') });
  return (
    <div className="figures flex flex-col items-center gap-1 text-xs text-muted phone:hidden">
      <Tooltip text={recordingText} side="right">
        <Link to="/cameras" aria-label={recordingText} className={STATUS_CLASSES}>
          <RecordingDot recording={recording > 0 && recording === enabled} />
          <span className={classes(recording < enabled && 'font-semibold text-text')}>
            {isKnown ? `${recording}/${enabled}` : '–'}
          </span>
        </Link>
      </Tooltip>
      <Tooltip text={roomText} side="right">
        <Link to="/settings" aria-label={roomText} className={STATUS_CLASSES}>
          <HardDrive size={14} aria-hidden />
          <span>{days === undefined ? '–' : numbers.forecast(days, 'narrow')}</span>
        </Link>
      </Tooltip>
    </div>
  );
}

const STATUS_CLASSES = 'flex w-12 flex-col items-center gap-0.5 rounded py-1 hover:bg-hover';
