import { useTranslation } from 'react-i18next';
import { useTimeFormat } from '../ui/time-format.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { usePosition } from './use-playback.ts';

/** The time of the picture in full; pressing it asks for another. */
export function TimeDisplay({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const positionMs = usePosition(80);
  return (
    <Tooltip text={t('playback.goto.title')} shortcut="G" side="top">
      <button
        type="button"
        onClick={onPress}
        aria-label={t('playback.goto.title')}
        className="h-8 rounded-md px-2 text-base font-medium whitespace-nowrap hover:bg-hover phone:h-11 phone:text-sm"
      >
        <time dateTime={new Date(positionMs).toISOString()} data-testid="playback-time">
          {format.exactInstant(positionMs)}
        </time>
      </button>
    </Tooltip>
  );
}
