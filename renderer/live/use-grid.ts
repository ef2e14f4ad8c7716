import { useEffect, useState } from 'react';
import type { Camera } from '../../electron/contract/camera.ts';
import { navigate } from '../state/router.ts';
import { serverNowMs } from '../state/server.ts';
import { usePreferences } from '../state/preferences.ts';
import { useIsPhone } from '../ui/use-media-query.ts';
import { useShortcut } from '../ui/shortcuts.ts';
import { gridShape, type GridShape } from './grid-shape.ts';
import { toggleFullscreen } from '../ui/fullscreen.ts';

export interface Grid {
  shape: GridShape;
  page: number;
  setPage: (page: number) => void;
  /** The cameras of this page. */
  cameras: Camera[];
  /** The tile which the keys are for. */
  chosenId: string | undefined;
  choose: (cameraId: string) => void;
  enlargedId: string | undefined;
  toggleEnlarged: (cameraId: string) => void;
  setAspect: (aspect: number) => void;
  /** One column of tiles, scrolled. */
  isColumn: boolean;
}

/** What a guard looks back for: what just went by. */
const LOOK_BACK_MS = 30_000;

/** Which cameras the grid shows and how, and the keys that change it. */
export function useGrid(all: Camera[]): Grid {
  const layout = usePreferences((preferences) => preferences.liveLayout);
  const isColumn = useIsPhone();
  const [aspect, setAspect] = useState(16 / 10);
  const [wantedPage, setPage] = useState(0);
  const [chosenId, choose] = useState<string>();
  const [wantedEnlargedId, setEnlargedId] = useState<string>();

  const shape = isColumn ? { columns: 1, rows: all.length, pages: 1 } : gridShape(layout, all.length, aspect);
  const page = Math.min(wantedPage, shape.pages - 1);
  const perPage = shape.columns * shape.rows;
  const cameras = all.slice(page * perPage, (page + 1) * perPage);
  // A camera that was deleted, or lies on another page now, is neither.
  const isHere = (cameraId: string | undefined): boolean => cameras.some((camera) => camera.id === cameraId);
  const enlargedId = isHere(wantedEnlargedId) ? wantedEnlargedId : undefined;
  const chosen = enlargedId ?? (isHere(chosenId) ? chosenId : undefined);

  const toggleEnlarged = (cameraId: string): void => {
    choose(cameraId);
    setEnlargedId((present) => (present === cameraId ? undefined : cameraId));
  };

  useShortcut({ keys: DIGITS, label: 'live.keys.choose', shownAs: '1–9' }, (event) => {
    const camera = cameras[Number(event.key) - 1];
    if (camera === undefined) return;
    if (enlargedId !== undefined) setEnlargedId(camera.id);
    choose(camera.id);
  });
  useShortcut({ keys: ['Enter'], label: 'live.keys.enlarge' }, () => {
    if (chosen !== undefined) toggleEnlarged(chosen);
  });
  useShortcut({ keys: ['Escape'], label: 'live.keys.back' }, () => {
    if (enlargedId === undefined) choose(undefined);
    setEnlargedId(undefined);
  });
  useShortcut({ keys: ['r'], label: 'live.keys.look-back' }, () => {
    const cameraId = chosen ?? cameras[0]?.id;
    if (cameraId !== undefined) lookBack(cameraId);
  });
  useShortcut({ keys: ['PageDown'], label: 'live.keys.next-page' }, () => setPage((page + 1) % shape.pages));
  useShortcut({ keys: ['PageUp'], label: 'live.keys.previous-page' }, () =>
    setPage((page + shape.pages - 1) % shape.pages),
  );
  useShortcut({ keys: ['f'], label: 'live.keys.fullscreen' }, toggleFullscreen);

  useEffect(() => {
    if (chosenId === undefined) return;
    const tile = document.querySelector<HTMLElement>(`[data-camera="${chosenId}"]`);
    // The focus may be on a control of the tile already.
    if (!tile?.contains(document.activeElement)) tile?.focus({ preventScroll: !isColumn });
  }, [chosenId, isColumn]);

  return { shape, page, setPage, cameras, chosenId: chosen, choose, enlargedId, toggleEnlarged, setAspect, isColumn };
}

/** Plays what the camera recorded 30 seconds ago. */
export function lookBack(cameraId: string): void {
  navigate(`/timeline?camera=${cameraId}&at=${serverNowMs() - LOOK_BACK_MS}`);
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
