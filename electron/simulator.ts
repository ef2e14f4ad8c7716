import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CameraSimulator } from './simulator/camera-simulator.ts';
import { USAGE, parseFlags } from './simulator/command-line.ts';
import type { SimulatorReply } from './simulator/process-messages.ts';
import { serveParent, type ParentPort } from './simulator/simulator-process.ts';

/*
 * The camera simulator as a process: a child of the app or of a test, which talks to it in messages, or a command for
 * developers.
 */

/** Electron's utility process has this instead of `process.send`. */
interface UtilityPort {
  postMessage(message: SimulatorReply): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

const parent = parentPort();
if (parent === null) {
  runCommand().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
} else {
  serveParent(parent, (code) => process.exit(code));
}

function parentPort(): ParentPort | null {
  const utilityPort = (process as { parentPort?: UtilityPort }).parentPort;
  if (utilityPort !== undefined) {
    return {
      send: (reply) => utilityPort.postMessage(reply),
      onMessage: (listener) => utilityPort.on('message', ({ data }) => listener(data)),
      // Electron ends its utility processes itself.
      onGone: () => undefined,
    };
  }
  if (process.send === undefined) return null;
  return {
    send: (reply) => process.send?.(reply),
    onMessage: (listener) => process.on('message', listener),
    onGone: (listener) => process.on('disconnect', listener),
  };
}

async function runCommand(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) {
    console.log(USAGE);
    return;
  }
  const simulator = new CameraSimulator({
    port: flags.port,
    host: flags.host,
    ffmpegPath: flags.ffmpegPath ?? process.env['ATALAYA_FFMPEG'] ?? 'ffmpeg',
    cacheDir: flags.cacheDir ?? join(tmpdir(), 'atalaya-simulator-clips'),
    cameras: flags.cameras,
  });
  await simulator.start();
  for (const { path } of flags.cameras) console.log(simulator.url(path, { withCredentials: true }));
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
