import type { GapCause } from '../../electron/contract/gap.ts';
import type { PictureState } from './picture.ts';

type Mode = 'paused' | 'playing';

/** Something to say for a moment, over the pictures. */
export type Notice =
  { kind: 'gap'; fromMs: number; toMs: number; cause: GapCause | undefined } | { kind: 'live-edge' } | { kind: 'end' };

export interface PlaybackState {
  mode: Mode;
  /** Wall-clock seconds per second; negative runs backward. */
  speed: number;
  /** A wanted moment is not on the screen yet. */
  isSeeking: boolean;
  /** Time from the wish for a moment to its picture on the screen. */
  lastSeekMs: number | undefined;
  notice: Notice | undefined;
  pictures: Record<string, PictureState>;
}

/** How playback begins. */
export const PAUSED: PlaybackState = {
  mode: 'paused',
  speed: 1,
  isSeeking: false,
  lastSeekMs: undefined,
  notice: undefined,
  pictures: {},
};
