import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { useServer } from '../state/server.ts';
import { classes } from '../ui/classes.ts';
import { RecordingDot } from '../ui/recording-dot.tsx';
import { useSize } from '../ui/use-size.ts';
import { TileControls } from './tile-controls.tsx';
import { TileDetails } from './tile-details.tsx';
import { TileNotice } from './tile-notice.tsx';
import { useLiveView } from './use-live-view.ts';
import { useVisible } from './use-visible.ts';

interface LiveTileProps {
  camera: Camera;
  /** The key that chooses it. */
  digit: number | undefined;
  isChosen: boolean;
  isEnlarged: boolean;
  /** Another tile is enlarged over this one. */
  isCovered: boolean;
  onChoose: () => void;
  onToggleEnlarged: () => void;
}

export function LiveTile(props: LiveTileProps) {
  const { camera, isChosen, isEnlarged, isCovered } = props;
  const { t } = useTranslation();
  const tile = useRef<HTMLElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const size = useSize(tile);
  const [audio, setAudio] = useState(false);
  const [showsDetails, setShowsDetails] = useState(false);
  const visible = useVisible(tile, isCovered);
  const { view, state } = useLiveView({ camera, container: picture, size, visible, audio });
  const isLive = state.kind === 'playing';
  // Without the feed nobody knows whether it still records.
  const isFeedOpen = useServer((server) => server.feed.kind === 'open');
  const recording = isFeedOpen && camera.status.recording;
  return (
    <article
      ref={tile}
      data-camera={camera.id}
      tabIndex={isCovered ? -1 : 0}
      inert={isCovered}
      aria-label={camera.name}
      aria-keyshortcuts={props.digit === undefined ? undefined : String(props.digit)}
      onFocus={props.onChoose}
      onDoubleClick={props.onToggleEnlarged}
      className={classes(
        'group overflow-hidden bg-picture text-on-picture outline-none select-none',
        isEnlarged
          ? 'absolute inset-0 z-10 phone:fixed phone:z-30'
          : 'relative phone:aspect-video phone:w-full phone:shrink-0',
      )}
    >
      <div ref={picture} className={classes('live-picture absolute inset-0', !isLive && 'opacity-40 grayscale')} />
      <TileNotice camera={camera} state={state} />
      {showsDetails && view && <TileDetails camera={camera} view={view} />}
      <div className="pointer-events-none absolute inset-x-0 bottom-0 flex min-h-9 flex-wrap items-end justify-between gap-x-2 p-1.5">
        <p className="flex min-h-6 max-w-full min-w-0 items-center gap-2 rounded bg-picture/65 px-2 text-sm font-medium">
          <RecordingDot recording={recording} />
          <span className="sr-only">{t(recording ? 'live.tile.recording' : 'live.tile.not-recording')}</span>
          <span className="truncate">{camera.name}</span>
        </p>
        <TileControls
          camera={camera}
          state={state}
          audio={audio}
          onAudio={setAudio}
          showsDetails={showsDetails}
          onShowsDetails={setShowsDetails}
          isEnlarged={isEnlarged}
          onToggleEnlarged={props.onToggleEnlarged}
        />
      </div>
      <span
        aria-hidden
        className={classes(
          'pointer-events-none absolute inset-0 border-2',
          isChosen && !isEnlarged ? 'border-accent' : 'border-transparent',
        )}
      />
    </article>
  );
}
