import { VideoOff } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import type { Gap } from '../../electron/contract/gap.ts';
import type { StreamName } from '../../electron/contract/ids.ts';
import { fetchRecordings } from '../api/recordings.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { codecName } from '../ui/codec-name.ts';
import { describeError } from '../ui/describe-error.ts';
import { useTimeFormat } from '../ui/time-format.ts';
import type { PictureState } from './picture.ts';
import { usePlayback, usePlaybackState } from './use-playback.ts';

interface PictureTileProps {
  camera: Camera;
  isActive: boolean;
  className?: string | undefined;
  onChoose: () => void;
  onEnlarge: () => void;
  onExport: () => void;
}

/** One camera's picture at the time of the playhead; says what it means when there is none. */
export function PictureTile(props: PictureTileProps) {
  const { camera, isActive, className, onChoose, onEnlarge, onExport } = props;
  const { t } = useTranslation();
  const playback = usePlayback();
  const host = useRef<HTMLDivElement>(null);
  const [stream, setStream] = useState<StreamName>('main');
  const state = usePlaybackState((all) => all.pictures[camera.id]) ?? { kind: 'loading' };
  const lastSeekMs = usePlaybackState((all) => all.lastSeekMs);
  const isSeeking = usePlaybackState((all) => all.isSeeking);
  const mode = usePlaybackState((all) => all.mode);

  useEffect(() => {
    if (host.current === null) return;
    return playback.mount(camera.id, stream, host.current);
  }, [playback, camera.id, stream]);

  // For those who measure: the time of the picture on the screen, and how long the last seek took.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const tell = (): void => {
      const wallMs = playback.picture(camera.id)?.wallMs;
      if (wallMs === undefined) delete element.dataset['wallClockMs'];
      else element.dataset['wallClockMs'] = String(wallMs);
    };
    const timer = setInterval(tell, 40);
    return () => clearInterval(timer);
  }, [playback, camera.id]);

  return (
    <section
      aria-label={camera.name}
      className={classes('relative min-h-0 min-w-0 overflow-hidden bg-picture text-on-picture', className)}
    >
      <div
        ref={host}
        data-testid="playback-picture"
        data-camera-id={camera.id}
        data-state={state.kind === 'shown' ? (isSeeking ? 'seeking' : mode) : state.kind}
        data-last-seek-ms={lastSeekMs}
        className="absolute inset-0"
      />
      <PictureCover state={state} camera={camera} stream={stream} onStream={setStream} onExport={onExport} />
      <button
        type="button"
        aria-pressed={isActive}
        aria-label={t('playback.picture.choose', { name: camera.name })}
        onClick={onChoose}
        onDoubleClick={onEnlarge}
        className={classes(
          'absolute inset-0 z-10 focus-visible:-outline-offset-4',
          isActive && 'ring-2 ring-accent ring-inset',
        )}
      />
      <span className="pointer-events-none absolute bottom-1.5 left-2 z-20 max-w-[80%] truncate rounded bg-picture/70 px-1.5 py-0.5 text-xs font-medium">
        {camera.name}
      </span>
    </section>
  );
}

interface PictureCoverProps {
  state: PictureState;
  camera: Camera;
  stream: StreamName;
  onStream: (stream: StreamName) => void;
  onExport: () => void;
}

/** Stands over a picture that is not that of the moment, so that an old one is never taken for it. */
function PictureCover({ state, camera, stream, onStream, onExport }: PictureCoverProps) {
  const { t } = useTranslation();
  switch (state.kind) {
    case 'shown':
      return null;
    case 'loading':
      return <span className="absolute inset-0 bg-picture" />;
    case 'gap':
      return <GapCover cameraId={camera.id} atMs={state.atMs} />;
    case 'unplayable': {
      const codec = codecName(camera.status.video?.codec ?? '');
      return (
        <Cover title={codec ? t('playback.unplayable.codec', { codec }) : t('playback.unplayable.unknown')}>
          <p>{t('playback.unplayable.hint')}</p>
          <span className="flex flex-wrap justify-center gap-2">
            <Button onClick={onExport}>{t('playback.export.open')}</Button>
            {camera.source.subUrl !== undefined && stream === 'main' && (
              <Button onClick={() => onStream('sub')}>{t('playback.unplayable.sub')}</Button>
            )}
          </span>
        </Cover>
      );
    }
    case 'failed':
      return <Cover title={t('playback.failed')}>{describeError(state.error, t)}</Cover>;
  }
}

function GapCover({ cameraId, atMs }: { cameraId: string; atMs: number }) {
  const { t } = useTranslation();
  const format = useTimeFormat();
  const [gap, setGap] = useState<Gap>();
  useEffect(() => {
    const abort = new AbortController();
    setGap(undefined);
    fetchRecordings(cameraId, { fromMs: Math.round(atMs), toMs: Math.round(atMs) + 1 }, abort.signal).then(
      ({ gaps }) => setGap(gaps[0]),
      // Then the cover says only that nothing is recorded.
      () => undefined,
    );
    return () => abort.abort();
  }, [cameraId, atMs]);
  return (
    <Cover title={t('playback.gap.none')}>
      <p className="figures">{format.instant(atMs)}</p>
      {gap && <p>{t(`ui.gap-cause.${gap.cause}`)}</p>}
    </Cover>
  );
}

function Cover({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-0 z-20 flex flex-col items-center justify-center gap-1 bg-picture p-3 text-center text-sm text-on-picture/80 [&_button]:pointer-events-auto">
      <VideoOff size={24} strokeWidth={1.5} aria-hidden className="mb-1 opacity-70" />
      <p className="font-semibold text-on-picture">{title}</p>
      {children}
    </div>
  );
}
