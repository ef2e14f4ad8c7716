import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyFrames } from './key-frames.ts';

it('lets go what lies before a key frame some seconds back', () => {
  const frames = new KeyFrames();
  for (const timeS of [0, 2, 4, 6, 8, 10, 12]) frames.add(timeS);
  expect(frames.removableEndS(0, 13)).toBeCloseTo(8, 1);
});

it('waits until there is enough to remove', () => {
  const frames = new KeyFrames();
  for (const timeS of [0, 2, 4, 6, 8]) frames.add(timeS);
  expect(frames.removableEndS(0, 9)).toBeUndefined();
});

it('removes nothing within a long GOP: all of it would go', () => {
  const frames = new KeyFrames();
  frames.add(0);
  expect(frames.removableEndS(0, 60)).toBeUndefined();
});

it('forgets what it knew when media time runs backwards', () => {
  const frames = new KeyFrames();
  frames.add(100);
  frames.add(1);
  expect(frames.removableEndS(0, 200)).toBeUndefined();
});

it('never removes the key frame that the picture on screen was decoded from', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.1, max: 30, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (gopsS, position, must) => {
        const frames = new KeyFrames();
        const timesS: number[] = [];
        let timeS = 0;
        for (const gopS of gopsS) {
          frames.add(timeS);
          timesS.push(timeS);
          timeS += gopS;
        }
        const currentS = position * timeS;
        const endS = frames.removableEndS(0, currentS, must);
        const neededS = timesS.findLast((candidate) => candidate <= currentS) ?? 0;
        if (endS !== undefined) expect(endS).toBeLessThan(neededS);
      },
    ),
  );
});
