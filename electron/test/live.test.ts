import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, type RawData } from 'ws';
import type { Camera } from '../contract/camera.ts';
import type { FeedMessage } from '../contract/feed.ts';
import type { LiveMessage } from '../contract/live.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { readSeiCounters } from '../simulator/sei-counter.ts';
import { startCameras, TestEngine, TestFolder, waitFor } from './harness.ts';
import { decode } from './media.ts';

let folder: TestFolder;
let simulator: CameraSimulator;
let engine: TestEngine;
let camera: Camera;

beforeAll(async () => {
  folder = await TestFolder.create();
  simulator = await startCameras([{ path: 'garage', clip: clipParameters(), sei: true }]);
  engine = await TestEngine.start(folder);
  camera = await engine.api.addCamera({ name: 'Garage', source: { url: simulator.url('garage') } });
  await recording();
});
afterAll(async () => {
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

const recording = () => waitFor('the recording', async () => (await engine.api.camera(camera.id)).status.recording);

/** A viewer that keeps what it hears. */
class Viewer {
  readonly texts: unknown[] = [];
  readonly parts: Buffer[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) this.parts.push(data as Buffer);
      else this.texts.push(JSON.parse((data as Buffer).toString()));
    });
  }

  static async open(path: string): Promise<Viewer> {
    const url = `${engine.url.replace('http', 'ws')}/api/v1${path}`;
    const socket = new WebSocket(url, { headers: engine.api.headers });
    const viewer = new Viewer(socket);
    await once(socket, 'open');
    return viewer;
  }

  inits(): LiveMessage[] {
    return (this.texts as LiveMessage[]).filter(({ type }) => type === 'init');
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

describe('live view', () => {
  it('begins with a whole GOP and goes on without a missing frame', async () => {
    const viewer = await Viewer.open(`/cameras/${camera.id}/live`);
    await waitFor('two seconds', () => viewer.parts.length > 30);
    const [init] = viewer.inits();
    expect(init).toMatchObject({
      mimeType: expect.stringMatching(/^video\/mp4; codecs="avc1/),
      width: 640,
      height: 360,
    });
    const path = join(folder.path, 'live.mp4');
    await writeFile(path, Buffer.concat(viewer.parts));
    expect((await decode(path)).frames).toBeGreaterThanOrEqual(30);
    const numbers = readSeiCounters(await readFile(path)).map(({ frame }) => frame);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    await viewer.close();
  });

  it('shares one session among its viewers', async () => {
    const viewers = await Promise.all([1, 2, 3].map(() => Viewer.open(`/cameras/${camera.id}/live`)));
    await waitFor('pictures for all', () => viewers.every(({ parts }) => parts.length > 3));
    expect(simulator.stats.connectedClients).toBe(1);
    await Promise.all(viewers.map((viewer) => viewer.close()));
  });

  it('comes back by itself after the camera was away', async () => {
    const viewer = await Viewer.open(`/cameras/${camera.id}/live`);
    await waitFor('a picture', () => viewer.inits().length === 1);
    await simulator.stopListening();
    await waitFor('the loss', async () => (await engine.api.camera(camera.id)).status.state === 'offline');
    await simulator.listen();
    await waitFor('a new start', () => viewer.inits().length === 2);
    const before = viewer.parts.length;
    await waitFor('pictures', () => viewer.parts.length > before + 10);
    await viewer.close();
  });
});

describe('the feed', () => {
  it('begins with everything and tells what changes', async () => {
    await recording();
    const viewer = await Viewer.open('/feed');
    const messages = viewer.texts as FeedMessage[];
    const [snapshot] = await waitFor('the snapshot', () => messages.length > 0 && messages);
    expect(snapshot).toMatchObject({ type: 'snapshot', cameras: [{ id: camera.id }], health: { status: 'ok' } });
    await waitFor('recorded', () => messages.filter(({ type }) => type === 'recorded').length >= 3);
    await engine.api.patchCamera(camera.id, { name: 'Barn' });
    await waitFor('the new name', () => messages.some((m) => m.type === 'camera' && m.camera.name === 'Barn'));
    await engine.api.patchCamera(camera.id, { enabled: false });
    await waitFor('the health', () => messages.some((m) => m.type === 'health' && m.health.camerasEnabled === 0));
    await engine.api.send('DELETE', `/cameras/${camera.id}`);
    await waitFor('the end of the camera', () => messages.some(({ type }) => type === 'cameraRemoved'));
    const { status } = await engine.api.send('GET', `/cameras/${camera.id}`);
    expect(status).toBe(404);
    await viewer.close();
  });
});
