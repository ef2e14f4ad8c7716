import { useMemo } from 'react';
import type { Camera } from '../../electron/contract/camera.ts';
import { navigate } from '../state/router.ts';
import { serverNowMs } from '../state/server.ts';
import type { Marks } from './mark-handles.tsx';
import type { Playback } from './playback.ts';
import { findNextStart, findPreviousStart, findRecordedRange } from './recording-search.ts';
import { shuttle } from './speeds.ts';
import type { TimelineView } from './use-timeline-view.ts';

export type OpenDialog = 'none' | 'goto' | 'export';

/** Everything that buttons and keys of the page do. */
export interface PlaybackActions {
  toggle: () => void;
  frameOn: () => void;
  frameBack: () => void;
  previous: () => void;
  next: () => void;
  back30: () => void;
  skip: (byMs: number) => void;
  first: () => void;
  last: () => void;
  shuttle: (direction: 1 | -1) => void;
  pause: () => void;
  setSpeed: (speed: number) => void;
  goTo: (atMs: number) => void;
  goLive: () => void;
  markFrom: () => void;
  markTo: () => void;
  clearMarks: () => void;
  toggleSound: () => void;
  openGoTo: () => void;
  openExport: () => void;
}

interface ActionsContext {
  playback: Playback | undefined;
  view: TimelineView;
  cameras: readonly Camera[];
  active: Camera | undefined;
  setMarks: (change: (marks: Marks) => Marks) => void;
  setMuted: (change: (muted: boolean) => boolean) => void;
  open: (dialog: OpenDialog) => void;
}

/** The frame rate taken for a camera that does not tell its own. */
const USUAL_FPS = 25;
/** From the end of the last recording: something to see, and not its very last frame. */
const BEFORE_END_MS = 10_000;

export function usePlaybackActions(context: ActionsContext): PlaybackActions {
  const { playback, view, cameras, active, setMarks, setMuted, open } = context;
  const { centre } = view;
  return useMemo(() => {
    const goTo = (atMs: number): void => {
      if (playback === undefined) return;
      void playback.seek(atMs);
      centre(playback.positionMs);
    };
    const position = (): number => playback?.positionMs ?? serverNowMs();
    const frameMs = 1000 / (active?.status.video?.fps || USUAL_FPS);
    /** Goes where a search leads; where it leads nowhere, says so. */
    const goToFound = async (search: Promise<number | undefined>): Promise<void> => {
      // A server that does not answer is told by the rows; here there is just nowhere to go.
      const atMs = await search.catch(() => undefined);
      if (atMs === undefined) playback?.say({ kind: 'end' });
      else void playback?.seek(atMs);
    };
    const range = () =>
      findRecordedRange(
        cameras.map((camera) => camera.id),
        serverNowMs(),
      );
    return {
      toggle: () => playback?.toggle(),
      frameOn: () => void playback?.stepFrame(1, frameMs),
      frameBack: () => void playback?.stepFrame(-1, frameMs),
      previous: () => {
        if (active) void goToFound(findPreviousStart(active.id, position()));
      },
      next: () => {
        if (active) void goToFound(findNextStart(active.id, position(), serverNowMs()));
      },
      back30: () => void playback?.seek(position() - 30_000),
      skip: (byMs) => void playback?.seek(position() + byMs),
      first: () => void goToFound(range().then((found) => found?.fromMs)),
      last: () => void goToFound(range().then((found) => found && Math.max(found.fromMs, found.toMs - BEFORE_END_MS))),
      shuttle: (direction) => {
        if (playback === undefined) return;
        playback.play(shuttle(playback.state.speed, playback.state.mode === 'playing', direction));
      },
      pause: () => playback?.pause(),
      setSpeed: (speed) => playback?.setSpeed(speed),
      goTo,
      goLive: () => navigate('/live'),
      markFrom: () =>
        setMarks(({ toMs }) => {
          const fromMs = position();
          return toMs !== undefined && toMs > fromMs ? { fromMs, toMs } : { fromMs };
        }),
      markTo: () =>
        setMarks(({ fromMs }) => {
          const toMs = position();
          return fromMs !== undefined && fromMs < toMs ? { fromMs, toMs } : { toMs };
        }),
      clearMarks: () => setMarks(() => ({})),
      toggleSound: () => setMuted((muted) => !muted),
      openGoTo: () => open('goto'),
      openExport: () => open('export'),
    };
  }, [playback, centre, cameras, active, setMarks, setMuted, open]);
}
