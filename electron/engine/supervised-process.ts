import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { ProcessExit, ProcessHandle, WorkerLauncher } from './worker-launcher.ts';

export interface SupervisedProcessOptions<Incoming> {
  name: string;
  /** Absolute path of the script. */
  entry: string;
  launcher: WorkerLauncher;
  clock: Clock;
  log: Log;
  /** Sent to every new process, in this order, before anything else. */
  greeting(): unknown[];
  onMessage(message: Incoming): void;
  /** The process is gone, and not because it was closed. A new one follows after the backoff. */
  onLost(exit: ProcessExit, atMs: number): void;
  /** Whether the process answers `ping`; one that goes silent is killed. */
  heartbeat: boolean;
}

type State =
  | { kind: 'idle' }
  | { kind: 'running'; handle: ProcessHandle; startedMs: number; unansweredPings: number }
  | { kind: 'waiting'; timer: NodeJS.Timeout }
  | { kind: 'closed' };

const PING_EVERY_MS = 2_000;
/**
 * 8 pings of 2 s: a process silent for about 15 s is dead. Counted in pings, not in time, so that neither a suspended
 * machine nor a stall of the engine itself counts against the process.
 */
const MOST_UNANSWERED_PINGS = 8;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
/** A process that lived this long was healthy: its next failure starts with the shortest wait again. */
const HEALTHY_AFTER_MS = 60_000;

/** Keeps one child process running for ever: starts it, watches its heartbeat, starts it again when it is lost. */
export class SupervisedProcess<Incoming> {
  readonly #options: SupervisedProcessOptions<Incoming>;
  readonly #log: Log;
  #state: State = { kind: 'idle' };
  #heartbeat: NodeJS.Timeout | undefined;
  #backoffMs = FIRST_BACKOFF_MS;
  readonly #exited = new Set<() => void>();

  constructor(options: SupervisedProcessOptions<Incoming>) {
    this.#options = options;
    this.#log = options.log.child({ process: options.name });
  }

  get pid(): number | undefined {
    return this.#state.kind === 'running' ? this.#state.handle.pid : undefined;
  }

  /** Starts the process; it may still fail, which is then handled as any later loss. */
  start(): void {
    if (this.#state.kind !== 'idle') return;
    if (this.#options.heartbeat) this.#heartbeat = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#launch();
  }

  /** Dropped while no process runs: what must survive a restart belongs into the greeting. */
  send(message: unknown): void {
    if (this.#state.kind === 'running') this.#state.handle.send(message);
  }

  /** Ends the process at once; the next one follows after the backoff. */
  restart(): void {
    if (this.#state.kind === 'running') this.#state.handle.kill();
  }

  /** Asks the process to close, and kills it when it has not within `graceMs`. Resolves when it is gone. */
  async close(graceMs: number): Promise<void> {
    const state = this.#state;
    clearInterval(this.#heartbeat);
    if (state.kind === 'waiting') clearTimeout(state.timer);
    this.#state = { kind: 'closed' };
    if (state.kind !== 'running') return;
    const gone = new Promise<void>((resolve) => this.#exited.add(resolve));
    state.handle.send({ type: 'close' });
    const timer = setTimeout(() => {
      this.#log.warn({ graceMs }, 'process did not close in time: killed');
      state.handle.kill();
    }, graceMs);
    await gone;
    clearTimeout(timer);
  }

  #launch(): void {
    const { entry, name, launcher, clock, greeting, onMessage } = this.#options;
    const handle = launcher.launch(entry, name, {
      onMessage: (message) => {
        if (this.#state.kind === 'running') this.#state.unansweredPings = 0;
        onMessage(message as Incoming);
      },
      onOutput: (line) => this.#log.warn({ line }, 'process wrote to its standard error'),
      onExit: (exit) => this.#exit(exit),
    });
    this.#state = { kind: 'running', handle, startedMs: clock.nowMs(), unansweredPings: 0 };
    this.#log.info({ pid: handle.pid }, 'process started');
    for (const message of greeting()) handle.send(message);
  }

  #ping(): void {
    const state = this.#state;
    if (state.kind !== 'running') return;
    if (state.unansweredPings >= MOST_UNANSWERED_PINGS) {
      this.#log.error({ pid: state.handle.pid }, 'process does not answer: killed');
      state.handle.kill();
      return;
    }
    state.unansweredPings += 1;
    state.handle.send({ type: 'ping', sentMs: this.#options.clock.nowMs() });
  }

  #exit(exit: ProcessExit): void {
    const state = this.#state;
    for (const resolve of this.#exited) resolve();
    if (state.kind !== 'running') return;
    const atMs = this.#options.clock.nowMs();
    if (atMs - state.startedMs >= HEALTHY_AFTER_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    const waitMs = this.#backoffMs;
    this.#backoffMs = Math.min(this.#backoffMs * 2, LONGEST_BACKOFF_MS);
    this.#log.error({ ...exit, waitMs }, 'process ended by itself; it is started again');
    this.#state = { kind: 'waiting', timer: setTimeout(() => this.#launch(), waitMs) };
    this.#options.onLost(exit, atMs);
  }
}
