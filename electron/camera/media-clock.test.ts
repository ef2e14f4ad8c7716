import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MediaClock, type ClockVerdict } from './media-clock.ts';

const START_MS = 1_700_000_000_000;

interface Camera {
  frameMs: number;
  /** How much faster the camera's clock runs than ours. */
  driftPpm: number;
  /** Delay of each frame beyond the two frames that FFmpeg holds. */
  delayMs: (index: number) => number;
}

/** Frame by frame as it would arrive, in order, none before it was taken. */
function* framesOf({ frameMs, driftPpm, delayMs }: Camera, count: number) {
  let arrivalMs = START_MS;
  for (let index = 0; index < count; index += 1) {
    const takenMs = START_MS + (index * frameMs) / (1 + driftPpm * 1e-6);
    arrivalMs = Math.max(arrivalMs, takenMs + 2 * frameMs + delayMs(index));
    yield { arrivalMs, monotonicMs: arrivalMs - START_MS, decodeMs: index * frameMs, durationMs: frameMs, takenMs };
  }
}

const jitter = fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(800)), { minLength: 50, maxLength: 50 });

describe('MediaClock', () => {
  it('anchors at the earliest arrival, less the frames that FFmpeg holds', () => {
    const clock = new MediaClock(0);
    // A burst, as after probing: the first frame is 900 ms late, those after it less and less.
    const camera = { frameMs: 40, driftPpm: 0, delayMs: (index: number) => Math.max(0, 900 - 40 * index) };
    for (const frame of framesOf(camera, 60)) expect(clock.observe(frame)).toBe('ok');
    expect(clock.anchored).toBe(true);
    expect(Math.abs(clock.timeOf(0) - START_MS)).toBeLessThan(520);
    const late = new MediaClock(0);
    for (const frame of framesOf({ ...camera, delayMs: () => 0 }, 60)) late.observe(frame);
    expect(late.timeOf(0)).toBe(START_MS);
  });

  it('waits with the anchor until a backlog is caught up', () => {
    const clock = new MediaClock(0);
    // A busy machine, or a camera that sends its last four seconds first: they come at twice the speed.
    const camera = { frameMs: 40, driftPpm: 0, delayMs: (index: number) => Math.max(0, 4_000 - 20 * index) };
    for (const frame of framesOf(camera, 500)) expect(clock.observe(frame)).toBe('ok');
    expect(Math.abs(clock.timeOf(0) - START_MS)).toBeLessThan(50);
  });

  it('waits with the anchor also when the backlog comes in two parts', () => {
    const clock = new MediaClock(0);
    // Three seconds were kept back. A fifth of a second of it comes, then nothing for half a second, then the rest.
    const camera = { frameMs: 40, driftPpm: 0, delayMs: (index: number) => heldBack(index, index < 5 ? 3_000 : 3_500) };
    for (const frame of framesOf(camera, 300)) expect(clock.observe(frame)).toBe('ok');
    expect(Math.abs(clock.timeOf(0) - START_MS)).toBeLessThan(50);
  });

  it('never runs backwards, slews at most 500 ppm and takes no network for a jump', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), fc.integer({ min: -100, max: 100 }), jitter, (fps, ppm, delays) => {
        const clock = new MediaClock(0);
        const frameMs = 1000 / fps;
        const camera = { frameMs, driftPpm: ppm, delayMs: (index: number) => delays[index % delays.length] ?? 0 };
        let lastMs: number | undefined;
        for (const frame of framesOf(camera, fps * 60)) {
          expect(clock.observe(frame)).toBe('ok');
          if (!clock.anchored) continue;
          const timeMs = clock.timeOf(frame.decodeMs);
          // One millisecond for rounding.
          if (lastMs !== undefined) expect(Math.abs(timeMs - lastMs - frameMs)).toBeLessThan(1 + frameMs * 600e-6);
          lastMs = timeMs;
        }
      }),
      { numRuns: 30 },
    );
  });

  it('follows a camera whose clock drifts', () => {
    const clock = new MediaClock(0);
    let errorMs = 0;
    for (const frame of framesOf({ frameMs: 40, driftPpm: 80, delayMs: (index) => (index % 7) * 3 }, 25 * 3600)) {
      clock.observe(frame);
      if (clock.anchored) errorMs = clock.timeOf(frame.decodeMs) - frame.takenMs;
    }
    // 80 ppm are 288 ms an hour; the window of half a minute allows for some lag.
    expect(Math.abs(errorMs)).toBeLessThan(10);
  });

  it('waits out a network that hangs for three seconds and then delivers all', () => {
    const clock = new MediaClock(0);
    const camera = { frameMs: 40, driftPpm: 0, delayMs: (index: number) => (index === 500 ? 3_000 : 0) };
    for (const frame of framesOf(camera, 1_000)) expect(clock.observe(frame)).toBe('ok');
    expect(clock.timeOf(40_000)).toBe(START_MS + 40_000);
  });

  it('takes a camera at one frame per second, of which the first frames come at once', () => {
    const clock = new MediaClock(0);
    const camera = { frameMs: 1_000, driftPpm: 0, delayMs: (index: number) => Math.max(0, 5_000 - 1_000 * index) };
    for (const frame of framesOf(camera, 60)) expect(clock.observe(frame)).toBe('ok');
    // Of a slow camera only half a second is known to be FFmpeg's.
    expect(clock.timeOf(0) - START_MS).toBeLessThanOrEqual(1_500);
  });

  it('expects frames that come at once to have no duration where times are those of arrival', () => {
    // Thirty frames every second; FFmpeg lets each one go when the next one is there.
    const judge = (clock: MediaClock) =>
      Array.from({ length: 90 }, (_, index) => {
        const decodeMs = 1_000 * Math.floor(index / 30) + (index % 30) / 90;
        const durationMs = index % 30 === 29 ? 1_000 - 29 / 90 : 1 / 90;
        const arrivalMs = START_MS + 1_000 * Math.floor((index + 1) / 30);
        return clock.observe({ arrivalMs, monotonicMs: arrivalMs - START_MS, decodeMs, durationMs });
      });
    expect(judge(new MediaClock(0, 'arrival'))).not.toContain('jump');
    expect(judge(new MediaClock(0, 'camera'))).toContain('jump');
  });

  it.each([2_500, 60_000, 3_600_000])('calls it a jump when media time leaps ahead by %i ms', (leapMs) => {
    expect(
      verdicts((frame, index) => (index < 200 ? frame : { ...frame, decodeMs: frame.decodeMs + leapMs })),
    ).toContain('jump');
  });

  it('calls it a jump when a frame claims to last an hour and the next one is there at once', () => {
    const result = verdicts((frame, index) => (index === 200 ? { ...frame, durationMs: 3_600_000 } : frame));
    expect(result.indexOf('jump')).toBe(200);
  });

  it('calls it a jump when media time stands still', () => {
    const result = verdicts((frame, index) =>
      index < 200 ? frame : { ...frame, decodeMs: 8_000 + index / 90, durationMs: 1 / 90 },
    );
    expect(result.indexOf('jump')).toBe(204);
  });

  it.each([-3_600_000, -3_000, 3_000, 3_600_000])('calls it a jump when the system clock steps by %i ms', (stepMs) => {
    const result = verdicts((frame, index) =>
      index < 200 ? frame : { ...frame, arrivalMs: frame.arrivalMs + stepMs },
    );
    expect(result.indexOf('jump')).toBe(200);
  });

  it('calls it a jump when everything stays three seconds late', () => {
    const late = { frameMs: 40, driftPpm: 0, delayMs: (index: number) => (index < 200 ? 0 : 3_000) };
    const clock = new MediaClock(0);
    const result = [...framesOf(late, 600)].map((frame) => clock.observe(frame));
    expect(result).toContain('jump');
  });

  it('calls it lost when frames are missing and both clocks agree for how long', () => {
    const clock = new MediaClock(0);
    const frames = [...framesOf({ frameMs: 40, driftPpm: 0, delayMs: () => 0 }, 500)];
    const before = frames.slice(0, 200);
    const after = frames.slice(300);
    const [last] = before.slice(-1);
    const [next] = after;
    // The frame before the hole is let go when the one after it comes.
    const held = { ...last!, arrivalMs: next!.arrivalMs, monotonicMs: next!.monotonicMs, durationMs: 101 * 40 };
    const result = [...before.slice(0, -1), held, ...after].map((frame) => clock.observe(frame));
    expect(result.indexOf('lost')).toBe(199);
    expect(result.filter((verdict) => verdict !== 'ok')).toEqual(['lost']);
    expect(clock.timeOf(next!.decodeMs)).toBe(next!.takenMs);
  });

  it('never begins before its floor, and gives the lead back slowly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7_200_000 }), (aheadMs) => {
        const clock = new MediaClock(START_MS + aheadMs);
        let lastMs = -Infinity;
        for (const frame of framesOf({ frameMs: 100, driftPpm: 0, delayMs: () => 0 }, 3_000)) {
          expect(clock.observe(frame)).toBe('ok');
          if (!clock.anchored) continue;
          const timeMs = clock.timeOf(frame.decodeMs);
          expect(timeMs).toBeGreaterThan(lastMs);
          lastMs = timeMs;
        }
        const leadMs = lastMs - (START_MS + 2_999 * 100);
        expect(Math.abs(leadMs - Math.max(0, aheadMs - 299_900 * 500e-6))).toBeLessThan(3);
      }),
      { numRuns: 20 },
    );
  });
});

/** Delay of a frame that is let go so many milliseconds after the first was taken, unless it was taken later. */
function heldBack(index: number, untilMs: number): number {
  return Math.max(0, untilMs - 40 * index);
}

type Frame = Parameters<MediaClock['observe']>[0];

function verdicts(change: (frame: Frame, index: number) => Frame): ClockVerdict[] {
  const clock = new MediaClock(0);
  const frames = [...framesOf({ frameMs: 40, driftPpm: 0, delayMs: () => 0 }, 600)];
  return frames.map((frame, index) => clock.observe(change(frame, index)));
}
