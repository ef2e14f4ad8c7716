import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectNode, run, say } from './packages.mjs';

/** After a failure, the next starts do not wait again for a host that is out of reach. */
const RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * Runs the install.js of a package whose binary is not in the npm registry. The host may be out of reach, and then
 * must not hold up the start: there is a time limit, and a failure is remembered for a day.
 *
 * @param {{ what: string, packageFolder: string, limitMs: number, retry: boolean }} options `retry`: try although it
 *   failed a short time ago
 * @returns {boolean} whether it was downloaded
 */
export function downloadBinary({ what, packageFolder, limitMs, retry }) {
  const script = path.join(packageFolder, 'install.js');
  const failure = path.join(packageFolder, '.atalaya-download-failed');
  if (!existsSync(script) || (!retry && isRecent(failure))) return false;
  say(`Downloading ${what}`);
  const options = {
    stdio: /** @type {const} */ ('ignore'),
    timeout: limitMs,
    killSignal: /** @type {const} */ ('SIGKILL'),
  };
  if (run(projectNode, [script], options) === 0) {
    rmSync(failure, { force: true });
    return true;
  }
  writeFileSync(failure, '');
  return false;
}

/** @param {string} file */
function isRecent(file) {
  return existsSync(file) && Date.now() - statSync(file).mtimeMs < RETRY_AFTER_MS;
}
