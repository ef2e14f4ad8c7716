import type { ClipParameters, SceneName } from './clip.ts';
import { FrameCanvas } from './frame-canvas.ts';
import { drawOverlay } from './overlay.ts';
import { frontDoor } from './scenes/front-door.ts';
import { garage } from './scenes/garage.ts';
import { gate } from './scenes/gate.ts';
import type { Scene } from './scenes/scene.ts';
import { yard } from './scenes/yard.ts';

/** Part of a clip's cache key: raise it when a change here or in the scenes alters pixels. */
export const RENDERER_VERSION = 2;

const SCENES: Record<SceneName, Scene> = { 'front-door': frontDoor, yard, gate, garage };

/** Grain of a decent sensor by day; it gives the encoder something to spend the bit rate on. */
const GRAIN_LEVELS = 5;
/** Backgrounds with different grain, used in turn: new noise for each frame at the price of a memory copy. */
const GRAIN_VARIANTS = 6;

/** Draws the frames of a clip one after the other as I420. The buffer is reused for the next one. */
export function* renderFrames(parameters: ClipParameters): Generator<Buffer> {
  const { width, height, fps } = parameters;
  const scene = SCENES[parameters.scene];
  const total = frameCount(parameters);
  const backgrounds = Array.from({ length: GRAIN_VARIANTS }, () => new FrameCanvas(width, height));
  const random = seededRandom();
  const [first] = backgrounds;
  if (first === undefined) return;
  scene.background(first);
  for (const other of backgrounds.slice(1)) other.copyFrom(first);
  for (const background of backgrounds) background.addGrain(GRAIN_LEVELS, random);
  const canvas = new FrameCanvas(width, height);
  for (let frame = 0; frame < total; frame++) {
    canvas.copyFrom(backgrounds[frame % GRAIN_VARIANTS] ?? first);
    scene.figures(canvas, frame / total, frame / fps);
    drawOverlay(canvas, parameters, frame);
    yield canvas.data;
  }
}

export function frameCount(parameters: ClipParameters): number {
  return Math.max(1, Math.round(parameters.seconds * parameters.fps));
}

/** xorshift32: the same grain every time, so that equal parameters give equal clips. */
function seededRandom(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
