import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clipParameters } from './clip.ts';
import { FrameCanvas, color } from './frame-canvas.ts';
import { findCounterBreaks, readFrameCounter } from './frame-counter.ts';
import { clipClock, drawOverlay } from './overlay.ts';
import { renderFrames } from './scene-renderer.ts';

test('any counter can be read back at any size, even from a grey and noisy picture', () => {
  const size = fc.constantFrom([640, 360], [1280, 720], [352, 288], [192, 108]);
  fc.assert(
    fc.property(
      fc.nat(0xffff),
      size,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (counter, [width, height], noise) => {
        const canvas = new FrameCanvas(width, height);
        canvas.gradient(0, 720, color('#406080'), color('#f0f0e0'));
        drawOverlay(canvas, clipParameters({ label: 'Yard' }), counter);
        canvas.addGrain(40, () => noise.next().value as number);
        expect(readFrameCounter(canvas.data, width, height)).toBe(counter);
      },
    ),
    { numRuns: 10 },
  );
});

test('a picture without the strip has no counter', () => {
  const canvas = new FrameCanvas(640, 360);
  canvas.gradient(0, 720, color('#000000'), color('#ffffff'));
  expect(readFrameCounter(canvas.data, 640, 360)).toBeNull();
});

test('two frames blended into one are not taken for a third', () => {
  const [first, second] = [21_845, 43_690].map((counter) => {
    const canvas = new FrameCanvas(640, 360);
    drawOverlay(canvas, clipParameters({ label: '' }), counter);
    return canvas.data;
  });
  const blend = first!.map((value, at) => (value + second![at]!) / 2);
  expect(readFrameCounter(blend, 640, 360)).toBeNull();
});

test('each frame of a rendered scene bears its number, and the scenes differ', () => {
  const brightness = (['front-door', 'yard', 'gate', 'garage'] as const).map((scene) => {
    const parameters = clipParameters({ scene, width: 320, height: 180, seconds: 1, fps: 5 });
    const counters: (number | null)[] = [];
    let sum = 0;
    for (const frame of renderFrames(parameters)) {
      counters.push(readFrameCounter(frame, 320, 180));
      sum = frame.subarray(0, 320 * 160).reduce((total, value) => total + value, 0) / (320 * 160);
    }
    expect(counters).toEqual([0, 1, 2, 3, 4]);
    return Math.round(sum / 4);
  });
  expect(new Set(brightness).size).toBe(4);
});

test('breaks name what is missing, and the loop is none', () => {
  expect(findCounterBreaks([118, 119, 0, 1], 120)).toEqual([]);
  expect(findCounterBreaks([4, 5, 7, 7], 120)).toEqual([
    { index: 2, expected: 6, got: 7 },
    { index: 3, expected: 8, got: 7 },
  ]);
});

test('the clock counts hours', () => {
  expect(clipClock(3723.045)).toBe('01:02:03.045');
});
