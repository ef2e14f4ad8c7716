import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera, ProbeResult } from '../contract/camera.ts';
import type { ExportJob } from '../contract/exports.ts';
import type { Timeline } from '../contract/recordings.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { decodeFrameCounters, findCounterBreaks } from '../simulator/frame-counter.ts';
import { FFMPEG, startCameras, TestEngine, TestFolder, waitFor } from './harness.ts';
import { decode, findUntiled, frameNumbers, recordedFiles } from './media.ts';

const CLIP = clipParameters({ audio: 'pcmu' });

let folder: TestFolder;
let simulator: CameraSimulator;
let engine: TestEngine;
let camera: Camera;

beforeAll(async () => {
  folder = await TestFolder.create();
  simulator = await startCameras([
    { path: 'yard/main', clip: CLIP, sei: true },
    { path: 'yard/sub', clip: clipParameters({ width: 320, height: 180, bitrateKbps: 200 }) },
  ]);
  engine = await TestEngine.start(folder);
});
afterAll(async () => {
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

/** Until so much is recorded, from the camera's first frame. */
const recorded = (ms: number) =>
  waitFor(`${ms} ms of footage`, async () => {
    const { coverage } = await engine.api.recordings(camera);
    return coverage.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) >= ms && coverage[0];
  });

describe('a camera added by the API', () => {
  it('is probed first: codec, size, sound and a picture', async () => {
    const { status, body } = await engine.api.send<ProbeResult>('POST', '/cameras/probe', {
      url: simulator.url('yard/main'),
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ video: { width: 640, height: 360 }, audio: { recordedAs: expect.any(String) } });
    expect(body.video.codec).toMatch(/^avc1\./);
    expect(Buffer.from(body.pictureBase64!, 'base64').subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8));
  });

  it('is recorded, with one session per stream', async () => {
    const source = { url: simulator.url('yard/main'), subUrl: simulator.url('yard/sub') };
    camera = await engine.api.addCamera({ name: 'Yard', source });
    expect(camera).toMatchObject({ name: 'Yard', enabled: true, recording: { mode: 'continuous' }, demo: false });
    await recorded(5_000);
    const { status } = await waitFor('figures', async () => {
      const now = await engine.api.camera(camera.id);
      return now.status.sub?.state === 'online' && (now.status.video?.fps ?? 0) > 0 && now;
    });
    expect(status).toMatchObject({ state: 'online', recording: true, video: { width: 640, height: 360 } });
    expect(status.audio?.codec).toMatch(/^mp4a/);
    expect(status.sub?.video).toMatchObject({ width: 320, height: 180 });
    expect(simulator.stats).toMatchObject({ connectedClients: 2, framesDropped: 0 });
  });

  it('tiles its life with coverage and gaps while it is being recorded', async () => {
    const recordings = await engine.api.recordings(camera);
    expect(findUntiled(recordings, camera.createdMs)).toEqual([]);
    expect(recordings.gaps[0]).toMatchObject({ startMs: camera.createdMs, cause: 'camera-offline' });
  });

  it('stands on the timeline', async () => {
    const toMs = Date.now();
    const query = `cameraIds=${camera.id}&fromMs=${camera.createdMs}&toMs=${toMs}&bucketMs=1000`;
    const timeline = await engine.api.get<Timeline>(`/timeline?${query}`);
    const [row] = timeline.cameras;
    expect(row).toMatchObject({ cameraId: camera.id, lifeStartMs: camera.createdMs });
    expect(row!.coveredMs.filter((coveredMs) => coveredMs === 1000).length).toBeGreaterThanOrEqual(3);
  });

  it('plays from its playlist, every frame', async () => {
    const { startMs } = await recorded(6_000);
    const playlist = `/cameras/${camera.id}/playback.m3u8?fromMs=${startMs}&toMs=${startMs + 4_000}`;
    const { frames } = await decode(`${engine.url}/api/v1${playlist}`, engine.api.headers);
    expect(frames).toBeGreaterThanOrEqual(4 * 15);
  });

  it('gives a snapshot', async () => {
    const jpeg = await engine.api.bytes(`/cameras/${camera.id}/snapshot.jpg`);
    await writeFile(join(folder.path, 'snapshot.jpg'), jpeg);
    expect(await decode(join(folder.path, 'snapshot.jpg'))).toEqual({ frames: 1 });
  });

  it('is not interrupted by another name', async () => {
    const before = simulator.stats.sessionsOpened;
    await engine.api.patchCamera(camera.id, { name: 'Garden' });
    await recorded(9_000);
    expect(simulator.stats.sessionsOpened).toBe(before);
    expect((await engine.api.recordings(camera)).coverage).toHaveLength(1);
  });

  it('is exported as one MP4, from the key frame before the range', async () => {
    const { startMs } = await recorded(9_000);
    const request = { cameraIds: [camera.id], fromMs: startMs + 1_000, toMs: startMs + 7_000, format: 'mp4' };
    const { status, body } = await engine.api.send<ExportJob>('POST', '/exports', request);
    expect(status).toBe(202);
    const job = await waitFor('the export', async () => {
      const now = await engine.api.get<ExportJob>(`/exports/${body.id}`);
      return (now.state === 'done' || now.state === 'failed') && now;
    });
    expect(job).toMatchObject({ state: 'done', progress: 1, files: [{ cameraId: camera.id, gaps: [] }] });
    const path = join(folder.path, 'export.mp4');
    await writeFile(path, await engine.api.bytes(`/exports/${job.id}/file`));
    const numbers = await decodeFrameCounters({ ffmpegPath: FFMPEG, file: path });
    expect(findCounterBreaks(numbers, CLIP.fps * CLIP.seconds)).toEqual([]);
    expect(numbers.length).toBeGreaterThanOrEqual(6 * CLIP.fps);
    expect(numbers.length).toBeLessThanOrEqual(6 * CLIP.fps + CLIP.gopFrames + 1);
    expect(await engine.api.send('DELETE', `/exports/${job.id}`)).toMatchObject({ status: 204 });
  });

  it('lies on disk without a missing frame after a clean stop', async () => {
    expect(await engine.end('SIGTERM')).toMatchObject({ code: 0 });
    const files = await recordedFiles(folder.recordingsDir);
    for (const file of files) expect((await decode(file)).frames).toBeGreaterThan(0);
    const numbers = await frameNumbers(files);
    expect(numbers.length).toBeGreaterThan(9 * 15 - 1);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
  });
});
