import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSeiCounters } from '../../electron/simulator/sei-counter.ts';

export interface RecordedFrames {
  frames: number;
  bytes: number;
  /** Frames that the camera sent between the first and the last one recorded, and that are in no file. */
  lost: number;
}

/** Reads the counters in all files below a folder; each of its sub-folders is one camera. */
export async function countRecordedFrames(dir: string): Promise<RecordedFrames> {
  const sum: RecordedFrames = { frames: 0, bytes: 0, lost: 0 };
  for (const camera of await readdir(dir)) {
    const names = await readdir(join(dir, camera), { recursive: true });
    // The names of Atalaya's files begin with their time, those of FFmpeg's with their number.
    const files = names.filter((name) => name.endsWith('.mp4')).sort();
    let expected: number | undefined;
    for (const file of files) {
      const bytes = await readFile(join(dir, camera, file));
      sum.bytes += bytes.length;
      for (const { frame } of readSeiCounters(bytes)) {
        if (expected !== undefined) sum.lost += Math.abs(frame - expected);
        expected = frame + 1;
        sum.frames += 1;
      }
    }
  }
  return sum;
}
