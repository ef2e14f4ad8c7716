import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FfmpegError, runFfmpeg } from '../../native/run-ffmpeg.ts';
import { ClipLibrary, encoderArgs } from './clip-library.ts';
import { clipParameters } from './clip.ts';
import { decodeFrameCounters } from './frame-counter.ts';
import { ffmpegPath } from './test-support.ts';

const small = clipParameters({ width: 192, height: 108, fps: 10, seconds: 2, gopFrames: 5, bitrateKbps: 200 });
let cacheDir: string;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'atalaya-clips-'));
});

afterAll(() => rm(cacheDir, { recursive: true, force: true }));

test('two libraries at once make the same complete clip and leave nothing else behind', async () => {
  const libraries = [new ClipLibrary({ ffmpegPath, cacheDir }), new ClipLibrary({ ffmpegPath, cacheDir })];
  const [one, other] = await Promise.all(libraries.map((library) => library.load(small)));
  expect(one!.frames).toHaveLength(20);
  expect(one!.frames.map(({ key }) => key)).toEqual(Array.from({ length: 20 }, (_, at) => at % 5 === 0));
  expect(one!.parameterSets.map((unit) => unit[0]! & 0x1f)).toEqual([7, 8]);
  expect(other!.frames).toHaveLength(20);
  expect(await readdir(cacheDir)).toHaveLength(1);
});

test('a cached clip needs no FFmpeg, a damaged one is made again', async () => {
  const cached = await new ClipLibrary({ ffmpegPath: '/nowhere/ffmpeg', cacheDir }).load(small);
  expect(cached.frames).toHaveLength(20);
  const [file] = await readdir(cacheDir);
  await writeFile(join(cacheDir, file!), 'not a clip');
  const again = await new ClipLibrary({ ffmpegPath, cacheDir }).load(small);
  expect(again.frames).toHaveLength(20);
});

test('H.265, B-frames and sound', async () => {
  const library = new ClipLibrary({ ffmpegPath, cacheDir });
  const h265 = await library.load({ ...small, codec: 'h265' });
  expect(h265.parameterSets.map((unit) => (unit[0]! >> 1) & 0x3f)).toEqual([32, 33, 34]);
  const reordered = await library.load({ ...small, bFrames: 2, audio: 'pcma' });
  expect(reordered.frames.some(({ reorderFrames }) => reorderFrames > 1)).toBe(true);
  expect(reordered.audio?.frames).toHaveLength(50);
  const aac = await library.load({ ...small, seconds: 8, audio: 'aac' });
  expect(aac.audio?.frames).toHaveLength(125);
});

test('the frame counter survives a low bit rate, scaling and a second encoder', async () => {
  const poor = clipParameters({ bitrateKbps: 80, seconds: 3 });
  const { frames } = await new ClipLibrary({ ffmpegPath, cacheDir }).load(poor);
  const startCode = Buffer.from([0, 0, 0, 1]);
  const [file, again] = [join(cacheDir, 'poor.h264'), join(cacheDir, 'again.h264')];
  await writeFile(file, Buffer.concat(frames.flatMap(({ units }) => units.flatMap((unit) => [startCode, unit]))));
  const scaled = ['-i', file, '-vf', 'scale=426:240', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '38', again];
  await runFfmpeg({ ffmpegPath, args: ['-loglevel', 'error', '-y', ...scaled] });
  expect(await decodeFrameCounters({ ffmpegPath, file: again })).toEqual([...frames.keys()]);
});

test('without FFmpeg the failure says so, and a later attempt may succeed', async () => {
  const library = new ClipLibrary({ ffmpegPath: '/nowhere/ffmpeg', cacheDir });
  const other = { ...small, label: 'Other' };
  await expect(library.load(other)).rejects.toThrow(FfmpegError);
  await expect(library.load(other)).rejects.toMatchObject({ failure: 'not-runnable' });
});

test('impossible clips are refused before FFmpeg is asked', () => {
  expect(() => clipParameters({ width: 641 })).toThrow(RangeError);
  expect(() => clipParameters({ fps: 0 })).toThrow(RangeError);
  expect(() => clipParameters({ gopFrames: 1.5 })).toThrow(RangeError);
});

test('the encoder is asked for closed GOPs of fixed length', () => {
  expect(encoderArgs(small).join(' ')).toBe(
    '-hide_banner -loglevel error -y -f rawvideo -pix_fmt yuv420p -s 192x108 -framerate 10 -i pipe:0 -map 0:v ' +
      '-vf setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709 -c:v libx264 -preset veryfast ' +
      '-profile:v main -flags +cgop -sc_threshold 0 -g 5 -keyint_min 5 -bf 0 -b:v 200k -maxrate 200k -bufsize 200k ' +
      '-f tee [f=h264]video.bin|[f=framecrc]packets.txt',
  );
});
