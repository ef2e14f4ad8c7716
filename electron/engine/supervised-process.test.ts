import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from './log.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { FakeLauncher } from './testing/fake-launcher.ts';

let launcher: FakeLauncher;
let lost: number;
let process: SupervisedProcess<unknown>;

beforeEach(() => {
  vi.useFakeTimers();
  launcher = new FakeLauncher();
  lost = 0;
  process = new SupervisedProcess({
    name: 'p',
    entry: '/entry.js',
    launcher,
    clock: { nowMs: () => Date.now() },
    log: createLog('silent', () => {}),
    greeting: () => ['hello'],
    onMessage: () => {},
    onLost: () => lost++,
    heartbeat: true,
  });
  process.start();
});
afterEach(() => vi.useRealTimers());

const crash = (): void => launcher.last.listener.onExit({ code: 1, signal: null });

describe('SupervisedProcess', () => {
  it('greets every process it starts', () => {
    crash();
    vi.advanceTimersByTime(1_000);
    expect(launcher.processes.map(({ sent }) => sent[0])).toEqual(['hello', 'hello']);
    expect(lost).toBe(1);
  });

  it('waits 1 s, then twice as long each time, 30 s at the most, and never gives up', () => {
    const waits = [1, 2, 4, 8, 16, 30, 30, 30];
    for (const [index, seconds] of waits.entries()) {
      crash();
      vi.advanceTimersByTime(seconds * 1000 - 1);
      expect(launcher.processes).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(launcher.processes).toHaveLength(index + 2);
    }
  });

  it('forgets old failures after a healthy minute', () => {
    for (const seconds of [1, 2, 4]) {
      crash();
      vi.advanceTimersByTime(seconds * 1000);
    }
    for (let second = 0; second < 60; second++) {
      vi.advanceTimersByTime(1000);
      launcher.last.listener.onMessage({ type: 'pong' });
    }
    crash();
    vi.advanceTimersByTime(1000);
    expect(launcher.processes).toHaveLength(5);
  });

  it('kills a process that has gone silent, not one that answers', () => {
    for (let second = 0; second < 60; second += 2) {
      vi.advanceTimersByTime(2000);
      launcher.last.listener.onMessage({ type: 'pong' });
    }
    expect(launcher.last.killed).toBe(false);
    const [silent] = launcher.processes;
    vi.advanceTimersByTime(14_000);
    expect(silent?.killed).toBe(false);
    vi.advanceTimersByTime(4_000);
    expect(silent?.killed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(launcher.processes).toHaveLength(2);
  });

  it('closes without starting again', async () => {
    const { listener, sent } = launcher.last;
    const closed = process.close(3_000);
    expect(sent).toContainEqual({ type: 'close' });
    listener.onExit({ code: 0, signal: null });
    await closed;
    vi.advanceTimersByTime(60_000);
    expect(launcher.processes).toHaveLength(1);
    expect(lost).toBe(0);
    await process.close(3_000);
  });

  it('kills a process that does not close', async () => {
    const closed = process.close(3_000);
    vi.advanceTimersByTime(3_000);
    await closed;
    expect(launcher.last.killed).toBe(true);
  });

  it('does not start a process while it waits to be closed', async () => {
    crash();
    await process.close(3_000);
    vi.advanceTimersByTime(60_000);
    expect(launcher.processes).toHaveLength(1);
  });
});
