import { describe, expect, it } from 'vitest';
import { isContinuationDue, isDecided, windowAfter, windowAround } from './playback-window.ts';

const AT_MS = Date.UTC(2026, 10, 20, 10);
const MINUTE_MS = 60_000;

describe('playback window', () => {
  it('has footage on both sides of the moment', () => {
    const range = windowAround(AT_MS);
    expect(range.fromMs).toBeLessThan(AT_MS - 10 * MINUTE_MS);
    expect(range.toMs).toBeGreaterThan(AT_MS + 30 * MINUTE_MS);
    expect(Number.isInteger(windowAround(AT_MS + 0.4).fromMs)).toBe(true);
  });

  it('is continued from its last picture on', () => {
    expect(windowAfter(AT_MS).fromMs).toBeLessThan(AT_MS);
    expect(windowAfter(AT_MS).toMs).toBeGreaterThan(AT_MS + 30 * MINUTE_MS);
  });

  const past = { range: windowAround(AT_MS), endMs: AT_MS + 45 * MINUTE_MS, loadedMs: AT_MS + 1000 * MINUTE_MS };
  const growing = { range: windowAround(AT_MS), endMs: AT_MS + 8_000, loadedMs: AT_MS + 10_000 };

  it('decides what lies in it, but not what was not written yet when it was loaded', () => {
    expect(isDecided(past, AT_MS)).toBe(true);
    expect(isDecided(past, past.range.toMs)).toBe(false);
    expect(isDecided(past, past.range.fromMs - 1)).toBe(false);
    expect(isDecided(growing, AT_MS + 9_000)).toBe(true);
    expect(isDecided(growing, AT_MS + 11_000)).toBe(false);
  });

  it('gets the next one ready in time for the speed', () => {
    expect(isContinuationDue(past, past.endMs - 60_000, 1, past.endMs)).toBe(false);
    expect(isContinuationDue(past, past.endMs - 60_000, 16, past.endMs)).toBe(true);
    expect(isContinuationDue(past, past.endMs - 5_000, 1, past.endMs)).toBe(true);
  });

  it('waits at the growing end until something has come', () => {
    expect(isContinuationDue(growing, growing.endMs - 1_000, 1, growing.endMs + 500)).toBe(false);
    expect(isContinuationDue(growing, growing.endMs - 1_000, 1, growing.endMs + 2_000)).toBe(true);
  });
});
