import { describe, expect, it } from 'vitest';
import { choosePace, TargetDelay } from './pace.ts';

const targetS = 0.15;

it('plays at the normal rate near the target', () => {
  expect(choosePace({ behindS: 0.2, targetS, rate: 1, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 1 });
});

it('plays faster when behind, and the faster the further', () => {
  expect(choosePace({ behindS: 0.6, targetS, rate: 1, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 1.1 });
  expect(choosePace({ behindS: 2.5, targetS, rate: 1, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 1.25 });
});

it('carries catching up through to the target', () => {
  expect(choosePace({ behindS: 0.25, targetS, rate: 1.1, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 1.05 });
  expect(choosePace({ behindS: 0.17, targetS, rate: 1.05, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 1 });
});

it('jumps when catching up would take too long', () => {
  expect(choosePace({ behindS: 3.5, targetS, rate: 1, catchingUpMs: 0 })).toEqual({ kind: 'jump' });
});

it('jumps when playing faster has not helped for long', () => {
  const slow = { targetS, rate: 1.25, catchingUpMs: 16_000 };
  expect(choosePace({ ...slow, behindS: 1 })).toEqual({ kind: 'jump' });
  expect(choosePace({ ...slow, behindS: 0.4 }).kind).toBe('play');
});

it('plays slower before the buffer runs dry, until it has refilled', () => {
  expect(choosePace({ behindS: 0.02, targetS, rate: 1, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 0.95 });
  expect(choosePace({ behindS: 0.08, targetS, rate: 0.95, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 0.95 });
  expect(choosePace({ behindS: 0.14, targetS, rate: 0.95, catchingUpMs: 0 })).toEqual({ kind: 'play', rate: 1 });
});

it('settles at the target from any distance, without swinging', () => {
  for (const startS of [0.01, 0.3, 0.9, 2.9]) {
    let behindS = startS;
    let rate = 1;
    const rates: number[] = [];
    for (let tick = 0; tick < 400; tick += 1) {
      const pace = choosePace({ behindS, targetS, rate, catchingUpMs: 0 });
      rate = pace.kind === 'play' ? pace.rate : 1;
      rates.push(rate);
      behindS -= (rate - 1) * 0.25;
    }
    expect(behindS).toBeLessThan(targetS + 0.16);
    expect(rates.slice(-50).every((value) => value === 1)).toBe(true);
  }
});

describe('TargetDelay', () => {
  /** Four seconds of arrivals 40 ms apart, each late by what `latenessS` says. */
  const watch = (target: TargetDelay, fromMs: number, latenessS: (index: number) => number): void => {
    for (let index = 0; index <= 101; index += 1) target.observe(0.5 - latenessS(index), fromMs + index * 40, 1);
  };

  it('comes down in steps on a steady network', () => {
    const target = new TargetDelay(0);
    watch(target, 0, () => 0);
    expect(target.seconds).toBeCloseTo(0.1);
    watch(target, 5000, () => 0);
    expect(target.seconds).toBeCloseTo(0.08);
  });

  it('covers the worst lateness at once', () => {
    const target = new TargetDelay(0);
    watch(target, 0, (index) => (index === 50 ? 0.4 : 0));
    expect(target.seconds).toBeGreaterThan(0.44);
  });

  it('takes what is caught up on purpose for no jitter', () => {
    const target = new TargetDelay(0);
    for (let index = 0; index <= 101; index += 1) target.observe(1.6 - 0.25 * 0.04 * index, index * 40, 1.25);
    expect(target.seconds).toBeCloseTo(0.1);
  });

  it('grows each time that playback runs dry, to a limit', () => {
    const target = new TargetDelay(0);
    target.ranDry(1000);
    expect(target.seconds).toBeCloseTo(0.25);
    for (let count = 0; count < 50; count += 1) target.ranDry(2000);
    expect(target.seconds).toBe(1);
  });
});
