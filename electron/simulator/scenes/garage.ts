import { color, type FrameCanvas } from '../frame-canvas.ts';
import { box, circle, ellipse, limb, polygon } from '../shapes.ts';
import { drawCar, drawPerson } from './figures.ts';
import { between, type Scene } from './scene.ts';

/** A lit garage: the roller door opens, an orange car drives out and returns; somebody works at the bench. */
export const garage: Scene = {
  background(canvas) {
    canvas.gradient(0, 500, color('#d5d9d2'), color('#bfc5bd'));
    canvas.gradient(500, 720, color('#9a9d9c'), color('#7c807f'));
    for (const [x, y, radius] of [
      [420, 640, 60],
      [450, 655, 34],
      [800, 690, 40],
    ] as const) {
      canvas.fill(ellipse(x, y, radius * 1.6, radius * 0.35), color('#4f5353'), 0.5);
    }
    canvas.fill(polygon([0, 500], [1280, 500], [1280, 512], [0, 512]), color('#8b908d'));
    for (const x of [200, 700]) {
      canvas.fill(box(x, 30, 300, 26, 8), color('#ffffff'));
      canvas.fill(polygon([x, 56], [x + 300, 56], [x + 380, 200], [x - 80, 200]), color('#ffffff'), 0.18);
    }
    canvas.fill(box(40, 380, 330, 20), color('#a8743f'));
    for (const x of [56, 330]) canvas.fill(box(x, 400, 24, 120), color('#7d5429'));
    canvas.fill(box(60, 330, 120, 50, 5), color('#c62828'));
    canvas.fill(box(100, 318, 40, 14, 5), color('#7f1d1d'));
    canvas.fill(box(40, 150, 330, 140), color('#7a5b3a'));
    for (const [x, length] of [
      [70, 90],
      [120, 70],
      [170, 100],
      [225, 60],
      [270, 95],
      [325, 75],
    ] as const) {
      canvas.fill(limb(x, 170, x, 170 + length, 10), color('#c9ced1'));
      canvas.fill(circle(x, 172, 13), color('#3a4a58'));
    }
    canvas.fill(box(1150, 120, 110, 390), color('#5a6f7c'));
    for (const y of [200, 290, 380]) canvas.fill(box(1150, y, 110, 8), color('#3c4b55'));
    for (const [x, y, hex] of [
      [1160, 150, '#d9a441'],
      [1205, 160, '#4f8a5b'],
      [1165, 240, '#a9503f'],
      [1210, 330, '#4169a0'],
    ] as const) {
      canvas.fill(box(x, y, 36, 44, 4), color(hex));
    }
  },
  figures(canvas, phase) {
    const open = between(phase, 0.08, 0.2) - between(phase, 0.8, 0.92);
    drawRollerDoor(canvas, open);
    const away = between(phase, 0.24, 0.42) - between(phase, 0.58, 0.76);
    drawCar(canvas, { x: 770 + away * 900, y: 600, length: 460, facing: 1 }, color('#e8711c'));
    const busy = Math.sin(phase * Math.PI * 2);
    const look = { coat: color('#3558a8'), trousers: color('#26303f'), hair: color('#8b8b8b') };
    const facing = Math.cos(phase * Math.PI * 2) > 0 ? 1 : -1;
    drawPerson(canvas, { x: 270 + busy * 130, y: 640, height: 300, stride: busy * 650, facing }, look);
  },
};

function drawRollerDoor(canvas: FrameCanvas, open: number): void {
  canvas.fill(box(460, 110, 640, 400), color('#9fd0ee'));
  canvas.fill(box(460, 380, 640, 130), color('#7fae6a'));
  const height = 400 * (1 - open * 0.92);
  canvas.fill(box(460, 110, 640, height), color('#e9e4d4'));
  for (let slat = height - 40; slat > 0; slat -= 40) canvas.fill(box(460, 110 + slat, 640, 5), color('#b9b3a1'));
  canvas.fill(box(460, 110 + height - 10, 640, 10), color('#56534a'));
  canvas.fill(box(440, 96, 680, 18), color('#6d706c'));
  canvas.fill(box(440, 96, 20, 414), color('#6d706c'));
  canvas.fill(box(1100, 96, 20, 414), color('#6d706c'));
}
