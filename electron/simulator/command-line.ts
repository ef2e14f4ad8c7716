import { parseArgs } from 'node:util';
import { clipParameters, type AudioCodec, type ClipParameters, type SceneName, type VideoCodec } from './clip.ts';
import { demoStreams } from './demo-streams.ts';
import type { CameraOptions } from './simulated-camera.ts';

export interface SimulatorFlags {
  readonly port: number;
  readonly host: string;
  readonly ffmpegPath: string | undefined;
  readonly cacheDir: string | undefined;
  readonly cameras: readonly CameraOptions[];
  readonly help: boolean;
}

export const USAGE = `Usage: node electron/simulator.ts [flags]
  --demo               the four demo cameras, main and sub-stream
  --cameras N          N equal cameras (1)
  --size WxH           picture (1280x720)
  --fps N  --kbps N    frame rate (25), bit rate (2000)
  --gop N              frames from key frame to key frame (two seconds)
  --seconds N          length of the loop (8)
  --codec h264|h265    --b-frames N   --audio none|aac|pcmu|pcma   --sei
  --user U --password P  asks for Digest authentication
  --host A  --port N   where to listen (127.0.0.1:8554)
  --ffmpeg FILE        --cache-dir DIR`;

const SCENES: readonly SceneName[] = ['front-door', 'yard', 'gate', 'garage'];

/** @throws Error with a sentence for the user when a flag is wrong */
export function parseFlags(args: readonly string[]): SimulatorFlags {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
  return {
    port: wholeNumber('port', values.port, 0, 65_535),
    host: values.host,
    ffmpegPath: values.ffmpeg,
    cacheDir: values['cache-dir'],
    cameras: values.demo ? demoStreams() : equalCameras(values),
    help: values.help,
  };
}

const OPTIONS = {
  demo: { type: 'boolean', default: false },
  cameras: { type: 'string', default: '1' },
  size: { type: 'string', default: '1280x720' },
  fps: { type: 'string', default: '25' },
  kbps: { type: 'string', default: '2000' },
  gop: { type: 'string' },
  seconds: { type: 'string', default: '8' },
  codec: { type: 'string', default: 'h264' },
  'b-frames': { type: 'string', default: '0' },
  audio: { type: 'string', default: 'none' },
  sei: { type: 'boolean', default: false },
  user: { type: 'string' },
  password: { type: 'string', default: '' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8554' },
  ffmpeg: { type: 'string' },
  'cache-dir': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function equalCameras(values: Values): CameraOptions[] {
  const size = /^(\d+)x(\d+)$/.exec(values.size);
  if (size === null) throw new Error(`--size ${values.size} is not like 1280x720.`);
  const fps = wholeNumber('fps', values.fps, 1, 120);
  const gop = values.gop === undefined ? {} : { gopFrames: wholeNumber('gop', values.gop, 1, 10_000) };
  const shared: Partial<ClipParameters> = {
    codec: oneOf<VideoCodec>('codec', values.codec, ['h264', 'h265']),
    width: Number(size[1]),
    height: Number(size[2]),
    fps,
    ...gop,
    seconds: wholeNumber('seconds', values.seconds, 1, 600),
    bitrateKbps: wholeNumber('kbps', values.kbps, 1, 100_000),
    audio: oneOf<AudioCodec | 'none'>('audio', values.audio, ['none', 'aac', 'pcmu', 'pcma']),
    bFrames: wholeNumber('b-frames', values['b-frames'], 0, 16),
  };
  const { user, password, sei } = values;
  const auth = user === undefined ? {} : { auth: { user, password, scheme: 'digest' as const } };
  return Array.from({ length: wholeNumber('cameras', values.cameras, 1, 1000) }, (_, at) => {
    // Cameras of one scene share their clip, so many cameras need no more clips than there are scenes.
    const scene = SCENES[at % SCENES.length] ?? 'yard';
    return { path: `camera-${at + 1}`, clip: clipParameters({ ...shared, scene, label: scene }), sei, ...auth };
  });
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw new Error(`--${flag} takes a whole number from ${min} to ${max}.`);
  return value;
}

function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new Error(`--${flag} takes ${allowed.join(', ')}.`);
  return found;
}
