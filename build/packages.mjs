import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @import { SpawnSyncOptions } from 'node:child_process' */
/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lockfile */

// This file runs before anything is installed: on Node 20, without packages.

/** The top folder of the project. */
export const top = fileURLToPath(new URL('..', import.meta.url));

/** The Node that the project runs on, whichever Node `npm` runs on. */
export const projectNode = path.join(top, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Installs the npm packages that package-lock.json names, unless they are there. Throws a sentence when it cannot. */
export function ensurePackages() {
  if (Number.parseInt(process.versions.node) < 20) {
    throw new Error(`Node 20 or later is needed to start with; this is ${process.versions.node}.`);
  }
  if (!packagesAreInstalled()) {
    say('Installing npm packages (about half a minute)');
    // Only the install scripts that are needed are run, below: none of them may hang on a host that is out of reach.
    if (npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], top) !== 0) {
      throw new Error('npm could not install the packages. When its message above is solved, type: npm ci');
    }
  }
  if (!existsSync(projectNode)) fetchProjectNode();
}

/** npm notes what it has installed in node_modules/.package-lock.json, last of all; that must match the lockfile. */
function packagesAreInstalled() {
  const installedFile = path.join(top, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = readLockfile(path.join(top, 'package-lock.json'));
  const installed = readLockfile(installedFile);
  return Object.entries(wanted.packages).every(
    ([folder, { version, optional }]) =>
      folder === '' || optional === true || installed.packages[folder]?.version === version,
  );
}

/** @param {string} file */
function readLockfile(file) {
  return /** @type {Lockfile} */ (JSON.parse(readFileSync(file, 'utf8')));
}

/** The package `node` holds no binary: its script installs the one for this platform from the same registry. */
function fetchProjectNode() {
  say('Installing Node 24 beside the packages');
  const folder = path.join(top, 'node_modules/node');
  run(systemNode(), ['installArchSpecificPackage'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (run(projectNode, ['--version'], { stdio: 'ignore' }) !== 0) {
    throw new Error('Node 24 could not be installed. Type: npm rebuild node --foreground-scripts');
  }
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {number | null}
 */
function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && path.basename(cli).startsWith('npm-cli')) return run(systemNode(), [cli, ...args], { cwd });
  return run('npm', args, { cwd, shell: process.platform === 'win32' });
}

/** Under `npm start` this process may itself run on the Node in node_modules, which `npm ci` removes. */
function systemNode() {
  return process.env.npm_node_execpath ?? process.execPath;
}

/**
 * Runs a command to its end, its output shown. Answers with its exit code, null when it could not run.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {SpawnSyncOptions} [options]
 */
export function run(command, args, options) {
  return spawnSync(command, args, { stdio: 'inherit', ...options }).status;
}

/** @param {string} line */
export function say(line) {
  console.log(`· ${line}`);
}
