import { describe, expect, it } from 'vitest';
import { timeLeftMs } from './time-left.ts';

describe('time left', () => {
  it('goes by the rate since the first sample', () => {
    expect(timeLeftMs({ atMs: 1000, progress: 0.1 }, { atMs: 3000, progress: 0.5 })).toBe(2500);
    expect(timeLeftMs({ atMs: 1000, progress: 0 }, { atMs: 3000, progress: 1 })).toBe(0);
  });

  it('says nothing before there is a rate', () => {
    expect(timeLeftMs({ atMs: 1000, progress: 0.1 }, { atMs: 9000, progress: 0.11 })).toBeUndefined();
  });
});
