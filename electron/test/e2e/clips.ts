import { clipParameters } from '../../simulator/clip.ts';

/** A main stream that a busy machine records and decodes four times at once. A GOP a second gets a picture up soon. */
export const MAIN = clipParameters({ gopFrames: 15 });
export const SUB = clipParameters({ width: 320, height: 180, bitrateKbps: 200, gopFrames: 15 });
/** Frames of either until they begin again. */
export const CLIP_FRAMES = MAIN.fps * MAIN.seconds;
