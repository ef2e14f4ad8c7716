import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { downloadBinary } from './download.mjs';
import { top } from './packages.mjs';

const packageFolder = path.join(top, 'node_modules/electron');

/** The folder that holds the binary: what electron-builder calls electronDist. */
export const electronDist = path.join(packageFolder, 'dist');

const DOWNLOAD_LIMIT_MS = 300_000;

/**
 * The path of Electron's binary, downloaded when it is not there yet.
 *
 * @param {{ retry: boolean }} options whether to try although it failed a short time ago
 * @returns {string | undefined} undefined when it cannot be had
 */
export function ensureElectron({ retry }) {
  const installed = electronBinary();
  if (installed !== undefined) return installed;
  downloadBinary({ what: 'Electron (about 110 MB)', packageFolder, limitMs: DOWNLOAD_LIMIT_MS, retry });
  return electronBinary();
}

function electronBinary() {
  const pathFile = path.join(packageFolder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = path.join(electronDist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}
