import { toggleFullscreen } from '../ui/fullscreen.ts';
import { useShortcut } from '../ui/shortcuts.ts';
import type { PlaybackActions } from './use-actions.ts';
import type { TimelineView } from './use-timeline-view.ts';

interface Choice {
  count: number;
  choose: (index: number) => void;
  toggleEnlarged: () => void;
  shrink: () => void;
}

const STEP_MS = 5_000;
const LARGE_STEP_MS = 60_000;
const ZOOM = 1.6;

/** The keys of the timeline page; the same as in Live where both have them. */
export function usePlaybackKeys(actions: PlaybackActions, view: TimelineView, choice: Choice): void {
  useShortcut({ keys: ['Space'], label: 'playback.keys.toggle' }, actions.toggle);
  useShortcut({ keys: ['j'], label: 'playback.keys.backward' }, () => actions.shuttle(-1));
  useShortcut({ keys: ['k'], label: 'playback.keys.pause' }, actions.pause);
  useShortcut({ keys: ['l'], label: 'playback.keys.forward' }, () => actions.shuttle(1));
  useShortcut({ keys: ['ArrowLeft'], label: 'playback.keys.skip-back' }, (event) =>
    actions.skip(event.shiftKey ? -LARGE_STEP_MS : -STEP_MS),
  );
  useShortcut({ keys: ['ArrowRight'], label: 'playback.keys.skip-on' }, (event) =>
    actions.skip(event.shiftKey ? LARGE_STEP_MS : STEP_MS),
  );
  useShortcut({ keys: [','], label: 'playback.keys.frame-back' }, actions.frameBack);
  useShortcut({ keys: ['.'], label: 'playback.keys.frame-on' }, actions.frameOn);
  useShortcut({ keys: ['ArrowDown'], label: 'playback.keys.previous' }, actions.previous);
  useShortcut({ keys: ['ArrowUp'], label: 'playback.keys.next' }, actions.next);
  useShortcut({ keys: ['Home'], label: 'playback.keys.first' }, actions.first);
  useShortcut({ keys: ['End'], label: 'playback.keys.last' }, actions.last);
  useShortcut({ keys: ['+', '='], label: 'playback.keys.zoom-in', shownAs: '+' }, () => view.zoomAtPlayhead(ZOOM));
  useShortcut({ keys: ['-'], label: 'playback.keys.zoom-out' }, () => view.zoomAtPlayhead(1 / ZOOM));
  useShortcut({ keys: ['['], label: 'playback.keys.mark-from' }, actions.markFrom);
  useShortcut({ keys: [']'], label: 'playback.keys.mark-to' }, actions.markTo);
  useShortcut({ keys: ['e'], label: 'playback.keys.export' }, actions.openExport);
  useShortcut({ keys: ['r'], label: 'playback.keys.back-30' }, actions.back30);
  useShortcut({ keys: ['n'], label: 'playback.keys.live' }, actions.goLive);
  useShortcut({ keys: ['g'], label: 'playback.keys.goto' }, actions.openGoTo);
  useShortcut(
    {
      keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'].slice(0, Math.max(1, choice.count)),
      label: 'playback.keys.choose',
      shownAs: '1-9',
    },
    (event) => choice.choose(Number(event.key) - 1),
  );
  useShortcut({ keys: ['f'], label: 'playback.keys.fullscreen' }, toggleFullscreen);
  useShortcut({ keys: ['Enter'], label: 'playback.keys.enlarge' }, choice.toggleEnlarged);
  useShortcut({ keys: ['Escape'], label: 'playback.keys.shrink' }, choice.shrink);
}
