import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage } from '../contract/feed.ts';
import type { CameraAssignment } from '../contract/worker-protocol.ts';
import { openDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { CameraManager, type DemoSources } from './camera-manager.ts';
import { createLog } from './log.ts';
import { SecretBox } from './secret-box.ts';

const nothing = { segments: 0, bytes: 0 };
const never = new AbortController().signal;
const secretBox = new SecretBox(randomBytes(32));

let folder: string;
let store: Store;
let logged: string;
let told: (CameraAssignment | { removed: string })[];
let causes: string[];
let published: FeedMessage[];
let probed: string[];
let demoPort: number | undefined;
let manager: CameraManager;

function createManager(): CameraManager {
  const demo: DemoSources = {
    resolve: (key, stream) => (demoPort === undefined ? undefined : `rtsp://127.0.0.1:${demoPort}/${key}/${stream}`),
    resolveSoon: (key, stream) => Promise.resolve(`rtsp://127.0.0.1:1/${key}/${stream}`),
    ensureRunning: () => {},
  };
  return new CameraManager({
    store,
    secretBox,
    pool: {
      setCamera: (camera) => told.push(camera),
      removeCamera: (removed) => told.push({ removed }),
      snapshot: () => Promise.resolve(undefined),
      probe: (url) => {
        probed.push(url);
        return Promise.resolve({ video: { codec: 'avc1', width: 1, height: 1, fps: 0, bitrateBps: 0 } });
      },
    },
    ledger: {
      cameraAdded: () => causes.push('added'),
      cameraCause: (_id, cause, detail) => causes.push(detail === undefined ? cause : `${cause}: ${detail}`),
      cameraRemoved: () => causes.push('removed'),
      footage: () => nothing,
    },
    demo,
    clock: { nowMs: () => 1_700_000_000_000 },
    log: createLog('debug', (line) => (logged += line)),
    publish: (message) => published.push(message),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-cameras-'));
  store = await openDatabase(join(folder, 'atalaya.db'));
  logged = '';
  [told, causes, published, probed] = [[], [], [], []];
  demoPort = undefined;
  manager = createManager();
  manager.run(undefined);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

const add = (url = 'rtsp://admin:hunter2@cam/main') => manager.create({ name: 'Yard', source: { url } });

describe('CameraManager', () => {
  it('gives the worker the password and nobody else', async () => {
    const camera = await add();
    expect(told).toMatchObject([
      { cameraId: camera.id, streams: [{ url: 'rtsp://admin:hunter2@cam/main', record: true }] },
    ]);
    expect(camera.source).toEqual({
      url: 'rtsp://cam/main',
      transport: 'tcp',
      hasCredentials: true,
      username: 'admin',
    });
    await manager.update(camera.id, { source: { password: 'tiger' } });
    expect(JSON.stringify([manager.list(), published, logged])).not.toMatch(/hunter2|tiger/);
  });

  it('finds its cameras, with their passwords, after a restart', async () => {
    const camera = await add();
    await manager.create({ name: 'Off', enabled: false, source: { url: 'rtsp://cam/2' } });
    told = [];
    manager = createManager();
    manager.load();
    expect(told).toEqual([]);
    manager.run(undefined);
    expect(told).toMatchObject([{ cameraId: camera.id, streams: [{ url: 'rtsp://admin:hunter2@cam/main' }] }]);
    expect(manager.list().map(({ name, status }) => [name, status.state])).toEqual([
      ['Yard', 'connecting'],
      ['Off', 'disabled'],
    ]);
  });

  it('does not interrupt a camera that only gets another name', async () => {
    const { id } = await add();
    [told, causes] = [[], []];
    await manager.update(id, { name: 'Garden' });
    await manager.update(id, { enabled: true, source: { url: 'rtsp://cam/main' }, recording: { mode: 'continuous' } });
    expect(told).toEqual([]);
    expect(causes).toEqual([]);
    expect(manager.get(id)?.name).toBe('Garden');
  });

  it('says why each camera is not recorded', async () => {
    const { id } = await add();
    await manager.update(id, { enabled: false });
    await manager.update(id, { enabled: true });
    await manager.update(id, { recording: { mode: 'off' } });
    await manager.update(id, { recording: { mode: 'continuous' } });
    await manager.update(id, { source: { transport: 'udp' } });
    await manager.remove(id);
    expect(causes).toEqual([
      'added',
      'camera-offline: connecting for the first time',
      'disabled',
      'camera-offline: connecting',
      'disabled: recording is switched off',
      'camera-offline: connecting',
      'camera-offline: the settings of the camera were changed',
      'removed',
    ]);
    expect(told.at(-1)).toEqual({ removed: id });
    expect(published.at(-1)).toEqual({ type: 'cameraRemoved', cameraId: id });
    expect(await manager.update(id, {})).toBeUndefined();
    expect(await manager.remove(id)).toBe(false);
  });

  it('goes on knowing about the stream that a change leaves alone', async () => {
    const { id } = await manager.create({ name: 'Yard', source: { url: 'rtsp://cam/main', subUrl: 'rtsp://cam/sub' } });
    const online = (stream: 'main' | 'sub') =>
      manager.handle({ type: 'streamState', cameraId: id, stream, state: 'online', sinceMs: 7 });
    online('main');
    online('sub');
    causes = [];
    const otherSub = await manager.update(id, { source: { subUrl: 'rtsp://cam/small' } });
    expect(otherSub?.status).toMatchObject({ state: 'online', sinceMs: 7, sub: { state: 'connecting' } });
    expect(causes).toEqual([]);
    online('sub');
    const otherMain = await manager.update(id, { source: { url: 'rtsp://cam/large' } });
    expect(otherMain?.status).toMatchObject({ state: 'connecting', sub: { state: 'online', sinceMs: 7 } });
    expect(causes).toEqual(['camera-offline: the settings of the camera were changed']);
    online('main');
    const noSub = await manager.update(id, { source: { subUrl: null } });
    expect(noSub?.status).toEqual({ state: 'online', sinceMs: 7, recording: false });
  });

  it('keeps the live view of a camera that is not recorded', async () => {
    const { id } = await add();
    await manager.update(id, { recording: { mode: 'off' } });
    expect(told.at(-1)).toMatchObject({ cameraId: id, streams: [{ stream: 'main', record: false }] });
  });

  it('does not hear the last words of a camera that was disabled', async () => {
    const { id } = await add();
    await manager.update(id, { enabled: false });
    manager.handle({ type: 'streamState', cameraId: id, stream: 'main', state: 'offline', sinceMs: 1 });
    expect(manager.get(id)?.status.state).toBe('disabled');
  });

  it('is offline with the way out while FFmpeg is missing, and runs when it is there', async () => {
    manager.run({ failure: 'ffmpeg-missing', message: 'Install FFmpeg.' });
    const { id } = await add();
    expect(told).toEqual([]);
    expect(manager.get(id)?.status).toMatchObject({ state: 'offline', lastError: { failure: 'ffmpeg-missing' } });
    await expect(manager.probe({ url: 'rtsp://cam/' }, never)).rejects.toMatchObject({ kind: 'ffmpeg-missing' });
    manager.run(undefined);
    expect(told).toHaveLength(1);
    expect(manager.get(id)?.status.state).toBe('connecting');
  });

  it('runs demo cameras once the simulator listens, again when its port has changed', async () => {
    const camera = await add('demo:gate');
    expect(camera).toMatchObject({
      demo: true,
      source: { url: 'demo:gate', subUrl: 'demo:gate', hasCredentials: false },
    });
    expect(told).toEqual([]);
    for (demoPort of [1111, 2222]) {
      manager.refreshDemo();
      expect(told.at(-1)).toMatchObject({
        streams: [{ url: `rtsp://127.0.0.1:${demoPort}/gate/main` }, { url: `rtsp://127.0.0.1:${demoPort}/gate/sub` }],
      });
    }
  });

  it('probes with the stored password on the same server only', async () => {
    const { id: cameraId } = await add();
    await manager.probe({ url: 'rtsp://cam/other', cameraId }, never);
    await manager.probe({ url: 'rtsp://evil/main', cameraId }, never);
    await manager.probe({ url: 'rtsp://cam/main', username: 'ana', password: 'x y', cameraId }, never);
    await manager.probe({ url: 'demo:yard' }, never);
    expect(probed).toEqual([
      'rtsp://admin:hunter2@cam/other',
      'rtsp://evil/main',
      'rtsp://ana:x%20y@cam/main',
      'rtsp://127.0.0.1:1/yard/main',
    ]);
  });

  it('probes a stored sub-stream with all that it is run with', async () => {
    const source = { url: 'rtsp://admin:hunter2@cam/main', subUrl: 'http://cam:8080/sub?password=s3cret' };
    const { id: cameraId } = await manager.create({ name: 'Yard', source });
    await manager.probe({ url: 'http://cam:8080/sub?password=***', cameraId }, never);
    await manager.probe({ url: 'http://cam:8080/sub?password=***', username: 'ana', password: 'x', cameraId }, never);
    expect(probed).toEqual([
      'http://admin:hunter2@cam:8080/sub?password=s3cret',
      'http://ana:x@cam:8080/sub?password=s3cret',
    ]);
  });

  it('changes nothing when a change is refused', async () => {
    const { id } = await add();
    told = [];
    await expect(manager.update(id, { name: 'New', source: { url: 'demo:nowhere' } })).rejects.toThrow(
      'no demo camera',
    );
    expect(manager.get(id)?.name).toBe('Yard');
    expect(told).toEqual([]);
  });
});
