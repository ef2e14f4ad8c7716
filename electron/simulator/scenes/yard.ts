import { color, type FrameCanvas } from '../frame-canvas.ts';
import { box, circle, ellipse, limb, polygon } from '../shapes.ts';
import { drawAnimal, drawPerson } from './figures.ts';
import { thereAndBack, type Scene } from './scene.ts';

/** A sunny lawn behind a house: a dog runs circles, someone crosses, clouds drift and a tree sways. */
export const yard: Scene = {
  background(canvas) {
    canvas.gradient(0, 330, color('#5aa2dc'), color('#cfe7f5'));
    canvas.fill(circle(1090, 110, 90), color('#fff4c2'), 0.35);
    canvas.fill(circle(1090, 110, 52), color('#fff2b0'));
    for (let hill = 0; hill < 5; hill++) {
      canvas.fill(ellipse(hill * 320, 340, 240, 70 + (hill % 2) * 25), color('#6f9c63'));
    }
    canvas.gradient(320, 720, color('#6fae48'), color('#3f7d2d'));
    for (let stripe = 0; stripe < 6; stripe++) {
      const left = stripe * 240 - 60;
      canvas.fill(
        polygon([left + 90, 320], [left + 190, 320], [left + 140, 720], [left - 80, 720]),
        color('#86c25c'),
        0.28,
      );
    }
    for (let post = 0; post < 33; post++) {
      const x = post * 40;
      canvas.fill(polygon([x + 4, 250], [x + 18, 236], [x + 32, 250], [x + 32, 345], [x + 4, 345]), color('#c9a070'));
      canvas.fill(box(x + 30, 250, 2, 95), color('#9a774e'));
    }
    for (const y of [265, 318]) canvas.fill(box(0, y, 1280, 10), color('#b38a5a'));
    canvas.fill(ellipse(1010, 560, 170, 46), color('#dfe7ea'));
    canvas.fill(ellipse(1010, 556, 156, 38), color('#4fb3d9'));
    canvas.fill(ellipse(960, 548, 60, 10), color('#bfe6f4'), 0.7);
  },
  figures(canvas, phase, seconds) {
    drawClouds(canvas, phase);
    drawTree(canvas, Math.sin(seconds * 1.6) * 7);
    const { share, forward } = thereAndBack(phase);
    const look = { coat: color('#c0392b'), trousers: color('#34495e'), hair: color('#e2c27a') };
    drawPerson(
      canvas,
      { x: 1180 - share * 760, y: 470, height: 190, stride: share * 1500, facing: forward ? -1 : 1 },
      look,
    );
    const turn = phase * Math.PI * 4;
    const facing = Math.sin(turn) > 0 ? -1 : 1;
    const dog = { x: 560 + Math.cos(turn) * 330, y: 600 + Math.sin(turn) * 60, length: 150, stride: phase * 9000 };
    drawAnimal(canvas, { ...dog, facing }, color('#8a5a2b'));
    canvas.fill(circle(560 + Math.cos(turn + 0.5) * 330, 606 + Math.sin(turn + 0.5) * 60, 15), color('#f4e04d'));
  },
};

function drawClouds(canvas: FrameCanvas, phase: number): void {
  for (const [start, y, size] of [
    [200, 90, 1],
    [760, 60, 0.8],
    [1250, 150, 0.65],
  ] as const) {
    const x = ((start + phase * 1600) % 1600) - 160;
    for (const [dx, dy, radius] of [
      [0, 0, 44],
      [48, 8, 36],
      [-46, 10, 34],
      [16, -22, 34],
    ] as const) {
      canvas.fill(
        ellipse(x + dx * size, y + dy * size, radius * size * 1.3, radius * size * 0.8),
        color('#ffffff'),
        0.85,
      );
    }
  }
}

function drawTree(canvas: FrameCanvas, sway: number): void {
  canvas.fill(ellipse(190, 505, 120, 20), color('#1f3d18'), 0.4);
  canvas.fill(limb(190, 500, 192 + sway * 0.3, 330, 42), color('#6b4a2d'));
  for (const [dx, dy, radius] of [
    [0, 0, 92],
    [-76, 34, 70],
    [80, 30, 72],
    [-34, -62, 66],
    [44, -58, 62],
  ] as const) {
    canvas.fill(circle(192 + dx + sway * (1 - dy / 160), 230 + dy, radius), color('#2f6b2c'));
  }
  for (const [dx, dy, radius] of [
    [-20, -30, 50],
    [40, 10, 40],
    [-60, 20, 36],
  ] as const) {
    canvas.fill(circle(192 + dx + sway * (1 - dy / 160), 225 + dy, radius), color('#4b8f3f'), 0.8);
  }
}
