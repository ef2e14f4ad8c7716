import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FragmentSplitter, type Fragment } from '../mp4/fragment-splitter.ts';
import type { InitSegment } from '../mp4/init-segment.ts';
import { TestMedia } from '../mp4/test-media.ts';
import type { PlayableSegment } from './ports.ts';
import { TestServer } from './testing/test-server.ts';

const run = promisify(execFile);

const T = Date.UTC(2026, 10, 20, 12);
/** As TestMedia makes them: 25 frames per second, a key frame every 10. */
const GOP_MS = 400;
const GOP_FRAMES = 10;

let server: TestServer;
let media: TestMedia;
let cameraId: string;

beforeAll(async () => {
  server = await TestServer.start();
  await server.setUp();
  media = await TestMedia.create();
  cameraId = server.engine.add({ name: 'Yard', source: { url: 'rtsp://192.0.2.1/' } }).id;
  const first = await media.createClip({ name: 'first.mp4', frames: 100, withAudio: true });
  const second = await media.createClip({ name: 'second.mp4', frames: 50, withAudio: true });
  // One run cut into three files, then a minute without footage, then another run. Its picture is of the same size:
  // FFmpeg's HLS reader keeps the first init segment's decoder configuration, which players do not.
  await record(first, 'run 1', T, [4, 4, 2]);
  await record(second, 'run 2', T + 64_000, [5]);
});

afterAll(async () => {
  await server.close();
  await media.close();
});

/** Cuts a clip at its key frames into recorded files of so many GOPs each. */
async function record(clip: string, runId: string, startMs: number, gopsPerFile: number[]): Promise<void> {
  let init: InitSegment | undefined;
  const gops: Fragment[][] = [];
  const splitter = new FragmentSplitter({
    onInit: (found) => {
      init = found;
    },
    onFragment: (fragment) => {
      const video = init!.tracks.find((track) => track.kind === 'video')!;
      if (fragment.runs.some((one) => one.trackId === video.trackId && one.keyFrame)) gops.push([]);
      gops.at(-1)?.push(fragment);
    },
  });
  splitter.push(await readFile(clip));
  const { bytes: initBytes, mimeType, tracks } = init!;
  let timeMs = startMs;
  for (const count of gopsPerFile) {
    const id = uuidv7();
    const path = join(server.folder, `${id}.mp4`);
    const parts = [initBytes];
    let offsetBytes = initBytes.length;
    const keyFrames = gops.splice(0, count).map((gop, index) => {
      const keyFrame = { timeMs: timeMs + index * GOP_MS, offsetBytes };
      for (const { bytes } of gop) {
        parts.push(bytes);
        offsetBytes += bytes.length;
      }
      return keyFrame;
    });
    await writeFile(path, Buffer.concat(parts));
    const endMs = timeMs + count * GOP_MS;
    const { width = 0, height = 0 } = tracks.find((track) => track.kind === 'video')!;
    const segment: PlayableSegment = {
      ...{
        id,
        stream: 'main',
        startMs: timeMs,
        endMs,
        bytes: offsetBytes,
        initBytes: initBytes.length,
        runId,
        mimeType,
      },
      ...{ width, height, keyFrames, trigger: 'continuous' },
    };
    server.engine.playable.push(segment);
    server.engine.segmentFiles.set(id, { path, bytes: offsetBytes, cameraId, closed: true });
    timeMs = endMs;
  }
}

interface Frame {
  media_type: string;
  pts_time: string;
}

async function frames(fromMs: number, toMs: number, kind: 'v' | 'a'): Promise<Frame[]> {
  const url = `http://127.0.0.1:${server.port}/api/v1/cameras/${cameraId}/playback.m3u8?fromMs=${fromMs}&toMs=${toMs}`;
  const { stdout, stderr } = await run(
    'ffprobe',
    [
      ...['-v', 'warning', '-headers', `Cookie: ${server.cookie!}\r\n`, '-select_streams', kind],
      ...['-show_frames', '-show_entries', 'frame=media_type,pts_time', '-of', 'json', url],
    ],
    { timeout: 30_000 },
  );
  expect(stderr.split('\n').filter((line) => /error|invalid|corrupt/i.test(line))).toEqual([]);
  return (JSON.parse(stdout) as { frames: Frame[] }).frames;
}

test('FFmpeg plays every frame across the files of a run, evenly', async () => {
  const found = await frames(T, T + 4000, 'v');
  expect(found).toHaveLength(100);
  const times = found.map((frame) => Number(frame.pts_time));
  for (const [index, time] of times.entries()) {
    if (index > 0) expect(time - times[index - 1]!).toBeCloseTo(0.04, 3);
  }
  const sound = await frames(T, T + 4000, 'a');
  // 1024 samples at 16 kHz are 64 ms.
  expect(sound.length).toBeGreaterThanOrEqual(Math.floor(4000 / 64));
});

test('FFmpeg plays on after a gap', async () => {
  // Both runs begin at the same media time, and FFmpeg's index has room for one frame of a time: it shows one less.
  expect(await frames(T, T + 120_000, 'v')).toHaveLength(149);
  expect(await frames(T + 10_000, T + 120_000, 'v')).toHaveLength(50);
});

test('a range is played from the GOP of its start to the GOP of its end', async () => {
  expect(await frames(T + 1000, T + 1001, 'v')).toHaveLength(GOP_FRAMES);
  expect(await frames(T + 1500, T + 1700, 'v')).toHaveLength(2 * GOP_FRAMES);
});

test('each file plays by itself', async () => {
  const { id } = server.engine.playable[1]!;
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-headers', `Cookie: ${server.cookie!}\r\n`, '-count_frames', '-select_streams', 'v'],
    ...['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0'],
    `http://127.0.0.1:${server.port}/api/v1/segments/${id}.mp4`,
  ]);
  expect(stdout.trim()).toBe(String(4 * GOP_FRAMES));
});

test('where nothing is recorded there is no playlist', async () => {
  const path = `/api/v1/cameras/${cameraId}/playback.m3u8`;
  expect((await server.ask(`${path}?fromMs=${T + 10_000}&toMs=${T + 20_000}`)).json).toMatchObject({
    status: 404,
    type: '/problems/not-found',
  });
  expect((await server.ask(`${path}?fromMs=${T}&toMs=${T + 1000}&stream=sub`)).status).toBe(404);
  const found = await server.ask(`${path}?fromMs=${T}&toMs=${T + 1000}`);
  expect(found.headers['content-type']).toBe('application/vnd.apple.mpegurl');
  expect(found.body.toString()).toMatch(/^#EXTM3U\n/);
});
