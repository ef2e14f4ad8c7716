import { expect, it } from 'vitest';
import { choosePace, TargetDelay } from './pace.ts';

const targetS = 0.15;

it('plays at the normal rate near the target', () => {
  expect(choosePace({ behindS: 0.2, targetS, rate: 1 })).toEqual({ kind: 'play', rate: 1 });
});

it('plays faster when behind, and the faster the further', () => {
  expect(choosePace({ behindS: 0.6, targetS, rate: 1 })).toEqual({ kind: 'play', rate: 1.1 });
  expect(choosePace({ behindS: 2.5, targetS, rate: 1 })).toEqual({ kind: 'play', rate: 1.25 });
});

it('carries catching up through to the target', () => {
  expect(choosePace({ behindS: 0.25, targetS, rate: 1.1 })).toEqual({ kind: 'play', rate: 1.05 });
  expect(choosePace({ behindS: 0.17, targetS, rate: 1.05 })).toEqual({ kind: 'play', rate: 1 });
});

it('jumps when catching up would take too long', () => {
  expect(choosePace({ behindS: 3.5, targetS, rate: 1 })).toEqual({ kind: 'jump' });
});

it('plays slower before the buffer runs dry, until it has refilled', () => {
  expect(choosePace({ behindS: 0.02, targetS, rate: 1 })).toEqual({ kind: 'play', rate: 0.95 });
  expect(choosePace({ behindS: 0.08, targetS, rate: 0.95 })).toEqual({ kind: 'play', rate: 0.95 });
  expect(choosePace({ behindS: 0.14, targetS, rate: 0.95 })).toEqual({ kind: 'play', rate: 1 });
});

it('settles at the target from any distance, without swinging', () => {
  for (const startS of [0.01, 0.3, 0.9, 2.9]) {
    let behindS = startS;
    let rate = 1;
    const rates: number[] = [];
    for (let tick = 0; tick < 400; tick += 1) {
      const pace = choosePace({ behindS, targetS, rate });
      rate = pace.kind === 'play' ? pace.rate : 1;
      rates.push(rate);
      behindS -= (rate - 1) * 0.25;
    }
    expect(behindS).toBeLessThan(targetS + 0.16);
    expect(rates.slice(-50).every((value) => value === 1)).toBe(true);
  }
});

it('keeps more after the buffer ran dry, and less again after calm', () => {
  const target = new TargetDelay(0);
  expect(target.seconds(0)).toBeCloseTo(0.15);
  target.ranDry(1000);
  target.ranDry(2000);
  expect(target.seconds(3000)).toBeCloseTo(0.35);
  expect(target.seconds(40_000)).toBeCloseTo(0.25);
  for (let i = 0; i < 50; i += 1) target.ranDry(50_000);
  expect(target.seconds(50_000)).toBe(1);
});
