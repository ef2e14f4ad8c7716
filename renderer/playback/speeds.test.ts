import { describe, expect, it } from 'vitest';
import { nextSpeed, shuttle } from './speeds.ts';

describe('speeds', () => {
  it('step through the list and stay at its ends', () => {
    expect(nextSpeed(1, 1)).toBe(2);
    expect(nextSpeed(16, 1)).toBe(16);
    expect(nextSpeed(0.5, -1)).toBe(0.5);
  });

  it('J and L begin at normal speed in their direction and then go faster', () => {
    expect(shuttle(4, false, 1)).toBe(1);
    expect(shuttle(1, true, 1)).toBe(2);
    expect(shuttle(2, true, -1)).toBe(-1);
    expect(shuttle(-1, true, -1)).toBe(-2);
    expect(shuttle(-16, true, -1)).toBe(-16);
    expect(shuttle(-4, true, 1)).toBe(1);
  });
});
