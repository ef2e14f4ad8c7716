import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { WorkerLauncher } from './worker-launcher.ts';

/** Node's own `fork`; advanced serialization carries Uint8Array without base64. */
export const forkLauncher: WorkerLauncher = {
  launch(entry, name, listener) {
    const child = fork(entry, [], {
      serialization: 'advanced',
      // Node's title in `ps`; nothing else of our own arguments (inspector ports, loaders) is inherited. Helper threads
      // that collect garbage keep dead frames for longer: a third of a worker's memory (design/performance.md).
      execArgv: [`--title=atalaya ${name}`, '--single-threaded-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A terminal's Ctrl-C reaches the whole process group: workers must live until the engine closes them.
      detached: process.platform !== 'win32',
    });
    let channelOpen = true;
    let exit: { code: number | null; signal: string | null } | undefined;
    // 'exit' may come before the last messages are read from the channel; 'disconnect' comes after them.
    let reported = false;
    const reportExit = (): void => {
      if (exit === undefined || channelOpen || reported) return;
      reported = true;
      listener.onExit(exit);
    };
    child.on('message', (message) => listener.onMessage(message));
    child.on('disconnect', () => {
      channelOpen = false;
      reportExit();
    });
    child.on('exit', (code, signal) => {
      exit = { code, signal };
      channelOpen &&= child.connected;
      reportExit();
    });
    child.on('error', (error) => {
      listener.onOutput(error.message);
      if (child.pid !== undefined) return;
      exit = { code: null, signal: null };
      channelOpen = false;
      reportExit();
    });
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => listener.onOutput(line));
    return {
      pid: child.pid,
      send(message) {
        // The callback keeps a closed channel from becoming an 'error' event; the exit is reported on its own.
        if (child.connected) child.send(message as Parameters<typeof child.send>[0], () => {});
      },
      kill() {
        child.kill('SIGKILL');
      },
    };
  },
};
