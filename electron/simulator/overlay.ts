import type { ClipParameters } from './clip.ts';
import { STRIP_CELLS, stripCells, stripTop } from './counter-strip.ts';
import { color, type FrameCanvas } from './frame-canvas.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphRows } from './pixel-font.ts';
import { box } from './shapes.ts';

const WHITE = color('#ffffff');
const BLACK = color('#000000');

/** Burns in the label, the clip time, the frame number in digits, and where asked for the machine-readable strip. */
export function drawOverlay(canvas: FrameCanvas, parameters: ClipParameters, frame: number): void {
  const { label, fps, counterStrip = true } = parameters;
  const dot = Math.max(1, Math.round(canvas.height / 240));
  const margin = dot * 6;
  const counter = `#${String(frame).padStart(5, '0')}`;
  drawText(canvas, label, margin, margin, dot);
  const clock = `${clipClock(frame / fps)}  ${counter}`;
  drawText(canvas, clock, canvas.width - margin - textWidth(clock, dot), margin, dot);
  if (counterStrip) drawStrip(canvas, frame);
}

/** HH:MM:SS.mmm */
export function clipClock(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const fraction = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${fraction}`;
}

function drawStrip(canvas: FrameCanvas, frame: number): void {
  const top = stripTop(canvas.height);
  stripCells(frame).forEach((white, cell) => {
    // Even borders, so that no two cells share a chroma sample.
    const left = Math.round((cell * canvas.width) / STRIP_CELLS / 2) * 2;
    const right = Math.round(((cell + 1) * canvas.width) / STRIP_CELLS / 2) * 2;
    canvas.fillPixels(left, top, right - left, canvas.height - top, white ? WHITE : BLACK);
  });
}

function drawText(canvas: FrameCanvas, text: string, left: number, top: number, dot: number): void {
  const pad = dot * 3;
  const toSceneX = 1280 / canvas.width;
  const toSceneY = 720 / canvas.height;
  const backing = box(
    (left - pad) * toSceneX,
    (top - pad) * toSceneY,
    (textWidth(text, dot) + 2 * pad) * toSceneX,
    (GLYPH_HEIGHT * dot + 2 * pad) * toSceneY,
    pad * toSceneX,
  );
  canvas.fill(backing, BLACK, 0.55);
  [...text].forEach((character, at) => {
    const x = left + at * (GLYPH_WIDTH + 1) * dot;
    glyphRows(character).forEach((bits, row) => {
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if (((bits >> (GLYPH_WIDTH - 1 - column)) & 1) === 0) continue;
        canvas.fillPixels(x + column * dot, top + row * dot, dot, dot, WHITE);
      }
    });
  });
}

function textWidth(text: string, dot: number): number {
  return ([...text].length * (GLYPH_WIDTH + 1) - 1) * dot;
}
