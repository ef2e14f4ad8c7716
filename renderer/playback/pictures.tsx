import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { classes } from '../ui/classes.ts';
import { useIsPhone } from '../ui/use-media-query.ts';
import { NoticeNote } from './notice-note.tsx';
import { PictureTile } from './picture-tile.tsx';

interface PicturesProps {
  cameras: readonly Camera[];
  activeId: string | undefined;
  isEnlarged: boolean;
  onChoose: (cameraId: string) => void;
  onEnlarge: () => void;
  onExport: () => void;
}

/** More than this many pictures at once are another issue's matter: they would no longer keep step. */
const MOST_PICTURES = 4;

/** The active camera large, up to three others beside it; on a phone the active one, chosen by tabs. */
export function Pictures({ cameras, activeId, isEnlarged, onChoose, onEnlarge, onExport }: PicturesProps) {
  const isPhone = useIsPhone();
  const active = cameras.find((camera) => camera.id === activeId) ?? cameras[0];
  const others = cameras.filter((camera) => camera !== active).slice(0, MOST_PICTURES - 1);
  const isSingle = isPhone || isEnlarged || others.length === 0;
  // In the cameras' order, whichever is large: moving an element in the page would stop its video.
  const shown = isSingle
    ? cameras.filter((camera) => camera === active)
    : cameras.filter((c) => c === active || others.includes(c));
  return (
    <div className="relative flex min-h-0 flex-1 flex-col bg-picture phone:aspect-video phone:flex-none">
      <div
        className={classes(
          'grid min-h-0 flex-1 gap-0.5',
          !isSingle && others.length === 1 && 'grid-cols-2',
          !isSingle && others.length > 1 && 'grid-cols-[3fr_1fr] grid-flow-row-dense',
        )}
      >
        {shown.map((camera) => (
          <PictureTile
            key={camera.id}
            camera={camera}
            isActive={camera === active && !isSingle}
            className={tileClasses(camera === active, isSingle, others.length)}
            onChoose={() => onChoose(camera.id)}
            onEnlarge={onEnlarge}
            onExport={onExport}
          />
        ))}
      </div>
      <NoticeNote />
    </div>
  );
}

/** A phone's cameras: one is shown at a time. */
export function CameraTabs({ cameras, activeId, onChoose }: Pick<PicturesProps, 'cameras' | 'activeId' | 'onChoose'>) {
  const { t } = useTranslation();
  if (cameras.length < 2) return null;
  return (
    <div role="group" aria-label={t('playback.cameras.label')} className="flex shrink-0 overflow-x-auto bg-surface">
      {cameras.map((camera) => (
        <button
          key={camera.id}
          type="button"
          aria-pressed={camera.id === activeId}
          onClick={() => onChoose(camera.id)}
          className="h-11 flex-1 border-b-2 border-transparent px-3 whitespace-nowrap text-muted aria-pressed:border-accent aria-pressed:text-text"
        >
          {camera.name}
        </button>
      ))}
    </div>
  );
}

function tileClasses(isActive: boolean, isSingle: boolean, others: number): string | undefined {
  if (isSingle || others < 2) return undefined;
  if (!isActive) return 'col-start-2';
  return others === 2 ? 'col-start-1 row-span-2 row-start-1' : 'col-start-1 row-span-3 row-start-1';
}
