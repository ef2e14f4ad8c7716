import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctionOf } from './sync.ts';

describe('correction of a follower', () => {
  it('leaves alone what is in step', () => {
    expect(correctionOf(1000, 1020, 1)).toEqual({ kind: 'rate', rate: 1 });
  });

  it('seeks ahead of the leader where it is far off', () => {
    expect(correctionOf(0, 60_000, 2)).toEqual({ kind: 'seek', toMs: 60_240 });
    expect(correctionOf(60_000, 0, 1).kind).toBe('seek');
  });

  it('brings every small difference nearer, without overshooting within a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: -790, max: 790 }), fc.constantFrom(0.5, 1, 2, 4, 8), (behindMs, rate) => {
        const correction = correctionOf(0, behindMs, rate);
        if (correction.kind !== 'rate') return;
        const leftMs = behindMs - (correction.rate - rate) * 1000;
        expect(Math.abs(leftMs)).toBeLessThanOrEqual(Math.abs(behindMs) + 0.001);
        expect(leftMs * behindMs).toBeGreaterThanOrEqual(-0.001);
      }),
    );
  });
});
