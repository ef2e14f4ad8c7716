import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { WorkerHarness, startSimulator } from './testing/camera-harness.ts';

let simulator: CameraSimulator;
let worker: WorkerHarness;

beforeAll(async () => {
  simulator = await startSimulator([
    { path: 'h264', clip: clipParameters({ gopFrames: 15, audio: 'pcmu' }) },
    { path: 'h265', clip: clipParameters({ gopFrames: 15, codec: 'h265', width: 1280, height: 720, fps: 10 }) },
    { path: 'locked', clip: clipParameters(), auth: { scheme: 'basic', user: 'a', password: 'b' } },
    { path: 'deaf', clip: clipParameters({ audio: 'aac' }), audioOnly: true },
  ]);
}, 120_000);
afterAll(() => simulator.close());
afterEach(() => worker.close());

async function probe(url: string): Promise<void> {
  worker = await WorkerHarness.start();
  worker.send({ type: 'probe', requestId: 'one', url, transport: 'tcp' });
  await worker.until(
    () => worker.of('probeResult').length + worker.of('probeFailed').length > 0,
    'an answer to the probe',
    15_000,
  );
}

describe('probe', { timeout: 30_000 }, () => {
  it.each([
    ['h264', { codec: 'avc1.4d4016', width: 640, height: 360 }, 15, { codec: 'pcm_mulaw', recordedAs: 'aac' }, 640],
    ['h265', { width: 1280, height: 720 }, 10, undefined, 960],
  ])('%s: finds codec, size, rate and a picture over one connection', async (path, video, fps, audio, pictureWidth) => {
    const opened = simulator.camera(path).stats.sessionsOpened;
    await probe(simulator.url(path));
    const { result } = await worker.message('probeResult');
    expect(result.video).toMatchObject(video);
    expect(Math.abs(result.video.fps - fps)).toBeLessThan(1);
    expect(result.video.bitrateBps).toBeGreaterThan(200_000);
    expect(result.audio).toEqual(audio);
    expect(jpegWidth(Buffer.from(result.pictureBase64 ?? '', 'base64'))).toBe(pictureWidth);
    expect(simulator.camera(path).stats.sessionsOpened).toBe(opened + 1);
    expect(simulator.camera(path).stats.connectedClients).toBe(0);
  });

  it.each([
    ['locked', 'auth-failed'],
    ['attic', 'not-found'],
    ['deaf', 'unsupported'],
  ])('%s: says %s', async (path, failure) => {
    await probe(simulator.url('h264').replace('h264', path));
    expect(worker.of('probeFailed')).toMatchObject([{ failure }]);
  });

  it('says that nobody listens, and refuses a file', async () => {
    await probe('rtsp://127.0.0.1:1/x');
    expect(worker.of('probeFailed')).toMatchObject([{ failure: 'unreachable' }]);
    await worker.close();
    await probe('file:///etc/passwd');
    expect(worker.of('probeFailed')).toMatchObject([{ failure: 'unsupported' }]);
  });

  it.each([
    ['HLS', '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n$\n#EXT-X-ENDLIST\n'],
    ['a list of FFmpeg', 'ffconcat version 1.0\nfile $\n'],
  ])('fetches nothing that a playlist names: %s', async (_name, playlist) => {
    const fetched: unknown[] = [];
    const other = await serve((url) => `${fetched.push(url)}`);
    const camera = await serve(() => playlist.replace('$', `${urlOf(other)}/secret.ts`));
    await probe(`${urlOf(camera)}/live.m3u8`);
    expect(worker.of('probeFailed')).toMatchObject([{ failure: 'unsupported' }]);
    expect(fetched).toEqual([]);
    camera.close();
    other.close();
  });
});

async function serve(answer: (url: string | undefined) => string): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/vnd.apple.mpegurl').end(answer(request.url));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** From the start-of-frame marker (ITU-T T.81 B.2.2). */
function jpegWidth(jpeg: Buffer): number | undefined {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt8(at + 1);
    if (marker >= 0xc0 && marker <= 0xc2) return jpeg.readUInt16BE(at + 7);
  }
  return undefined;
}
