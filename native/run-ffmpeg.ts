import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { redactUrls } from './redact-urls.ts';
import { StderrTail } from './stderr-tail.ts';

export interface FfmpegCommand {
  /** Path of the FFmpeg binary, as found by `findFfmpeg`. */
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  /**
   * Written to FFmpeg's standard input, which is then closed. Of several chunks the next one is taken when FFmpeg has
   * the one before, so all may share one buffer.
   */
  readonly stdin?: Uint8Array | Iterable<Uint8Array>;
  /** Where relative names in `args` stand. */
  readonly workingDir?: string;
  /** FFmpeg is killed when it runs longer. Default 30,000 ms. */
  readonly timeLimitMs?: number;
  /** FFmpeg is killed when it writes more than this to standard output. Default 64 MiB. */
  readonly stdoutLimitBytes?: number;
  readonly signal?: AbortSignal;
}

export interface FfmpegOutput {
  readonly stdout: Buffer;
  /** The last 40 lines, without credentials. */
  readonly stderrTail: readonly string[];
  readonly durationMs: number;
}

/**
 * Why a command failed: `exit` FFmpeg said no, `time-limit`, `aborted` by the caller's signal,
 * `output-limit`, `not-runnable` the binary could not be started.
 */
export type FfmpegFailure = 'exit' | 'time-limit' | 'aborted' | 'output-limit' | 'not-runnable';

/** A command that failed, with what is needed to understand it. Holds no credentials. */
export class FfmpegError extends Error {
  readonly failure: FfmpegFailure;
  readonly args: readonly string[];
  /** Null when FFmpeg was killed or never started. */
  readonly exitCode: number | null;
  readonly stderrTail: readonly string[];

  constructor(
    failure: FfmpegFailure,
    command: FfmpegCommand,
    exitCode: number | null,
    stderrTail: readonly string[],
    options?: ErrorOptions,
  ) {
    super(describeFailure(failure, command, exitCode, stderrTail), options);
    this.name = 'FfmpegError';
    this.failure = failure;
    this.args = command.args.map(redactUrls);
    this.exitCode = exitCode;
    this.stderrTail = stderrTail;
  }
}

/**
 * Runs one short FFmpeg command (probe, snapshot, clip) to its end. Streams that stay open belong to `camera/`.
 *
 * Resolves with what it wrote when it exits with 0; rejects with `FfmpegError` otherwise. In either case the child
 * has been reaped.
 */
export async function runFfmpeg(command: FfmpegCommand): Promise<FfmpegOutput> {
  const {
    ffmpegPath,
    args,
    stdin = [],
    workingDir,
    timeLimitMs = DEFAULT_TIME_LIMIT_MS,
    stdoutLimitBytes = DEFAULT_STDOUT_LIMIT_BYTES,
    signal,
  } = command;
  if (signal?.aborted === true) throw new FfmpegError('aborted', command, null, []);

  const startedMs = performance.now();
  const stderr = new StderrTail();
  const chunks: Buffer[] = [];
  let stdoutBytes = 0;
  let failure: FfmpegFailure | undefined;

  const child = spawn(ffmpegPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(workingDir === undefined ? {} : { cwd: workingDir }),
  });
  const stop = (why: FfmpegFailure): void => {
    failure ??= why;
    child.kill('SIGKILL');
  };
  const onAbort = (): void => stop('aborted');
  const timer = setTimeout(() => stop('time-limit'), timeLimitMs);
  signal?.addEventListener('abort', onAbort, { once: true });

  // FFmpeg may exit before it has read its input: its exit code tells what matters, not the broken pipe.
  child.stdin.on('error', () => {});
  let inputError: { readonly cause: unknown } | undefined;
  feed(child.stdin, stdin instanceof Uint8Array ? [stdin] : stdin).catch((cause: unknown) => {
    inputError = { cause };
    child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdout.on('data', (chunk: Buffer) => {
    stdoutBytes += chunk.length;
    if (stdoutBytes > stdoutLimitBytes) stop('output-limit');
    else chunks.push(chunk);
  });

  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (inputError !== undefined) throw inputError.cause;
    if (failure !== undefined || exitCode !== 0) {
      throw new FfmpegError(failure ?? 'exit', command, exitCode, stderr.lines());
    }
    return { stdout: Buffer.concat(chunks), stderrTail: stderr.lines(), durationMs: performance.now() - startedMs };
  } catch (error) {
    if (error instanceof FfmpegError || error === inputError?.cause) throw error;
    throw new FfmpegError('not-runnable', command, null, stderr.lines(), { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function feed(stdin: Writable, chunks: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of chunks) {
    if (!stdin.writable) return;
    await new Promise((written) => stdin.write(chunk, written));
  }
  stdin.end();
}

const DEFAULT_TIME_LIMIT_MS = 30_000;
const DEFAULT_STDOUT_LIMIT_BYTES = 64 * 1024 * 1024;

function describeFailure(
  failure: FfmpegFailure,
  { ffmpegPath, timeLimitMs = DEFAULT_TIME_LIMIT_MS }: FfmpegCommand,
  exitCode: number | null,
  stderrTail: readonly string[],
): string {
  const lastLine = stderrTail.at(-1);
  switch (failure) {
    case 'exit':
      return `FFmpeg exited with ${exitCode ?? 'a signal'}${lastLine === undefined ? '' : `: ${lastLine}`}`;
    case 'time-limit':
      return `FFmpeg did not finish within ${timeLimitMs} ms`;
    case 'aborted':
      return 'FFmpeg was stopped because its result is no longer wanted';
    case 'output-limit':
      return 'FFmpeg wrote more than expected';
    case 'not-runnable':
      return `FFmpeg could not be started: ${ffmpegPath}`;
  }
}
