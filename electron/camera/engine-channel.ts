import type { EngineToWorker, WorkerToEngine } from '../contract/worker-protocol.ts';

/** The worker's side of the way to the engine. */
export interface EngineChannel {
  /** Messages after the engine is gone are dropped. */
  send(message: WorkerToEngine): void;
  /** Resolves when all that was sent has left this process. */
  flushed(): Promise<void>;
  /** Bytes of messages that wait for the engine to take them. */
  readonly backlogBytes: number;
  onMessage(listener: (message: EngineToWorker) => void): void;
  /** The engine is gone: nobody will ever say `close`. */
  onDisconnect(listener: () => void): void;
}

/** What this needs of a Node process which was made by `fork`, or by Electron's utilityProcess. */
export type HostProcess = Pick<NodeJS.Process, 'send' | 'connected' | 'on'> & {
  /** Of Electron's utilityProcess only. */
  parentPort?: ParentPort | undefined;
};

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

/**
 * Opens the channel in whichever host this process runs.
 *
 * @throws when the process was started by hand and has no parent to speak with.
 */
export function openEngineChannel(host: HostProcess): EngineChannel {
  if (host.parentPort !== undefined) return overParentPort(host.parentPort);
  if (host.send !== undefined) return overFork(host);
  throw new Error('a camera worker is started by the engine, not by hand');
}

function overFork(host: HostProcess): EngineChannel {
  let backlogBytes = 0;
  let waiting = 0;
  let onFlushed: (() => void) | undefined;
  return {
    send(message) {
      if (!host.connected) return;
      const messageBytes = bytesOf(message);
      backlogBytes += messageBytes;
      waiting += 1;
      host.send?.(message, undefined, undefined, () => {
        backlogBytes -= messageBytes;
        waiting -= 1;
        if (waiting === 0) onFlushed?.();
      });
    },
    flushed: () =>
      new Promise((resolve) => {
        onFlushed = resolve;
        if (waiting === 0) resolve();
      }),
    get backlogBytes() {
      return backlogBytes;
    },
    onMessage: (listener) => void host.on('message', (message) => listener(message as EngineToWorker)),
    onDisconnect: (listener) => void host.on('disconnect', listener),
  };
}

function overParentPort(port: ParentPort): EngineChannel {
  return {
    send: (message) => port.postMessage(compact(message)),
    // Electron's port does not say what waits; the engine drops for slow viewers itself.
    backlogBytes: 0,
    // Posting hands the message to Electron's own thread at once; it does not say when it has gone out.
    flushed: () => new Promise((resolve) => setTimeout(resolve, 50)),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data as EngineToWorker)),
    // Chromium ends a utility process whose parent is gone; its FFmpeg children end at their broken pipes.
    onDisconnect: () => {},
  };
}

function bytesOf(message: WorkerToEngine): number {
  return message.type === 'liveFragment' ? message.bytes.length : 0;
}

/** A structured clone takes the whole buffer under a view, which may hold the frames of a second: cut it out. */
function compact(message: WorkerToEngine): WorkerToEngine {
  if (message.type !== 'liveFragment' || message.bytes.length === message.bytes.buffer.byteLength) return message;
  return { ...message, bytes: new Uint8Array(message.bytes) };
}
