import type { StreamName } from '../../electron/contract/ids.ts';

/** From this width in CSS pixels a tile takes the main stream; sub-streams are 640 pixels wide or less. */
const MAIN_FROM_PX = 680;
/** Below this it goes back: the space between keeps a tile that is being resized from changing to and fro. */
const SUB_BELOW_PX = 600;

/** Which stream a tile of this width takes, given the one that it has. */
export function chooseStream(widthPx: number, hasSub: boolean, present: StreamName | undefined): StreamName {
  if (!hasSub) return 'main';
  if (widthPx >= MAIN_FROM_PX) return 'main';
  if (widthPx < SUB_BELOW_PX) return 'sub';
  return present ?? 'sub';
}
