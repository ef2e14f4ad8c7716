import { color, type Color, type FrameCanvas } from '../frame-canvas.ts';
import { box, circle, ellipse, limb, polygon } from '../shapes.ts';

export interface PersonLook {
  readonly coat: Color;
  readonly trousers: Color;
  readonly hair: Color;
}

const SKIN = color('#d9a27c');
const SHADOW = color('#101418');
const TYRE = color('#15171a');
const GLASS = color('#9fc3d6');
const RIM = color('#aab0b6');

/**
 * A walking person. `x`, `y` is the ground between the feet, `height` in scene units, `stride` the walked distance
 * (moves the limbs), `facing` 1 for right and -1 for left.
 */
export function drawPerson(
  canvas: FrameCanvas,
  place: { x: number; y: number; height: number; stride: number; facing: 1 | -1 },
  look: PersonLook,
): void {
  const { x, y, height, facing } = place;
  const unit = height / 100;
  const swing = Math.sin((place.stride / height) * 5) * 15 * unit;
  const hip = y - 46 * unit;
  const shoulder = y - 79 * unit - Math.abs(swing) * 0.08;
  canvas.fill(ellipse(x, y, 24 * unit, 5 * unit), SHADOW, 0.35);
  const leg = (offset: number): void => {
    canvas.fill(limb(x, hip, x + offset * 0.45 + facing * 2 * unit, y - 23 * unit, 11 * unit), look.trousers);
    canvas.fill(
      limb(x + offset * 0.45 + facing * 2 * unit, y - 23 * unit, x + offset, y - 3 * unit, 9 * unit),
      look.trousers,
    );
    canvas.fill(limb(x + offset, y - 2 * unit, x + offset + facing * 6 * unit, y - 2 * unit, 5 * unit), SHADOW);
  };
  const arm = (offset: number): void => {
    const elbowX = x + offset * 0.4 - facing * unit;
    canvas.fill(limb(x, shoulder + 4 * unit, elbowX, shoulder + 18 * unit, 8 * unit), look.coat);
    canvas.fill(limb(elbowX, shoulder + 18 * unit, x + offset * 0.9, shoulder + 31 * unit, 7 * unit), look.coat);
    canvas.fill(circle(x + offset * 0.9, shoulder + 33 * unit, 4 * unit), SKIN);
  };
  arm(swing);
  leg(-swing);
  leg(swing);
  canvas.fill(limb(x, shoulder + 5 * unit, x, hip - 2 * unit, 22 * unit), look.coat);
  arm(-swing);
  canvas.fill(circle(x + facing * unit, y - 91 * unit, 9 * unit), SKIN);
  canvas.fill(ellipse(x - facing * 2 * unit, y - 95 * unit, 9 * unit, 6.5 * unit), look.hair);
}

/** A car seen from the side. `x`, `y` is the ground below its middle. */
export function drawCar(
  canvas: FrameCanvas,
  place: { x: number; y: number; length: number; facing: 1 | -1; lights?: boolean },
  paint: Color,
): void {
  const { x, y, facing } = place;
  const unit = place.length / 100;
  const at = (along: number): number => x + facing * along * unit;
  canvas.fill(ellipse(x, y, 54 * unit, 5 * unit), SHADOW, 0.45);
  canvas.fill(
    polygon([at(-34), y - 20 * unit], [at(-25), y - 36 * unit], [at(10), y - 36 * unit], [at(26), y - 20 * unit]),
    paint,
  );
  canvas.fill(box(x - 50 * unit, y - 23 * unit, 100 * unit, 17 * unit, 6 * unit), paint);
  canvas.fill(
    polygon([at(-29), y - 21 * unit], [at(-22), y - 33 * unit], [at(-7), y - 33 * unit], [at(-7), y - 21 * unit]),
    GLASS,
  );
  canvas.fill(
    polygon([at(-4), y - 21 * unit], [at(-4), y - 33 * unit], [at(8), y - 33 * unit], [at(20), y - 21 * unit]),
    GLASS,
  );
  for (const wheel of [-29, 29]) {
    canvas.fill(circle(at(wheel), y - 8 * unit, 9 * unit), TYRE);
    canvas.fill(circle(at(wheel), y - 8 * unit, 4.5 * unit), RIM);
  }
  canvas.fill(circle(at(47), y - 17 * unit, 2.5 * unit), color('#fff6c8'));
  canvas.fill(circle(at(-48), y - 17 * unit, 2.2 * unit), color('#e03030'));
  if (place.lights !== true) return;
  const beam = polygon(
    [at(48), y - 18 * unit],
    [at(150), y - 30 * unit],
    [at(150), y + 4 * unit],
    [at(48), y - 14 * unit],
  );
  canvas.fill(beam, color('#fff3c0'), 0.28);
}

/** A four-legged animal. `x`, `y` is the ground below its middle; `bounce` moves the legs. */
export function drawAnimal(
  canvas: FrameCanvas,
  place: { x: number; y: number; length: number; stride: number; facing: 1 | -1 },
  fur: Color,
): void {
  const { x, facing } = place;
  const unit = place.length / 100;
  const step = Math.sin((place.stride / place.length) * 4);
  const y = place.y - Math.abs(step) * 6 * unit;
  const at = (along: number): number => x + facing * along * unit;
  canvas.fill(ellipse(x, place.y, 48 * unit, 6 * unit), SHADOW, 0.3);
  for (const [hip, phase] of [
    [-28, 1],
    [-22, -1],
    [24, -1],
    [30, 1],
  ] as const) {
    canvas.fill(limb(at(hip), y - 30 * unit, at(hip + step * phase * 14), place.y - 3 * unit, 8 * unit), fur);
  }
  canvas.fill(limb(at(-28), y - 36 * unit, at(28), y - 38 * unit, 24 * unit), fur);
  canvas.fill(limb(at(-36), y - 42 * unit, at(-54), y - (62 + step * 8) * unit, 7 * unit), fur);
  canvas.fill(limb(at(30), y - 42 * unit, at(42), y - 58 * unit, 16 * unit), fur);
  canvas.fill(ellipse(at(46), y - 60 * unit, 13 * unit, 11 * unit), fur);
  canvas.fill(limb(at(52), y - 57 * unit, at(62), y - 55 * unit, 9 * unit), fur);
  canvas.fill(limb(at(40), y - 68 * unit, at(37), y - 78 * unit, 7 * unit), fur);
  canvas.fill(circle(at(62), y - 57 * unit, 3 * unit), SHADOW);
}
