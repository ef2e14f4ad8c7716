import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectNode, run, say, top } from './packages.mjs';

const folder = path.join(top, 'node_modules/electron');
const failureMarker = path.join(folder, '.atalaya-download-failed');

/** Electron's binary is some 110 MB and comes from GitHub, not from the npm registry. */
const DOWNLOAD_LIMIT_MS = 300_000;
/** After a failure, the next starts do not wait again for a host that is out of reach. */
const RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * The path of Electron's binary, downloaded when it is not there yet.
 *
 * @param {{ retry: boolean }} options whether to try although it failed a short time ago
 * @returns {string | undefined} undefined when it cannot be had
 */
export function ensureElectron({ retry }) {
  const installed = electronBinary();
  if (installed !== undefined) return installed;
  if (!retry && failedLately()) return undefined;
  say('Downloading Electron (about 110 MB)');
  const status = run(projectNode, [path.join(folder, 'install.js')], {
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if (status === 0) rmSync(failureMarker, { force: true });
  else writeFileSync(failureMarker, '');
  return electronBinary();
}

/** The folder that holds the binary: what electron-builder calls electronDist. */
export const electronDist = path.join(folder, 'dist');

function electronBinary() {
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = path.join(electronDist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

function failedLately() {
  return existsSync(failureMarker) && Date.now() - statSync(failureMarker).mtimeMs < RETRY_AFTER_MS;
}
