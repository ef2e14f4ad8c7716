import { color, mix, type FrameCanvas } from '../frame-canvas.ts';
import { box, circle, ellipse, limb, polygon } from '../shapes.ts';
import { drawAnimal, drawPerson } from './figures.ts';
import { thereAndBack, type Scene } from './scene.ts';

const BRICKS = ['#a4533c', '#9a4c37', '#ae5b42', '#93462f'].map(color);

/** A brick porch with a blue door: a visitor walks up with a parcel and leaves; a cat watches. */
export const frontDoor: Scene = {
  background(canvas) {
    canvas.gradient(0, 560, color('#c8b29f'), color('#b79f8b'));
    drawBricks(canvas);
    canvas.gradient(540, 720, color('#8d8a85'), color('#6b6965'));
    canvas.fill(box(500, 130, 280, 420), color('#efe9df'));
    canvas.fill(box(530, 160, 220, 390), color('#1d4f7a'));
    for (const [x, y] of [
      [555, 190],
      [650, 190],
      [555, 360],
      [650, 360],
    ] as const) {
      canvas.fill(box(x, y, 75, 140, 6), color('#27639a'));
    }
    canvas.fill(circle(735, 370, 9), color('#e3c15a'));
    canvas.fill(box(480, 545, 320, 22), color('#a9a49c'));
    canvas.fill(box(450, 567, 380, 24), color('#928d86'));
    drawWindow(canvas, 130, 200);
    drawWindow(canvas, 940, 200);
    canvas.fill(circle(845, 210, 60), color('#ffe3a0'), 0.25);
    canvas.fill(box(832, 185, 26, 46, 6), color('#ffe9b8'));
    for (const x of [400, 880]) {
      canvas.fill(polygon([x - 32, 480], [x + 32, 480], [x + 24, 560], [x - 24, 560]), color('#6d3f2a'));
      for (const [dx, dy] of [
        [0, -40],
        [-26, -20],
        [26, -20],
        [-12, -60],
        [14, -62],
      ] as const) {
        canvas.fill(ellipse(x + dx, 465 + dy, 30, 26), color('#3d7a3a'));
      }
    }
    canvas.fill(polygon([470, 591], [810, 591], [980, 720], [300, 720]), color('#a79f93'));
  },
  figures(canvas, phase, seconds) {
    const { share, forward } = thereAndBack(phase);
    const tail = Math.sin(seconds * 3) * 14;
    canvas.fill(limb(1068, 570, 1096, 552 + tail, 9), color('#2a2522'));
    drawAnimal(canvas, { x: 1020, y: 596, length: 90, stride: Math.sin(seconds) * 4, facing: -1 }, color('#2a2522'));
    const x = 60 + share * 520;
    const y = 690 - share * 75;
    const height = 350 - share * 50;
    const look = { coat: color('#e0a023'), trousers: color('#2d3340'), hair: color('#3a2417') };
    drawPerson(canvas, { x, y, height, stride: share * 1300, facing: forward ? 1 : -1 }, look);
    const parcel = color('#c08a4e');
    if (forward) canvas.fill(box(x + 18, y - height * 0.58, 66, 52, 3), parcel);
    else canvas.fill(box(610, 522, 66, 46, 3), parcel, 1);
  },
};

function drawBricks(canvas: FrameCanvas): void {
  for (let row = 0; row < 18; row++) {
    for (let column = -1; column < 17; column++) {
      const paint = BRICKS[(row * 7 + column * 5 + 35) % BRICKS.length] ?? mix(color('#a4533c'), color('#93462f'), 0.5);
      canvas.fill(box(column * 80 + (row % 2) * 40 + 2, row * 31 + 2, 76, 27), paint);
    }
  }
}

function drawWindow(canvas: FrameCanvas, x: number, y: number): void {
  canvas.fill(box(x - 14, y - 14, 228, 228), color('#efe9df'));
  canvas.fill(box(x, y, 200, 200), color('#37556b'));
  canvas.fill(polygon([x + 20, y + 200], [x + 110, y], [x + 160, y], [x + 70, y + 200]), color('#6f93aa'), 0.5);
  canvas.fill(box(x + 94, y, 12, 200), color('#efe9df'));
  canvas.fill(box(x, y + 94, 200, 12), color('#efe9df'));
}
