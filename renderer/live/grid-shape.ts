import type { LiveLayout } from '../state/preferences.ts';

export interface GridShape {
  columns: number;
  rows: number;
  pages: number;
}

/** Most tiles on one page of the automatic layout: more are too small to see anything. */
const MOST_TILES = 16;

const FIXED_SIDES: Record<Exclude<LiveLayout, 'auto'>, number> = { '1': 1, '2x2': 2, '3x3': 3, '4x4': 4 };

/** How many columns, rows and pages hold the cameras. `aspect` is width / height of the place for the grid. */
export function gridShape(layout: LiveLayout, cameras: number, aspect: number): GridShape {
  if (layout !== 'auto') {
    const side = FIXED_SIDES[layout];
    return { columns: side, rows: side, pages: Math.max(1, Math.ceil(cameras / (side * side))) };
  }
  const tiles = Math.max(1, Math.min(cameras, MOST_TILES));
  const pages = Math.max(1, Math.ceil(cameras / MOST_TILES));
  let best = { columns: 1, rows: tiles };
  for (let columns = 1; columns <= tiles; columns += 1) {
    const shape = { columns, rows: Math.ceil(tiles / columns) };
    if (pictureWidth(shape, aspect) > pictureWidth(best, aspect)) best = shape;
  }
  return { ...best, pages };
}

/** Width of a 16:9 picture in a tile, in units of the grid's height. */
function pictureWidth({ columns, rows }: { columns: number; rows: number }, aspect: number): number {
  return Math.min(aspect / columns, 16 / 9 / rows);
}
