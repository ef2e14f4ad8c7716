import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FfmpegWatch, type FfmpegLookup } from './ffmpeg-watch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const found: FfmpegLookup = { kind: 'found', path: '/ffmpeg', version: '7', source: 'path' };
const missing: FfmpegLookup = { kind: 'missing', tried: [], installHint: 'x' };

describe('FfmpegWatch', () => {
  it('looks again until FFmpeg is there, then no more', async () => {
    const answers = [missing, missing, found];
    const look = vi.fn(() => Promise.resolve(answers.shift() ?? found));
    const onFound = vi.fn();
    const watch = new FfmpegWatch(look, onFound);
    expect(() => watch.current).toThrow();
    expect(await watch.start()).toBe(missing);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(onFound).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(onFound).toHaveBeenCalledExactlyOnceWith(found);
    expect(look).toHaveBeenCalledTimes(3);
    expect(watch.current).toBe(found);
  });

  it('is told of nothing after it was closed', async () => {
    const onFound = vi.fn();
    let answer = (_: FfmpegLookup): void => {};
    const looks = [Promise.resolve(missing), new Promise<FfmpegLookup>((resolve) => (answer = resolve))];
    const watch = new FfmpegWatch(() => looks.shift() ?? Promise.resolve(found), onFound);
    await watch.start();
    await vi.advanceTimersByTimeAsync(30_000);
    watch.close();
    answer(found);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(onFound).not.toHaveBeenCalled();
  });
});
