import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import type { Recordings } from '../contract/recordings.ts';
import { readSeiCounters } from '../simulator/sei-counter.ts';
import { FFMPEG } from './harness.ts';

/** Decodes every frame of a file or playlist; rejects when FFmpeg has anything to complain about. */
export async function decode(input: string, headers: Record<string, string> = {}): Promise<{ frames: number }> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const { stdout, stderrTail } = await runFfmpeg({
    ffmpegPath: FFMPEG,
    args: [
      ...['-v', 'error', ...(lines.length > 0 ? ['-headers', lines.join('')] : [])],
      ...['-i', input, '-map', '0:v', '-f', 'framehash', '-'],
    ],
  });
  if (stderrTail.length > 0) throw new Error(`FFmpeg complains about ${input}: ${stderrTail.join('\n')}`);
  const frames = stdout
    .toString()
    .split('\n')
    .filter((line) => /^\d/.test(line)).length;
  return { frames };
}

/** All recorded files of an installation, oldest first. */
export async function recordedFiles(recordingsDir: string): Promise<string[]> {
  const names = await readdir(recordingsDir, { recursive: true });
  return names
    .filter((name) => name.endsWith('.mp4'))
    .map((name) => join(recordingsDir, name))
    .sort();
}

/** The numbers of the frames in recorded bytes, as the simulator put them into the stream. */
export async function frameNumbers(files: readonly string[]): Promise<number[]> {
  const bytes = await Promise.all(files.map((file) => readFile(file)));
  return bytes.flatMap((file) => readSeiCounters(file).map(({ frame }) => frame));
}

/** Where coverage and gaps leave a hole or overlap; they must tile the camera's life (electron/design/ledger.md). */
export function findUntiled({ coverage, gaps }: Recordings, fromMs: number): string[] {
  const pieces = [...coverage, ...gaps].sort((a, b) => a.startMs - b.startMs);
  const faults: string[] = [];
  let reachedMs = fromMs;
  for (const { startMs, endMs } of pieces) {
    if (startMs !== reachedMs) faults.push(`${startMs - reachedMs} ms off at ${startMs - fromMs} ms`);
    reachedMs = endMs;
  }
  return faults;
}
