import type { ProcessHandle, ProcessListener, WorkerLauncher } from '../worker-launcher.ts';

/** One process that the test plays itself. */
export interface FakeProcess {
  name: string;
  entry: string;
  listener: ProcessListener;
  sent: unknown[];
  killed: boolean;
}

/** Launches nothing: records what is sent, and lets the test answer. */
export class FakeLauncher implements WorkerLauncher {
  readonly processes: FakeProcess[] = [];
  /** Whether a process exits when it is asked to, as a healthy one does. */
  exitsOnClose = false;

  launch(entry: string, name: string, listener: ProcessListener): ProcessHandle {
    const fake: FakeProcess = { name, entry, listener, sent: [], killed: false };
    this.processes.push(fake);
    return {
      pid: this.processes.length,
      send: (message) => {
        fake.sent.push(message);
        const isClose = (message as { type?: string }).type === 'close';
        if (isClose && this.exitsOnClose) listener.onExit({ code: 0, signal: null });
      },
      kill: () => {
        fake.killed = true;
        listener.onExit({ code: null, signal: 'SIGKILL' });
      },
    };
  }

  get last(): FakeProcess {
    const process = this.processes.at(-1);
    if (process === undefined) throw new Error('nothing was launched');
    return process;
  }
}
