import { expect, test, vi } from 'vitest';
import type { Shown } from './picture.ts';
import { Stepper } from './stepper.ts';

interface Seen {
  positions: number[];
  end: string;
}

/** Steps from 0 until the stepper stops by itself. `footage` says what is shown of a moment. */
function stepThrough(speed: number, latestMs: number, footage: (atMs: number) => Shown): Promise<Seen> {
  return new Promise((resolve) => {
    const positions: number[] = [];
    const stepper = new Stepper({
      show: async (atMs) => {
        await new Promise((shown) => setTimeout(shown, 2));
        return [footage(atMs), 'gap'];
      },
      onPosition: (atMs) => positions.push(atMs),
      onGap: (atMs) => resolve({ positions, end: `gap ${Math.sign(atMs)}` }),
      onLatest: () => resolve({ positions, end: 'latest' }),
      latestMs: () => latestMs,
    });
    stepper.start(0, speed);
  });
}

test('goes forward, faster than time, up to the latest moment', async () => {
  const { positions, end } = await stepThrough(16, 1000, () => 'shown');
  expect(end).toBe('latest');
  expect(positions.length).toBeGreaterThan(1);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(positions.at(-1)).toBeLessThanOrEqual(1000);
});

test('goes backward until no picture has footage', async () => {
  const { positions, end } = await stepThrough(-4, 1000, (atMs) => (atMs > -200 ? 'shown' : 'gap'));
  expect(end).toBe('gap -1');
  expect(positions.at(-1)).toBeLessThanOrEqual(-200);
});

test('stops when it is told to', async () => {
  const show = vi.fn(async (): Promise<Shown[]> => ['shown']);
  const onPosition = vi.fn();
  const stepper = new Stepper({
    show,
    onPosition,
    onGap: () => undefined,
    onLatest: () => undefined,
    latestMs: () => Infinity,
  });
  stepper.start(0, -1);
  stepper.stop();
  await Promise.resolve();
  expect(stepper.isRunning).toBe(false);
  expect(show).toHaveBeenCalledTimes(1);
  expect(onPosition).not.toHaveBeenCalled();
});
