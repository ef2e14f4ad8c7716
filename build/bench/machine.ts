import { cpus, release, totalmem, type } from 'node:os';
import { runFfmpeg } from '../../native/run-ffmpeg.ts';

/** What the figures of a run depend on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  ffmpeg: string;
  startedAt: string;
}

export async function describeMachine(ffmpegPath: string): Promise<Machine> {
  const { stdout } = await runFfmpeg({ ffmpegPath, args: ['-version'] });
  const ffmpeg = /^ffmpeg version (\S+)/.exec(stdout.toString())?.[1] ?? 'unknown';
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    ffmpeg,
    startedAt: new Date().toISOString(),
  };
}

export function formatMachine({ cpu, cores, memoryGiB, system, node, ffmpeg, startedAt }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, FFmpeg ${ffmpeg}, ${startedAt}`;
}
