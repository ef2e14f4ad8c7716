import { spawn } from 'node:child_process';
import os from 'node:os';

/**
 * Runs a program in the foreground: hands on the signals that this process gets, waits for its end and answers with
 * its exit code (128 + signal number when a signal ended it, as shells have it).
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runApp(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // Ctrl+C in a terminal reaches the whole process group, the program included.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward).on('SIGHUP', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal ?? 'SIGKILL']));
  });
}
