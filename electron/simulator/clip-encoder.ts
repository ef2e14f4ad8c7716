import { spawn } from 'node:child_process';

export interface FfmpegRun {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  /** Bytes for FFmpeg's standard input; the next chunk is asked for when FFmpeg has taken the one before. */
  readonly input?: Iterable<Buffer>;
  readonly workingDir?: string;
  /** Killed after this time; encoding a long clip on a busy machine may take minutes. */
  readonly timeoutMs?: number;
}

/** FFmpeg failed: the message carries its last lines, `args` the command. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  readonly args: readonly string[];

  constructor(message: string, args: readonly string[]) {
    super(message);
    this.args = args;
  }
}

/**
 * Runs FFmpeg to its end and returns what it wrote to standard output.
 * @throws FfmpegError when it cannot be started, fails, or exceeds the time limit
 */
export async function runFfmpeg(run: FfmpegRun): Promise<Buffer> {
  const child = spawn(run.ffmpegPath, run.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(run.workingDir === undefined ? {} : { cwd: run.workingDir }),
    timeout: run.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const output: Buffer[] = [];
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
  // A broken pipe means that FFmpeg ended early; its exit code and last words tell why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const alive = { now: true };
  const end = ended.finally(() => (alive.now = false));
  try {
    for (const chunk of run.input ?? []) {
      if (!alive.now) break;
      await Promise.race([new Promise((written) => child.stdin.write(chunk, written)), end]);
    }
    child.stdin.end();
  } catch (error) {
    child.kill('SIGKILL');
    await end;
    throw error;
  }
  const outcome = await end;
  if (outcome !== 0) throw new FfmpegError(`FFmpeg ended with ${outcome}: ${lastLines(complaints)}`, run.args);
  return Buffer.concat(output);
}

const DEFAULT_TIMEOUT_MS = 300_000;

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ') || 'it said nothing';
}
