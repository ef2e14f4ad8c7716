import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameMemory } from './frame-memory.ts';

const MB = 1024 * 1024;

describe('FrameMemory', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('collects when there is more garbage than frames in use', () => {
    let bytes = 10 * MB;
    let collections = 0;
    const collectGarbage = (): void => {
      collections += 1;
      bytes = 8 * MB;
    };
    const memory = new FrameMemory({ arrayBufferBytes: () => bytes, collectGarbage });
    memory.start();
    vi.advanceTimersByTime(10_000);
    expect(collections).toBe(0);
    bytes = 40 * MB;
    vi.advanceTimersByTime(2_000);
    expect(collections).toBe(1);
    // Now it is known that 8 MB are in use.
    bytes = 25 * MB;
    vi.advanceTimersByTime(10_000);
    expect(collections).toBe(1);
    memory.close();
  });
});
