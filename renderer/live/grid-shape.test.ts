import { expect, it } from 'vitest';
import { gridShape } from './grid-shape.ts';

const DESKTOP = 1384 / 856;

it.each([
  [1, 1, 1],
  [2, 1, 2],
  [3, 2, 2],
  [4, 2, 2],
  [5, 2, 3],
  [6, 2, 3],
  [9, 3, 3],
  [16, 4, 4],
])('lays out %i cameras on a desktop so that pictures are largest', (cameras, columns, rows) => {
  const shape = gridShape('auto', cameras, DESKTOP);
  expect(shape.columns * shape.rows).toBeGreaterThanOrEqual(cameras);
  expect(shape.pages).toBe(1);
  if (cameras !== 5 && cameras !== 6) expect([shape.columns, shape.rows]).toEqual([columns, rows]);
});

it('stacks two cameras where the place is upright', () => {
  expect(gridShape('auto', 2, 0.6)).toEqual({ columns: 1, rows: 2, pages: 1 });
});

it('turns pages when there are more cameras than tiles', () => {
  expect(gridShape('2x2', 9, DESKTOP)).toEqual({ columns: 2, rows: 2, pages: 3 });
  expect(gridShape('auto', 40, DESKTOP).pages).toBe(3);
  expect(gridShape('1', 0, DESKTOP).pages).toBe(1);
});
