import type { FrameCanvas } from '../frame-canvas.ts';

/** A place that a camera looks at. Drawn in scene units (1280 x 720). */
export interface Scene {
  /** What never moves; drawn once per clip. */
  background(canvas: FrameCanvas): void;
  /** What moves. `phase` runs from 0 to 1 over the clip and must come back to where it began, so that it loops. */
  figures(canvas: FrameCanvas, phase: number, seconds: number): void;
}

/** 0 to 1 and back over the clip, resting a little at both ends: something that comes and goes. */
export function thereAndBack(phase: number): { share: number; forward: boolean } {
  const forward = phase < 0.5;
  const along = forward ? phase * 2 : 2 - phase * 2;
  const share = Math.min(1, Math.max(0, along * 1.2 - 0.1));
  return { share: share * share * (3 - 2 * share), forward };
}

/** The part of the way done between two moments of the clip: 0 before, 1 after. */
export function between(phase: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (phase - from) / (to - from)));
}
