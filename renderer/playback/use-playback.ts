import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { serverNowMs, useRecordedEnds } from '../state/server.ts';
import type { PlaybackState } from './playback-state.ts';
import { Playback } from './playback.ts';

/** The playback of this page, closed with it. Undefined for the first moment. */
export function useNewPlayback(startMs: number): Playback | undefined {
  const [playback, setPlayback] = useState<Playback>();
  useEffect(() => {
    const created = new Playback(startMs, {
      nowMs: serverNowMs,
      recordedEndMs: (cameraId) => useRecordedEnds.getState()[cameraId] ?? 0,
    });
    setPlayback(created);
    return () => created.close();
    // Where it starts matters once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return playback;
}

const PlaybackContext = createContext<Playback | undefined>(undefined);
export const PlaybackProvider = PlaybackContext.Provider;

export function usePlayback(): Playback {
  const playback = useContext(PlaybackContext);
  if (playback === undefined) throw new Error('usePlayback needs a PlaybackProvider around it');
  return playback;
}

/** A part of the playback's state; the component renders again when it changes. */
export function usePlaybackState<Part>(select: (state: PlaybackState) => Part): Part {
  const playback = usePlayback();
  return useSyncExternalStore(
    (listener) => playback.subscribe(listener),
    () => select(playback.state),
  );
}

/** The position in UTC milliseconds, at most once every `everyMs`. */
export function usePosition(everyMs: number): number {
  const playback = usePlayback();
  const [positionMs, setPositionMs] = useState(playback.positionMs);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = playback.onPosition(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setPositionMs(playback.positionMs);
      }, everyMs);
    });
    setPositionMs(playback.positionMs);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [playback, everyMs]);
  return positionMs;
}
