import { clipParameters } from '../../simulator/clip.ts';

/** A main stream that a busy machine records and decodes four times at once. */
export const SMALL = clipParameters();
export const SUB = clipParameters({ width: 320, height: 180, bitrateKbps: 200 });
