import { spawnSync } from 'node:child_process';
import { run, say } from './packages.mjs';

/** Refreshing the lists takes a while: once per run is enough. */
let listsAreFresh = false;

/**
 * Installs a Debian package where that needs no password: as root, or with `sudo` that asks nothing.
 *
 * @param {string} name
 * @returns {boolean} whether apt-get says that it is installed now
 */
export function installDebianPackage(name) {
  const prefix = administratorPrefix();
  if (prefix === undefined) return false;
  say(`Installing Debian's package ${name}`);
  if (!listsAreFresh) {
    aptGet(prefix, ['update']);
    listsAreFresh = true;
  }
  return aptGet(prefix, ['install', '--yes', '--no-install-recommends', name]) === 0;
}

/** @returns {string[] | undefined} what to put before apt-get; undefined when it may not be used */
function administratorPrefix() {
  if (process.platform !== 'linux' || !answers('apt-get', ['--version'])) return undefined;
  if (process.getuid?.() === 0) return [];
  return answers('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function answers(command, args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/**
 * @param {string[]} prefix
 * @param {string[]} args
 */
function aptGet(prefix, args) {
  const [command = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
  // Its progress is long; what went wrong is on standard error.
  return run(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
}
