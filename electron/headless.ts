import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { systemClock } from './engine/clock.ts';
import { parseCommandLine, SECRET_VARIABLES, type CommandLine } from './engine/command-line.ts';
import { defaultDirs } from './engine/default-dirs.ts';
import { engineOptions, type Installation } from './engine/engine-setup.ts';
import { Engine } from './engine/engine.ts';
import { forkLauncher } from './engine/fork-launcher.ts';
import { openLog } from './engine/log.ts';
import { StartError } from './engine/start-error.ts';

/** The exit must come within 5 s of the signal, whatever hangs: process managers kill after little more. */
const CLOSE_LIMIT_MS = 4_800;

const sourceRun = import.meta.url.endsWith('.ts');
const sibling = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function run(commandLine: CommandLine): Promise<void> {
  const { env, platform, arch } = process;
  const dirs = defaultDirs({ dataDir: commandLine.dataDir, platform, homeDir: homedir(), env });
  const { log, close: closeLog } = await openLog({
    logDir: dirs.logDir,
    level: commandLine.logLevel,
    terminal: process.stderr,
  });
  const installation: Installation = {
    workerEntry: sibling(sourceRun ? './worker.ts' : './worker.js'),
    simulatorEntry: sibling(sourceRun ? './simulator.ts' : './simulator.js'),
    rendererDir: sibling(sourceRun ? '../dist/renderer' : './renderer'),
    resourcesDir: sibling('../resources'),
    version: packageJson.version,
  };
  const engine = new Engine({
    ...engineOptions(installation, commandLine, { platform, arch, pathEnv: env['PATH'] ?? '' }),
    ...dirs,
    launcher: forkLauncher,
    clock: systemClock,
    log,
  });

  let stopping = false;
  const stop = (exitCode: number): void => {
    // One signal may come twice: a terminal and a process manager send it to the whole group, npm hands it on, too.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), CLOSE_LIMIT_MS);
    void engine
      .close()
      .then(closeLog)
      .then(
        () => process.exit(exitCode),
        () => process.exit(1),
      );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0));
  // The terminal was closed. Under nohup there is none, and a handler would undo what nohup is for.
  if (process.stdin.isTTY) process.on('SIGHUP', () => stop(0));
  // Recording goes on when nobody reads what is printed any more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception: closing');
    stop(1);
  });

  try {
    const { url } = await engine.start();
    if (!stopping) process.stdout.write(`Atalaya is ready at ${url}\n`);
  } catch (error) {
    // A signal that came during the start closed the engine under it; `stop` does the rest.
    if (stopping) return;
    // A surprise is logged, which shows it on the terminal, too.
    if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'Atalaya cannot start');
    await closeLog();
    process.exit(1);
  }
}

const commandLine = parseCommandLine(process.argv.slice(2), process.env);
for (const name of SECRET_VARIABLES) delete process.env[name];
switch (commandLine.kind) {
  case 'help':
    process.stdout.write(`${commandLine.text}\n`);
    break;
  case 'version':
    process.stdout.write(`${packageJson.version}\n`);
    break;
  case 'refused':
    process.stderr.write(`${commandLine.sentence}\n`);
    process.exitCode = 2;
    break;
  case 'run':
    await run(commandLine);
}
