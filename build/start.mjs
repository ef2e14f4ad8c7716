// npm start: installs what is missing, builds what has changed, runs Atalaya. Runs on Node 20 without packages.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureDist } from './dist.mjs';
import { electronDist, ensureElectron } from './electron-binary.mjs';
import { ensureFfmpeg } from './ffmpeg.mjs';
import { ensurePackages, projectNode, say, top } from './packages.mjs';
import { runApp } from './run-app.mjs';

/** Libraries missing (127), or ended by SIGTRAP, SIGABRT, SIGSEGV: how Chromium ends when its sandbox cannot start. */
const CRASHES = new Set([127, 133, 134, 139]);
const CRASH_AT_START_MS = 10_000;

const headlessIsAsked = process.argv.includes('--headless');
const appArgs = process.argv.slice(2).filter((arg) => arg !== '--headless');

try {
  ensurePackages();
  ensureFfmpeg();
  ensureDist();
  process.exitCode = headlessIsAsked ? await runHeadless() : await runWindow();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function runWindow() {
  const obstacle = windowObstacle();
  if (obstacle !== undefined) {
    say(`No window: ${obstacle} Open the address below in a browser instead.`);
    return runHeadless();
  }
  const electron = ensureElectron({ retry: false });
  if (electron === undefined) {
    say('No window: Electron could not be downloaded. Open the address below in a browser instead.');
    return runHeadless();
  }
  const startedMs = performance.now();
  const exitCode = await runApp(electron, [top, ...appArgs]);
  if (!CRASHES.has(exitCode) || performance.now() - startedMs > CRASH_AT_START_MS) return exitCode;
  say('No window: Electron does not run here, its message is above. Open the address below in a browser instead.');
  const sandbox = path.join(electronDist, 'chrome-sandbox');
  if (process.platform === 'linux') {
    say(`If the message names the sandbox, type: sudo chown root '${sandbox}' && sudo chmod 4755 '${sandbox}'`);
  }
  return runHeadless();
}

function runHeadless() {
  return runApp(projectNode, [path.join(top, 'dist/headless.js'), ...appArgs]);
}

/** @returns {string | undefined} why there can be no window, a sentence */
function windowObstacle() {
  if (!existsSync(path.join(top, 'dist/main.js'))) return 'this version has none.';
  if (process.platform !== 'linux') return undefined;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (!DISPLAY && !WAYLAND_DISPLAY) return 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set).';
  if (process.getuid?.() === 0) return 'Electron keeps its sandbox, which does not work for root.';
  return undefined;
}
