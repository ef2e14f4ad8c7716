import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forkLauncher } from './fork-launcher.ts';
import type { ProcessExit, ProcessHandle } from './worker-launcher.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-fork-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a script to its end; `script` sees `process`. */
async function run(script: string, act: (handle: ProcessHandle, message: unknown) => void = () => {}) {
  const entry = join(folder, `${Math.random()}.mjs`);
  await writeFile(entry, script);
  const messages: unknown[] = [];
  const output: string[] = [];
  const exit = await new Promise<ProcessExit & { messagesBefore: number }>((resolve) => {
    const handle = forkLauncher.launch(entry, 'test', {
      onMessage: (message) => {
        messages.push(message);
        act(handle, message);
      },
      onOutput: (line) => output.push(line),
      onExit: (end) => resolve({ ...end, messagesBefore: messages.length }),
    });
  });
  return { exit, messages, output };
}

describe('forkLauncher', () => {
  it('carries bytes both ways', async () => {
    const { messages } = await run(
      `process.send('ready'); process.once('message', (m) => process.send({ back: m.bytes }, () => process.exit(0)));`,
      (handle, message) => {
        if (message === 'ready') handle.send({ bytes: Uint8Array.of(1, 2, 3) });
      },
    );
    expect(Buffer.from((messages[1] as { back: Uint8Array }).back)).toEqual(Buffer.of(1, 2, 3));
  });

  it('reports the exit after the last message', async () => {
    const script = `for (let i = 0; i < 2000; i++) process.send({ i, bytes: new Uint8Array(1000) });
      process.send('last', () => process.exit(3));`;
    const { exit } = await run(script);
    expect(exit).toEqual({ code: 3, signal: null, messagesBefore: 2001 });
  });

  it('kills what does not end by itself, and hands on what it wrote', async () => {
    const script = `process.on('SIGTERM', () => {}); console.error('one\\ntwo'); process.send('up'); setInterval(() => {}, 1000);`;
    const { exit, output } = await run(script, (handle) => {
      handle.kill();
      handle.send('nobody hears this');
    });
    expect(exit).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(output).toEqual(['one', 'two']);
  });

  it('reports a script that is not there', async () => {
    const exit = await new Promise<ProcessExit>((resolve) => {
      forkLauncher.launch(join(folder, 'missing.mjs'), 'test', {
        onMessage: () => {},
        onOutput: () => {},
        onExit: resolve,
      });
    });
    expect(exit.code).toBe(1);
  });
});
