import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findFfmpeg } from './ffmpeg-path.ts';
import { FfmpegError, runFfmpeg } from './run-ffmpeg.ts';

let folder: string;
let ffmpegPath: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'atalaya-run-ffmpeg-'));
  const found = await findFfmpeg({
    explicitPath: process.env['ATALAYA_FFMPEG'],
    pathEnv: process.env['PATH'] ?? '',
    platform: process.platform,
    arch: process.arch,
  });
  if (found.kind === 'missing') throw new Error(found.tried.join(', '));
  ffmpegPath = found.path;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('gives back what FFmpeg writes', async () => {
  const args = ['-v', 'info', '-f', 'lavfi', '-i', 'color=red:size=8x4', '-frames:v', '1', '-pix_fmt', 'rgb24'];
  const output = await runFfmpeg({ ffmpegPath, args: [...args, '-f', 'rawvideo', 'pipe:1'] });
  expect(output.stdout).toHaveLength(8 * 4 * 3);
  expect(output.stderrTail.join('\n')).toContain('rawvideo');
});

test('feeds standard input', async () => {
  const pcm = Buffer.alloc(16_000);
  const args = ['-f', 's16le', '-ar', '8000', '-ac', '1', '-i', 'pipe:0', '-f', 'wav', 'pipe:1'];
  const { stdout } = await runFfmpeg({ ffmpegPath, args, stdin: pcm });
  expect(stdout.subarray(0, 4).toString()).toBe('RIFF');
  expect(stdout.length).toBeGreaterThan(pcm.length);
});

test('takes its input in pieces that share a buffer, and finds relative names in its folder', async () => {
  function* pieces(): Generator<Buffer> {
    const piece = Buffer.alloc(30_000);
    for (let value = 1; value <= 8; value++) yield piece.fill(value);
  }
  const args = ['-f', 'u8', '-ar', '8000', '-ac', '1', '-i', 'pipe:0', '-c:a', 'pcm_u8', '-f', 'u8', 'pieces.u8'];
  await runFfmpeg({ ffmpegPath, args, stdin: pieces(), workingDir: folder });
  const written = await readFile(path.join(folder, 'pieces.u8'));
  expect(written).toEqual(Buffer.concat([...Array(8).keys()].map((at) => Buffer.alloc(30_000, at + 1))));
});

test('an error of whoever makes the input comes through, and FFmpeg does not outlive it', async () => {
  function* broken(): Generator<Buffer> {
    yield Buffer.alloc(10_000);
    throw new RangeError('no more frames');
  }
  const args = ['-f', 'u8', '-ar', '8000', '-ac', '1', '-i', 'pipe:0', '-f', 'null', '-'];
  await expect(runFfmpeg({ ffmpegPath, args, stdin: broken() })).rejects.toThrow(new RangeError('no more frames'));
});

test('a failure holds the arguments, the exit code and the last lines, without the password', async () => {
  // Port 1 on loopback refuses at once.
  const args = ['-i', 'rtsp://admin:hunter2@127.0.0.1:1/stream', '-f', 'null', '-'];
  const error = await failureOf(runFfmpeg({ ffmpegPath, args }));
  expect(error.failure).toBe('exit');
  expect(error.exitCode).toBeGreaterThan(0);
  expect(error.args).toContain('rtsp://***@127.0.0.1:1/stream');
  expect(error.message).toContain('Connection refused');
  expect(JSON.stringify([error.message, error.args, error.stderrTail, error.stack])).not.toContain('hunter2');
});

test('a command that hangs is killed at its time limit', async () => {
  const { script, pid } = await hangingScript('hang.sh');
  const error = await failureOf(runFfmpeg({ ffmpegPath: script, args: [], timeLimitMs: 300 }));
  expect(error.failure).toBe('time-limit');
  expect(error.exitCode).toBeNull();
  expect(isAlive(await pid())).toBe(false);
});

test('an abort kills the child', async () => {
  const { script, pid } = await hangingScript('abort.sh');
  const abort = new AbortController();
  const running = failureOf(runFfmpeg({ ffmpegPath: script, args: [], signal: abort.signal }));
  const childPid = await pid();
  expect(isAlive(childPid)).toBe(true);
  abort.abort();
  expect((await running).failure).toBe('aborted');
  expect(isAlive(childPid)).toBe(false);
});

test('an aborted signal starts nothing', async () => {
  const error = await failureOf(runFfmpeg({ ffmpegPath, args: ['-version'], signal: AbortSignal.abort() }));
  expect(error.failure).toBe('aborted');
});

test('more output than the limit is cut off', async () => {
  const args = ['-f', 'lavfi', '-i', 'color=red', '-f', 'rawvideo', 'pipe:1'];
  const error = await failureOf(runFfmpeg({ ffmpegPath, args, stdoutLimitBytes: 100_000 }));
  expect(error.failure).toBe('output-limit');
});

test('a missing binary is said to be missing', async () => {
  const error = await failureOf(runFfmpeg({ ffmpegPath: path.join(folder, 'absent'), args: ['-version'] }));
  expect(error.failure).toBe('not-runnable');
  expect(error.message).toContain('absent');
});

async function failureOf(running: Promise<unknown>): Promise<FfmpegError> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FfmpegError)) throw new Error(`expected an FfmpegError, got ${String(error)}`);
  return error;
}

/** A stand-in for an FFmpeg that waits for a silent camera for ever. */
async function hangingScript(name: string) {
  const script = path.join(folder, name);
  const pidFile = `${script}.pid`;
  await writeFile(
    script,
    `#!/bin/sh\necho $$ > '${pidFile}.new' && mv '${pidFile}.new' '${pidFile}'\nexec sleep 600\n`,
  );
  await chmod(script, 0o755);
  return { script, pid: () => vi.waitFor(async () => Number(await readFile(pidFile, 'utf8')), { timeout: 5000 }) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
