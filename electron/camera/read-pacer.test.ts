import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ReadPacer, type PacedReading } from './read-pacer.ts';
import { StreamSession } from './stream-session.ts';
import type { WorkerContext } from './worker-context.ts';

const children: ReturnType<typeof startWriter>[] = [];
afterEach(() => children.splice(0).forEach(({ child }) => child.kill('SIGKILL')));

describe('ReadPacer', () => {
  it('loses nothing, in any order of resting and hurrying', async () => {
    const { reading, ended, numbers } = start(new ReadPacer({ turnMs: 20, unpacedMs: 40 }), { count: 300, everyMs: 2 });
    const toggle = setInterval(() => reading.setHurried(Math.random() < 0.5), 15);
    await ended;
    clearInterval(toggle);
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, at) => at));
  });

  it('rests between turns', async () => {
    const { ended, bursts } = start(new ReadPacer({ turnMs: 200, unpacedMs: 0 }), { count: 100, everyMs: 10 });
    await ended;
    // A hundred frames within a second come in a handful of turns: each brings several at once.
    expect(bursts()).toBeLessThan(40);
  });

  it('reads a new stream at once, however late its first frame comes', () => {
    vi.useFakeTimers();
    const stream = new PassThrough().on('data', () => {});
    new ReadPacer({ turnMs: 100, unpacedMs: 1_000 }).add(stream);
    vi.advanceTimersByTime(60_000);
    expect(stream.isPaused()).toBe(false);
    stream.destroy();
    vi.useRealTimers();
  });

  it.each([
    ['tcp', 2],
    ['udp', 0],
  ] as const)('paces what comes over %s: %i pipes', async (transport, pipes) => {
    const pacer = new ReadPacer();
    const add = vi.spyOn(pacer, 'add');
    const context = {
      ...{ ffmpegPath: process.execPath, env: {}, pacer },
      ...{ clock: { nowMs: () => 0, monotonicMs: () => 0 }, newId: () => 'run', random: () => 0 },
    } satisfies Partial<WorkerContext> as unknown as WorkerContext;
    const ended = Promise.withResolvers<void>();
    const listener = { onConfiguration: () => {}, onFragment: () => {}, onFailure: () => ended.resolve() };
    const session = new StreamSession(context, { url: 'rtsp://127.0.0.1/x', transport }, listener);
    session.start();
    await ended.promise;
    await session.close();
    expect(add).toHaveBeenCalledTimes(pipes);
  });

  it('reads at once what comes too fast for turns', async () => {
    const bytes = 64 * 1024;
    const { ended, numbers } = start(new ReadPacer({ turnMs: 100, unpacedMs: 0 }), { count: 400, everyMs: 0, bytes });
    await ended;
    expect(numbers).toHaveLength(400);
  });

  it('brings what waits as soon as somebody watches', async () => {
    const never = new ReadPacer({ turnMs: 3_600_000, unpacedMs: 0 });
    const { reading, stream, ended, numbers } = start(never, { count: 20, everyMs: 1 });
    stream.pause();
    reading.setHurried(true);
    await ended;
    expect(numbers).toHaveLength(20);
  });
});

function start(pacer: ReadPacer, frames: { count: number; everyMs: number; bytes?: number }) {
  const { child, bytes } = startWriter(frames);
  children.push({ child, bytes });
  const stream = child.stdout;
  /** How often the event loop came by with frames. */
  let burstCount = 0;
  let inBurst = false;
  const chunks: Buffer[] = [];
  const numbers: number[] = [];
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (inBurst) return;
    inBurst = true;
    burstCount += 1;
    setImmediate(() => (inBurst = false));
  });
  const reading: PacedReading = pacer.add(stream);
  const ended = once(stream, 'close').then(() => {
    const all = Buffer.concat(chunks);
    for (let at = 0; at < all.length; at += bytes) numbers.push(all.readUInt32BE(at));
  });
  return { reading, stream, ended, numbers, bursts: () => burstCount };
}

/** A process that writes numbered frames as FFmpeg does, and ends. */
function startWriter({ count, everyMs, bytes = 2000 }: { count: number; everyMs: number; bytes?: number }) {
  const script = `
    const { setTimeout: pause } = require('node:timers/promises');
    (async () => {
      for (let at = 0; at < ${count}; at += 1) {
        const frame = Buffer.alloc(${bytes});
        frame.writeUInt32BE(at);
        await new Promise((written) => process.stdout.write(frame, written));
        if (${everyMs} > 0) await pause(${everyMs});
      }
    })();`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, bytes };
}
