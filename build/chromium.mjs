import { existsSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackage } from './debian.mjs';
import { projectNode, run, say, top } from './packages.mjs';

/**
 * The path of a Chromium for the end-to-end tests: CHROMIUM_PATH, else one that is installed, else Debian's, else
 * the download of Playwright. Says what to type when there is none.
 *
 * @returns {Promise<string | undefined>}
 */
export async function ensureChromium() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined) {
    if (existsSync(asked)) return asked;
    say(`CHROMIUM_PATH names no file: ${asked}`);
    return undefined;
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  if (installDebianPackage('chromium')) {
    const debians = findChromium();
    if (debians !== undefined) return debians;
  }
  const downloaded = await downloadChromium();
  if (downloaded !== undefined) return downloaded;
  say(`Chromium is missing. Type: ${installCommand()}`);
  return undefined;
}

function findChromium() {
  const folders = process.platform === 'win32' ? [] : (process.env.PATH ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return candidates.find((file) => path.isAbsolute(file) && existsSync(file));
}

/** From Playwright's own host: it may be out of reach, and then must not hold up the other tests. */
const DOWNLOAD_LIMIT_MS = 180_000;

async function downloadChromium() {
  say('Downloading Chromium for the end-to-end tests');
  run(projectNode, [path.join(top, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const { chromium } = await import('playwright-core');
  const file = chromium.executablePath();
  return existsSync(file) ? file : undefined;
}

function installCommand() {
  if (process.platform === 'linux') return 'sudo apt-get install chromium';
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  return 'winget install --exact --id Google.Chrome';
}
