import { useEffect, useRef } from 'react';
import { navigate, usePlace } from '../state/router.ts';
import type { Playback } from './playback.ts';

/** The address follows when playback rests, not each step of a drag. */
const REST_MS = 500;

/** Keeps cameras and moment in the page's address, and follows an address that comes from elsewhere. */
export function useAddress(playback: Playback | undefined, cameraIds: readonly string[], goTo: (atMs: number) => void) {
  const { query } = usePlace();
  const at = query.get('at');
  const known = useRef(at);
  const cameras = cameraIds.join(',');

  useEffect(() => {
    if (playback === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = (): void => {
      const { mode, isSeeking } = playback.state;
      if (mode === 'playing' || isSeeking) return;
      known.current = String(playback.positionMs);
      navigate(`/timeline?camera=${cameras}&at=${playback.positionMs}`, { replace: true });
    };
    const stop = playback.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(write, REST_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [playback, cameras]);

  useEffect(() => {
    if (at === null || at === known.current) return;
    known.current = at;
    if (Number(at) > 0) goTo(Number(at));
  }, [at, goTo]);
}
