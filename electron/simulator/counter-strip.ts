/*
 * The machine-readable frame counter: a strip along the bottom edge, one twentieth of the picture high and cut into
 * 24 black or white cells: white, black, 16 counter bits (highest first), 4 check bits, black, white. A cell is 26
 * pixels wide at 640 x 360, so it survives low bit rates and scaling; the end cells calibrate black and white.
 */
export const STRIP_CELLS = 24;
const BITS = 16;
const CHECK_BITS = 4;
/** Between these shares of the way from black to white a cell is neither: two pictures are mixed. */
const AMBIGUOUS_FROM = 0.3;
const AMBIGUOUS_TO = 0.7;
/** Below this distance between black and white the strip is not there. */
const MIN_CONTRAST = 60;

/** The cells of a counter, true for white. Counters wrap at 65536. */
export function stripCells(counter: number): boolean[] {
  const value = counter & 0xffff;
  const word = (value << CHECK_BITS) | checkBits(value);
  const bits = Array.from({ length: BITS + CHECK_BITS }, (_, at) => ((word >> (BITS + CHECK_BITS - 1 - at)) & 1) === 1);
  return [true, false, ...bits, false, true];
}

/** The first row of the strip in a picture of this height; the strip goes down to the last row. */
export function stripTop(height: number): number {
  return Math.floor((height * 19) / 20);
}

/** Reads the strip from rows `top` to `height` of a luma plane; null when there is none or it is damaged. */
export function readStrip(luma: Uint8Array, width: number, top: number, height: number): number | null {
  const levels = Array.from({ length: STRIP_CELLS }, (_, cell) => cellLevel(luma, width, top, height, cell));
  const level = (cell: number): number => levels[cell] ?? 0;
  const white = (level(0) + level(STRIP_CELLS - 1)) / 2;
  const black = (level(1) + level(STRIP_CELLS - 2)) / 2;
  if (white - black < MIN_CONTRAST) return null;
  let word = 0;
  for (let at = 0; at < BITS + CHECK_BITS; at++) {
    const share = (level(2 + at) - black) / (white - black);
    if (share > AMBIGUOUS_FROM && share < AMBIGUOUS_TO) return null;
    word = (word << 1) | (share > 0.5 ? 1 : 0);
  }
  const value = word >> CHECK_BITS;
  return checkBits(value) === (word & 0xf) ? value : null;
}

/** Mixing in a constant keeps an all-black and an all-white strip from being valid. */
function checkBits(value: number): number {
  return (value ^ (value >> 4) ^ (value >> 8) ^ (value >> 12) ^ 0b0101) & 0xf;
}

/** Mean brightness of the middle of a cell, away from its blurred edges. */
function cellLevel(luma: Uint8Array, width: number, top: number, height: number, cell: number): number {
  const cellWidth = width / STRIP_CELLS;
  const left = Math.floor((cell + 0.3) * cellWidth);
  const right = Math.max(left + 1, Math.ceil((cell + 0.7) * cellWidth));
  const first = top + Math.floor((height - top) * 0.3);
  const last = Math.max(first + 1, top + Math.ceil((height - top) * 0.7));
  let sum = 0;
  for (let row = first; row < last; row++) {
    for (let column = left; column < right; column++) sum += luma[row * width + column] ?? 0;
  }
  return sum / ((last - first) * (right - left));
}
