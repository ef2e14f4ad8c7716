import { Camera as CameraIcon, Info, Maximize2, Minimize2, Rewind, Volume2, VolumeX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { IconButton } from '../ui/icon-button.tsx';
import type { LiveState } from './live-view.ts';
import { saveSnapshot } from './save-snapshot.ts';
import { lookBack } from './use-grid.ts';

interface TileControlsProps {
  camera: Camera;
  state: LiveState;
  audio: boolean;
  onAudio: (audio: boolean) => void;
  showsDetails: boolean;
  onShowsDetails: (shown: boolean) => void;
  isEnlarged: boolean;
  onToggleEnlarged: () => void;
}

/** Seen while the pointer or the focus is in the tile; a finger that taps the tile focuses it. */
export function TileControls(props: TileControlsProps) {
  const { camera, state } = props;
  const { t } = useTranslation();
  const hasAudio = state.kind === 'playing' ? state.hasAudio : camera.status.audio !== undefined;
  const isOnline = camera.status.state === 'online';
  return (
    <div
      className="pointer-events-none ml-auto flex rounded-md bg-picture/65 opacity-0 group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-hover:pointer-events-auto group-hover:opacity-100"
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <IconButton
        surface="picture"
        tooltipSide="top"
        label={t('live.tile.snapshot')}
        icon={<CameraIcon size={17} />}
        disabled={!isOnline}
        onClick={() => void saveSnapshot(camera, t)}
      />
      <IconButton
        surface="picture"
        tooltipSide="top"
        label={hasAudio ? t('live.tile.sound') : t('live.tile.no-sound')}
        icon={props.audio ? <Volume2 size={17} /> : <VolumeX size={17} />}
        pressed={props.audio}
        disabled={!hasAudio}
        onClick={() => props.onAudio(!props.audio)}
      />
      <IconButton
        surface="picture"
        tooltipSide="top"
        label={t('live.keys.look-back')}
        shortcut="R"
        icon={<Rewind size={17} />}
        onClick={() => lookBack(camera.id)}
      />
      <IconButton
        surface="picture"
        tooltipSide="top"
        label={t('live.tile.details')}
        icon={<Info size={17} />}
        pressed={props.showsDetails}
        onClick={() => props.onShowsDetails(!props.showsDetails)}
      />
      <IconButton
        surface="picture"
        tooltipSide="top"
        label={props.isEnlarged ? t('live.tile.shrink') : t('live.tile.enlarge')}
        shortcut={props.isEnlarged ? 'Esc' : 'Enter'}
        icon={props.isEnlarged ? <Minimize2 size={17} /> : <Maximize2 size={17} />}
        onClick={props.onToggleEnlarged}
      />
    </div>
  );
}
