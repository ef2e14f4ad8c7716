import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';

const startScript = path.join(import.meta.dirname, 'start.mjs');
/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'atalaya-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('without a display npm start says so, serves the user interface, and SIGTERM ends it cleanly', async () => {
  const { DISPLAY, WAYLAND_DISPLAY, ...env } = process.env;
  const dataDir = path.join(folder, 'data');
  const child = spawn(process.execPath, [startScript, '--port', '0', '--data-dir', dataDir], {
    env: { ...env, XDG_STATE_HOME: path.join(folder, 'state'), XDG_CACHE_HOME: path.join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const { lines, url } = await readyLine(child.stdout);
    expect(lines.join('\n')).toContain('No window: there is no display');
    expect((await fetch(new URL('/api/v1/health', url))).status).toBe(200);
    expect(await (await fetch(url)).text()).toContain('<div id="root">');
    expect(await readdir(dataDir)).toContain('atalaya.db');
  } finally {
    child.kill('SIGTERM');
  }
  expect(await exited).toEqual([0, null]);
});

test('a mistake in the options is said in a sentence', async () => {
  const child = spawn(process.execPath, [startScript, '--headless', '--port', 'eighty'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const lines = [];
  for await (const line of createInterface({ input: child.stderr })) lines.push(line);
  expect(lines).toEqual(['The port must be a number from 0 to 65535.']);
  expect(await exited).toEqual([2, null]);
});

/**
 * @param {import('node:stream').Readable} stdout
 * @returns {Promise<{ lines: string[], url: string }>}
 */
async function readyLine(stdout) {
  const lines = [];
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    const url = /^Atalaya is ready at (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { lines, url };
  }
  throw new Error(`npm start ended: ${lines.join('\n')}`);
}
