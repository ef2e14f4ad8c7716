import { createInterface } from 'node:readline';
import type { WorkerLauncher } from '../engine/worker-launcher.ts';
import type { ElectronApi } from './electron-api.ts';

/** Starts our processes as Electron utility processes: Node without a second binary to ship. */
export function createUtilityProcessLauncher(utilityProcess: ElectronApi['utilityProcess']): WorkerLauncher {
  return {
    launch(entry, name, listener) {
      const child = utilityProcess.fork(entry, [], {
        serviceName: `atalaya ${name}`,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let running = true;
      child.on('message', (message: unknown) => listener.onMessage(message));
      child.on('exit', (code) => {
        running = false;
        listener.onExit({ code, signal: null });
      });
      const stderr = child.stderr;
      if (stderr !== null) createInterface({ input: stderr }).on('line', (line) => listener.onOutput(line));
      return {
        // Known only once the process has started.
        get pid() {
          return child.pid;
        },
        send(message) {
          if (running) child.postMessage(message);
        },
        kill() {
          // utilityProcess.kill() asks with SIGTERM, which a hanging process does not hear.
          if (running && child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
          else child.kill();
        },
      };
    },
  };
}
