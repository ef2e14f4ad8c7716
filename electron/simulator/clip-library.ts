import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import { audioEncoderArgs, audioSampleRateHz, parseAudio, renderSamples } from './clip-audio.ts';
import { packClip, unpackClip } from './clip-file.ts';
import type { Clip, ClipParameters } from './clip.ts';
import { RENDERER_VERSION, renderFrames } from './scene-renderer.ts';

/** A long clip on a busy machine takes minutes. */
const ENCODE_LIMIT_MS = 600_000;

/**
 * Makes clips with FFmpeg and keeps them in `cacheDir`, one file per set of parameters. Several processes may share
 * the directory: files appear complete, by rename.
 */
export class ClipLibrary {
  readonly #ffmpegPath: string;
  readonly #cacheDir: string;
  readonly #clips = new Map<string, Promise<Clip>>();
  /** Encodes run one at a time: drawing takes this thread and FFmpeg the other cores. */
  #lastEncode: Promise<unknown> = Promise.resolve();

  constructor(options: { ffmpegPath: string; cacheDir: string }) {
    this.#ffmpegPath = options.ffmpegPath;
    this.#cacheDir = options.cacheDir;
  }

  /** @throws FfmpegError when FFmpeg cannot encode the clip; asking again tries again */
  load(parameters: ClipParameters): Promise<Clip> {
    const name = cacheName(parameters);
    const known = this.#clips.get(name);
    if (known !== undefined) return known;
    const clip = this.#loadOrEncode(parameters, join(this.#cacheDir, name));
    this.#clips.set(name, clip);
    clip.catch(() => this.#clips.delete(name));
    return clip;
  }

  async #loadOrEncode(parameters: ClipParameters, file: string): Promise<Clip> {
    const cached = await readIfThere(file);
    const clip = cached === null ? null : unpackClip(cached);
    if (clip !== null) return clip;
    const encoded = this.#lastEncode.then(() => this.#encode(parameters, file));
    // Whoever asked for that clip is told of its failure; it must not stop the next one.
    this.#lastEncode = encoded.catch(() => undefined);
    return encoded;
  }

  async #encode(parameters: ClipParameters, file: string): Promise<Clip> {
    const workingDir = join(this.#cacheDir, `making-${randomUUID()}`);
    await mkdir(workingDir, { recursive: true });
    try {
      const audio = parameters.audio === 'none' ? null : parameters.audio;
      if (audio !== null) await writeFile(join(workingDir, 'samples.s16'), renderSamples(parameters, audio));
      const args = encoderArgs(parameters);
      const stdin = renderFrames(parameters);
      await runFfmpeg({ ffmpegPath: this.#ffmpegPath, args, stdin, workingDir, timeLimitMs: ENCODE_LIMIT_MS });
      const bytes = packClip({
        parameters,
        video: await readFile(join(workingDir, 'video.bin')),
        packetList: await readFile(join(workingDir, 'packets.txt'), 'utf8'),
        audio: audio && parseAudio(await readFile(join(workingDir, 'audio.bin')), audio, parameters.seconds),
      });
      const clip = unpackClip(bytes);
      if (clip === null) throw new Error(`FFmpeg made a clip that cannot be used (${file}).`);
      await writeFile(join(workingDir, 'clip'), bytes);
      await rename(join(workingDir, 'clip'), file);
      return clip;
    } finally {
      await rm(workingDir, { recursive: true, force: true });
    }
  }
}

/** FFmpeg's arguments for a clip: frames on standard input, results in its working directory. */
export function encoderArgs(parameters: ClipParameters): string[] {
  const { codec, width, height, fps, gopFrames, bitrateKbps, audio, bFrames = 0 } = parameters;
  const args = ['-hide_banner', '-loglevel', 'error', '-y'];
  args.push('-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-framerate', String(fps));
  args.push('-i', 'pipe:0');
  if (audio !== 'none')
    args.push('-f', 's16le', '-ar', String(audioSampleRateHz(audio)), '-ac', '1', '-i', 'samples.s16');
  args.push('-map', '0:v', '-vf', 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709');
  if (codec === 'h264') {
    args.push('-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-flags', '+cgop', '-sc_threshold', '0');
    args.push('-g', String(gopFrames), '-keyint_min', String(gopFrames), '-bf', String(bFrames));
  } else {
    const gop = `keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0:bframes=${bFrames}`;
    args.push('-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `${gop}:repeat-headers=1:log-level=error`);
  }
  const rate = `${bitrateKbps}k`;
  args.push('-b:v', rate, '-maxrate', rate, '-bufsize', rate);
  // The second muxer lists each packet's times and size, which a bare byte stream does not carry.
  args.push('-f', 'tee', `[f=${codec === 'h264' ? 'h264' : 'hevc'}]video.bin|[f=framecrc]packets.txt`);
  if (audio !== 'none') args.push('-map', '1:a', ...audioEncoderArgs(audio), 'audio.bin');
  return args;
}

function cacheName(parameters: ClipParameters): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify([RENDERER_VERSION, encoderArgs(parameters), sorted]));
  return `${parameters.scene}-${hash.digest('hex').slice(0, 24)}.clip`;
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
