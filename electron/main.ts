import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as electron from 'electron';
import packageJson from '../package.json' with { type: 'json' };
import { DesktopShell } from './desktop/shell.ts';
import { systemClock } from './engine/clock.ts';
import { parseCommandLine, SECRET_VARIABLES, type CommandLine } from './engine/command-line.ts';
import { defaultDirs } from './engine/default-dirs.ts';
import { engineOptions, type Installation } from './engine/engine-setup.ts';
import { Engine } from './engine/engine.ts';
import { openLog } from './engine/log.ts';

const sibling = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function createShell(commandLine: CommandLine): Promise<DesktopShell> {
  const { env, platform, arch } = process;
  const dirs = defaultDirs({ dataDir: commandLine.dataDir, platform, homeDir: homedir(), env });
  const { log, close: closeLog } = await openLog({
    logDir: dirs.logDir,
    level: commandLine.logLevel,
    terminal: process.stderr,
  });
  const resourcesDir = electron.app.isPackaged ? process.resourcesPath : sibling('../resources');
  const installation: Installation = {
    workerEntry: sibling('./worker.js'),
    simulatorEntry: sibling('./simulator.js'),
    rendererDir: sibling('./renderer'),
    resourcesDir,
    version: packageJson.version,
  };
  const launchToken = randomBytes(32).toString('base64url');
  const shell = new DesktopShell({
    electron,
    platform,
    log,
    launchToken,
    preloadPath: sibling('./preload.cjs'),
    iconsDir: join(resourcesDir, 'icons'),
    createEngine: (desktop) =>
      new Engine({
        ...engineOptions(installation, commandLine, { platform, arch, pathEnv: env['PATH'] ?? '' }),
        ...dirs,
        ...desktop,
        launchToken,
        clock: systemClock,
        log,
      }),
    closeLog,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void shell.close());
  // Recording goes on when nobody reads what is printed any more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception: closing');
    void shell.close(1);
  });
  return shell;
}

const args = process.argv.slice(electron.app.isPackaged ? 1 : 2);
const commandLine = parseCommandLine(args, process.env, 'ignored');
for (const name of SECRET_VARIABLES) delete process.env[name];
switch (commandLine.kind) {
  case 'help':
    process.stdout.write(`${commandLine.text}\n`);
    electron.app.exit(0);
    break;
  case 'version':
    process.stdout.write(`${packageJson.version}\n`);
    electron.app.exit(0);
    break;
  case 'refused':
    process.stderr.write(`${commandLine.sentence}\n`);
    electron.app.exit(2);
    break;
  case 'run': {
    const shell = await createShell(commandLine);
    // Not awaited: Electron is ready only once this module has been evaluated.
    if (shell.prepare()) void shell.start();
  }
}
