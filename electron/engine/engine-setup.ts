import { existsSync } from 'node:fs';
import { findFfmpeg } from '../../native/ffmpeg-path.ts';
import type { CommandLine } from './command-line.ts';
import type { EngineOptions } from './engine.ts';

/** Where the parts of this installation lie; entry points know it from their own address. */
export interface Installation {
  workerEntry: string;
  simulatorEntry: string;
  rendererDir: string;
  resourcesDir: string;
  version: string;
}

/** The options of an engine that both entry points give alike. */
export function engineOptions(
  installation: Installation,
  commandLine: CommandLine,
  host: { platform: string; arch: string; pathEnv: string },
): Pick<
  EngineOptions,
  'entries' | 'findFfmpeg' | 'host' | 'port' | 'rendererDir' | 'version' | 'secretKey' | 'demo' | 'adminPassword'
> {
  const { workerEntry, simulatorEntry, rendererDir, resourcesDir, version } = installation;
  return {
    entries: { worker: workerEntry, simulator: simulatorEntry },
    findFfmpeg: () =>
      findFfmpeg({
        ...host,
        explicitPath: commandLine.ffmpegPath,
        ...(existsSync(resourcesDir) && { resourcesDir }),
      }),
    // Loopback only: LAN access comes with TLS, and as a listener of its own.
    host: '127.0.0.1',
    port: commandLine.port,
    rendererDir,
    version,
    secretKey: commandLine.secretKey,
    demo: commandLine.demo,
    adminPassword: commandLine.adminPassword,
  };
}
