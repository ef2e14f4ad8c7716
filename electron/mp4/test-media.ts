import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type ClipRequest = {
  name: string;
  frames: number;
  size?: string;
  /** FFmpeg encoder options after `-c:v`. */
  video?: readonly string[];
  withAudio?: boolean;
};

/** A packet as ffprobe sees it, times in seconds. */
export type ProbedPacket = { kind: string; ptsSeconds: number; hash: string };

/**
 * One fragment per frame. With two tracks in one output, `frag_every_frame` alone gives wrong times to frames which
 * wait in the interleaver; the other two options keep FFmpeg from it.
 */
const fragmented = [
  ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer+separate_moof'],
  ...['-min_frag_duration', '1', '-use_editlist', '0', '-avoid_negative_ts', 'make_non_negative', '-f', 'mp4'],
];

/** Makes test clips with FFmpeg in a directory of its own, and asks FFmpeg what it makes of a file. For tests only. */
export class TestMedia {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<TestMedia> {
    return new TestMedia(await mkdtemp(join(tmpdir(), 'atalaya-mp4-')));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** A fragmented clip at 25 frames per second with a key frame every 10, and a tone that changes all the time. */
  async createClip({ name, frames, size = '64x48', video = h264, withAudio = false }: ClipRequest): Promise<string> {
    const path = this.path(name);
    const seconds = String(frames / 25);
    const audioInput = ['-f', 'lavfi', '-i', `aevalsrc=sin(2*PI*t*(300+100*t))*0.5:s=16000:d=${seconds}`];
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25`],
      ...(withAudio ? audioInput : []),
      ...[
        '-frames:v',
        String(frames),
        '-g',
        '10',
        '-c:v',
        ...video,
        '-c:a',
        'aac',
        '-output_ts_offset',
        '1',
        ...fragmented,
        path,
      ],
    ]);
    return path;
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export const h264 = ['libx264', '-preset', 'ultrafast'];
export const h264WithBFrames = ['libx264', '-preset', 'medium', '-bf', '2', '-x264-params', 'b-adapt=0'];
export const h265 = ['libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-tag:v', 'hvc1'];

/** What FFmpeg prints at level `error` while it decodes the file; empty when all is well. */
export async function decodeErrors(path: string): Promise<string> {
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', path, '-fps_mode', 'passthrough', '-f', 'null', '-']);
  return stderr;
}

/** How many pictures FFmpeg decodes from the file. */
export async function countPictures(path: string): Promise<number> {
  const args = ['-v', 'error', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
  const { stdout } = await run('ffmpeg', args);
  return stdout.split('\n').filter((line) => line.startsWith('0,')).length;
}

/** All packets with a hash of their content. */
export async function probePackets(path: string): Promise<ProbedPacket[]> {
  const args = ['-v', 'error', '-show_packets', '-show_data_hash', 'md5', '-of', 'json', path];
  const { stdout } = await run('ffprobe', args, { maxBuffer: 1 << 28 });
  const { packets } = JSON.parse(stdout) as { packets: { codec_type: string; pts_time: string; data_hash: string }[] };
  return packets.map((packet) => ({
    kind: packet.codec_type,
    ptsSeconds: Number(packet.pts_time),
    hash: packet.data_hash,
  }));
}
