import { CameraSimulator } from './camera-simulator.ts';
import { parseSimulatorRequest, requestedCameras, type SimulatorReply } from './process-messages.ts';

/** The way to the parent, the same for a forked process and Electron's utility process. */
export interface ParentPort {
  send(reply: SimulatorReply): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent is gone: nobody can send `close` any more. */
  onGone(listener: () => void): void;
}

/**
 * Serves cameras for a parent process until it says `close` or goes away, then calls `exit`. Clips that are not in the
 * cache yet are made after `listening`; the first client of a camera waits for its clip.
 */
export function serveParent(port: ParentPort, exit: (code: number) => void): void {
  let simulator: CameraSimulator | null = null;
  const end = async (): Promise<void> => {
    await simulator?.close();
    exit(0);
  };
  port.onGone(() => void end());
  port.onMessage((message) => {
    handle(message).catch((error: unknown) => {
      port.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    });
  });

  async function handle(message: unknown): Promise<void> {
    const request = parseSimulatorRequest(message);
    if (request.type === 'close') return end();
    if (simulator !== null) throw new Error('The simulator runs already.');
    const { ffmpegPath, cacheDir } = request;
    const cameras = requestedCameras(request.cameras);
    const started = new CameraSimulator({ port: request.port, ffmpegPath, cacheDir, cameras, clips: 'on-demand' });
    simulator = started;
    try {
      await started.start();
    } catch (error) {
      simulator = null;
      throw error;
    }
    port.send({ type: 'listening', port: started.port });
    // Those that fail are tried again when somebody asks for them, and then the client is told.
    await started.makeClips().catch(() => undefined);
  }
}
