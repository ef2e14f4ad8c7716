/** How a child process ended. */
export interface ProcessExit {
  code: number | null;
  signal: string | null;
}

/** One child process of ours that speaks messages. */
export interface ProcessHandle {
  readonly pid: number | undefined;
  /** Messages to a process that is gone are dropped: its exit is, or will be, reported. */
  send(message: unknown): void;
  /** Ends the process at once (SIGKILL); its exit is reported as any other. */
  kill(): void;
}

export interface ProcessListener {
  onMessage(message: unknown): void;
  /** What the process wrote to its standard error, a line at a time. */
  onOutput(line: string): void;
  /** Once, after the last message that the process sent. */
  onExit(exit: ProcessExit): void;
}

/** Starts processes of ours: `fork` when headless, Electron's utilityProcess in the desktop app. */
export interface WorkerLauncher {
  /** @param entry absolute path of the script. @param name shown in logs and in the system's process list. */
  launch(entry: string, name: string, listener: ProcessListener): ProcessHandle;
}
