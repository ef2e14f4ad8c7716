import {
  Download,
  FastForward,
  Pause,
  Play,
  Radio,
  RotateCcw,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  Volume2,
  VolumeX,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../ui/classes.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { BarSelect } from '../ui/select.tsx';
import { SPEEDS } from './speeds.ts';
import { TimeDisplay } from './time-display.tsx';
import type { PlaybackActions } from './use-actions.ts';
import { usePlaybackState } from './use-playback.ts';

interface TransportBarProps {
  actions: PlaybackActions;
  isMuted: boolean;
  /** What is marked, in words; undefined when nothing is. */
  marked: ReactNode;
}

/** The buttons of playback, with the time between them. */
export function TransportBar({ actions, isMuted, marked }: TransportBarProps) {
  const { t } = useTranslation();
  const isPlaying = usePlaybackState((state) => state.mode === 'playing');
  return (
    <div
      role="toolbar"
      aria-label={t('playback.bar.label')}
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-1 border-t border-line bg-surface px-2 phone:order-last phone:justify-center phone:gap-y-0 phone:px-1"
    >
      <div className="flex items-center phone:order-2">
        <BarButton icon={<SkipBack size={18} />} label={t('playback.keys.previous')} k="↓" run={actions.previous} />
        <BarButton
          icon={<StepBack size={18} />}
          label={t('playback.keys.frame-back')}
          k=","
          run={actions.frameBack}
          className="phone:hidden"
        />
        <IconButton
          label={isPlaying ? t('playback.bar.pause') : t('playback.bar.play')}
          shortcut={t('playback.bar.space')}
          tooltipSide="top"
          icon={isPlaying ? <Pause size={20} fill="currentColor" /> : <Play size={20} fill="currentColor" />}
          onClick={actions.toggle}
          className="text-text phone:size-12"
        />
        <BarButton
          icon={<StepForward size={18} />}
          label={t('playback.keys.frame-on')}
          k="."
          run={actions.frameOn}
          className="phone:hidden"
        />
        <BarButton icon={<SkipForward size={18} />} label={t('playback.keys.next')} k="↑" run={actions.next} />
        <BarButton icon={<RotateCcw size={17} />} label={t('playback.keys.back-30')} k="R" run={actions.back30} />
        <SpeedSelect onChange={actions.setSpeed} />
      </div>
      <div className="flex items-center justify-center phone:order-1 phone:w-full phone:border-b phone:border-line">
        <TimeDisplay onPress={actions.openGoTo} />
      </div>
      <div className="ml-auto flex items-center gap-1 phone:order-3 phone:ml-0">
        <span className="figures hidden text-xs text-muted lg:inline">{marked}</span>
        <BarButton icon={<BracketIcon text="[" />} label={t('playback.keys.mark-from')} k="[" run={actions.markFrom} />
        <BarButton icon={<BracketIcon text="]" />} label={t('playback.keys.mark-to')} k="]" run={actions.markTo} />
        {marked !== undefined && (
          <BarButton
            icon={<X size={17} />}
            label={t('playback.marks.clear')}
            run={actions.clearMarks}
            className="phone:hidden"
          />
        )}
        <BarButton icon={<Download size={18} />} label={t('playback.export.open')} k="E" run={actions.openExport} />
        <IconButton
          label={t('playback.bar.sound')}
          pressed={!isMuted}
          tooltipSide="top"
          icon={isMuted ? <VolumeX size={18} /> : <Volume2 size={18} />}
          onClick={actions.toggleSound}
        />
        <BarButton icon={<Radio size={18} />} label={t('playback.keys.live')} k="N" run={actions.goLive} />
      </div>
    </div>
  );
}

interface BarButtonProps {
  icon: ReactNode;
  label: string;
  /** Its key, for the tooltip. */
  k?: string;
  run: () => void;
  className?: string;
}

function BarButton({ icon, label, k, run, className }: BarButtonProps) {
  return (
    <IconButton
      label={label}
      icon={icon}
      onClick={run}
      tooltipSide="top"
      {...(k === undefined ? {} : { shortcut: k })}
      {...(className === undefined ? {} : { className })}
    />
  );
}

function BracketIcon({ text }: { text: string }) {
  return <span className="text-lg leading-none font-semibold">{text}</span>;
}

function SpeedSelect({ onChange }: { onChange: (speed: number) => void }) {
  const { t } = useTranslation();
  const speed = usePlaybackState((state) => state.speed);
  const isPlaying = usePlaybackState((state) => state.mode === 'playing');
  const options = SPEEDS.map((value) => ({ value: String(value), label: t('playback.bar.times', { speed: value }) }));
  const isBackward = isPlaying && speed < 0;
  return (
    <span className={classes('figures flex items-center', isBackward && 'text-accent')}>
      {isBackward && <FastForward size={14} className="rotate-180" aria-label={t('playback.bar.backward')} />}
      <BarSelect
        label={t('playback.bar.speed')}
        value={String(Math.abs(speed))}
        options={options}
        onChange={(value) => onChange(Number(value) * (isBackward ? -1 : 1))}
      />
    </span>
  );
}
