import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import { STRIP_CELLS, readStrip, stripTop } from './counter-strip.ts';

export interface CounterBreak {
  /** Position in the list of the first counter that does not follow its predecessor. */
  readonly index: number;
  readonly expected: number;
  readonly got: number;
}

/** Stands in a list of counters for a frame whose strip could not be read. */
export const UNREADABLE = -1;

/** Hours of recording decode within this, even on a busy machine. */
const DECODE_LIMIT_MS = 600_000;

/**
 * Reads the frame counter burnt into a picture of any size.
 * @param luma the Y plane, one byte a pixel, rows without padding
 * @returns the number of the frame in its clip, or null when the strip is missing or damaged
 */
export function readFrameCounter(luma: Uint8Array, width: number, height: number): number | null {
  return readStrip(luma, width, stripTop(height), height);
}

/**
 * Decodes the whole video with FFmpeg and reads the counter of each frame, in presentation order. Anything that
 * FFmpeg can open will do: a recorded file, a playlist, an export.
 * @returns one number per decoded frame, `UNREADABLE` where the strip is damaged
 * @throws FfmpegError when the file cannot be decoded
 */
export async function decodeFrameCounters(options: { ffmpegPath: string; file: string }): Promise<number[]> {
  const width = STRIP_CELLS * 8;
  const height = 8;
  const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-i', options.file, '-map', '0:v:0'];
  const filter = `format=gray,crop=iw:floor(ih/20):0:ih-floor(ih/20),scale=${width}:${height}:flags=area`;
  args.push('-vf', filter, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1');
  const { stdout: strips } = await runFfmpeg({ ffmpegPath: options.ffmpegPath, args, timeLimitMs: DECODE_LIMIT_MS });
  const counters: number[] = [];
  for (let at = 0; at + width * height <= strips.length; at += width * height) {
    counters.push(readStrip(strips.subarray(at, at + width * height), width, 0, height) ?? UNREADABLE);
  }
  return counters;
}

/** The places where frames are missing, repeated or unreadable, given that the clip loops after `clipFrames`. */
export function findCounterBreaks(counters: readonly number[], clipFrames: number): CounterBreak[] {
  const breaks: CounterBreak[] = [];
  counters.forEach((got, index) => {
    const before = counters[index - 1];
    if (before === undefined) return;
    const expected = (before + 1) % clipFrames;
    if (got !== expected) breaks.push({ index, expected, got });
  });
  return breaks;
}
