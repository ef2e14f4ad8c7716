import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const runApp = JSON.stringify(new URL('./run-app.mjs', import.meta.url).href);

/**
 * Starts a Node that runs a Node through runApp.
 *
 * @param {string} program what the inner one does
 */
function start(program) {
  const script = `
    const { runApp } = await import(${runApp});
    process.exitCode = await runApp(process.execPath, ['-e', ${JSON.stringify(program)}]);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('hands on the exit code', async () => {
  expect(await once(start('process.exit(7)'), 'exit')).toEqual([7, null]);
});

test('an end by a signal is 128 and its number', async () => {
  expect(await once(start('process.kill(process.pid, "SIGKILL")'), 'exit')).toEqual([137, null]);
});

test.each(/** @type {const} */ (['SIGTERM', 'SIGINT']))(
  '%s reaches the program, which ends in its own way',
  async (signal) => {
    const child = start(`
    process.once(${JSON.stringify(signal)}, () => setTimeout(() => process.exit(3), 50));
    setInterval(() => {}, 1000);
    console.log('up');`);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([3, null]);
  },
);
