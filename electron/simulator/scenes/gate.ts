import { color, type FrameCanvas } from '../frame-canvas.ts';
import { box, circle, ellipse, limb, polygon } from '../shapes.ts';
import { drawCar, drawPerson } from './figures.ts';
import { between, type Scene } from './scene.ts';

const IRON = color('#11161f');

/** A street gate at dusk: the wing slides open, a white van comes by with its lights on, later a passer-by. */
export const gate: Scene = {
  background(canvas) {
    canvas.gradient(0, 380, color('#141a3a'), color('#6b4a78'));
    for (const [x, y] of [
      [90, 60],
      [310, 120],
      [520, 40],
      [700, 150],
      [910, 70],
      [1130, 130],
      [1210, 50],
    ] as const) {
      canvas.fill(circle(x, y, 2.5), color('#f4f2ff'));
    }
    canvas.fill(circle(1010, 120, 42), color('#f3ecd2'));
    canvas.fill(circle(1028, 108, 38), color('#2a2652'));
    for (const [x, width, height] of [
      [0, 170, 190],
      [180, 120, 130],
      [930, 150, 150],
      [1090, 190, 230],
    ] as const) {
      canvas.fill(box(x, 385 - height, width, height), color('#231f3a'));
      for (let pane = 0; pane < 4; pane++) {
        const lit = pane % 3 === 0 ? color('#ffd98a') : color('#3a3658');
        canvas.fill(box(x + 18 + (pane % 2) * 60, 405 - height + Math.floor(pane / 2) * 56, 34, 34), lit);
      }
    }
    canvas.gradient(380, 470, color('#5a5566'), color('#4b4757'));
    canvas.gradient(470, 720, color('#33333d'), color('#24242c'));
    canvas.fill(box(0, 464, 1280, 8), color('#8a8698'));
    for (let dash = 0; dash < 7; dash++) canvas.fill(box(dash * 200 + 30, 590, 110, 10), color('#c9c7bd'));
    for (const x of [300, 940]) {
      canvas.fill(box(x, 210, 50, 260), color('#77706f'));
      canvas.fill(box(x - 8, 196, 66, 20), color('#938b89'));
      canvas.fill(circle(x + 25, 176, 62), color('#ffd27a'), 0.22);
      canvas.fill(circle(x + 25, 176, 17), color('#ffe8b0'));
    }
  },
  figures(canvas, phase) {
    const open = between(phase, 0.12, 0.24) - between(phase, 0.72, 0.84);
    drawWing(canvas, 350 + open * 560);
    const van = between(phase, 0.28, 0.62);
    if (van > 0 && van < 1) {
      const place = { x: -260 + van * 1800, y: 585, length: 380, facing: 1, lights: true } as const;
      drawCar(canvas, place, color('#e8ebee'));
    }
    const walk = between(phase, 0.55, 0.98);
    const look = { coat: color('#2a9d8f'), trousers: color('#1f2430'), hair: color('#111111') };
    if (walk > 0 && walk < 1) {
      drawPerson(canvas, { x: 1360 - walk * 1500, y: 668, height: 250, stride: walk * 3000, facing: -1 }, look);
    }
    const lamp = color(Math.floor(phase * 40) % 2 === 0 && open > 0 ? '#ff9a1f' : '#5b3a12');
    canvas.fill(circle(325, 235, 10), lamp);
    canvas.fill(circle(965, 235, 10), lamp);
  },
};

/** The sliding wing hides behind the right-hand wall; it is drawn only as far as the pillar. */
function drawWing(canvas: FrameCanvas, left: number): void {
  const right = Math.min(940, left + 590);
  if (right - left < 12) return;
  for (const y of [250, 340, 440]) canvas.fill(box(left, y, right - left, 12), IRON);
  for (let bar = left; bar < right - 8; bar += 34) canvas.fill(limb(bar + 5, 236, bar + 5, 452, 9), IRON);
  if (right - left > 380) canvas.fill(ellipse(left + 295, 345, 40, 40), color('#8a7434'));
  canvas.fill(polygon([left, 452], [right, 452], [right, 460], [left, 460]), IRON);
}
