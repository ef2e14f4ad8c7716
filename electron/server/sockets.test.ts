import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import type { LiveFragment, LiveInit } from '../contract/worker-protocol.ts';
import type { LiveListener } from './ports.ts';
import { ADMIN, cookieOf, RefusedUpgrade, TestServer, type TestSocket } from './testing/test-server.ts';

let server: TestServer;
let camera: Camera;
let live: string;

beforeEach(async () => {
  server = await TestServer.start();
  await server.setUp();
  camera = server.engine.add({ name: 'Yard', source: { url: 'rtsp://192.0.2.1/' } });
  live = `/api/v1/cameras/${camera.id}/live`;
});

afterEach(() => server.close());

/** Waits for a condition that no event announces. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !isTrue(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
}

async function source(stream: 'main' | 'sub' = 'main'): Promise<LiveListener> {
  await until(() => server.engine.watched(camera.id, stream) !== undefined);
  return server.engine.watched(camera.id, stream)!;
}

function init(text: string): LiveInit {
  return {
    type: 'liveInit',
    cameraId: camera.id,
    stream: 'main',
    mimeType: 'video/mp4; codecs="avc1.64001f,mp4a.40.2"',
    width: 640,
    height: 360,
    bytes: Buffer.from(text),
    videoOnly: { mimeType: 'video/mp4; codecs="avc1.64001f"', bytes: Buffer.from(`${text} without audio`) },
  };
}

function fragment(text: string, keyFrame = false, track: LiveFragment['track'] = 'video'): LiveFragment {
  return { type: 'liveFragment', cameraId: camera.id, stream: 'main', keyFrame, track, bytes: Buffer.from(text) };
}

async function texts(socket: TestSocket, count: number): Promise<unknown[]> {
  const found = [];
  for (let index = 0; index < count; index += 1) {
    const message = await socket.next();
    found.push(Buffer.isBuffer(message) ? message.toString() : (message as { type: string }).type);
  }
  return found;
}

describe('live', () => {
  test('a viewer gets the init message, the init segment, and fragments from the first key frame on', async () => {
    const viewer = await server.open(live);
    const tap = await source();
    tap.onInit(init('init'));
    tap.onFragment(fragment('before'));
    tap.onFragment(fragment('key', true));
    tap.onFragment(fragment('sound', true, 'audio'));
    tap.onFragment(fragment('next'));
    expect(await viewer.next()).toEqual({
      type: 'init',
      mimeType: 'video/mp4; codecs="avc1.64001f,mp4a.40.2"',
      width: 640,
      height: 360,
      hasAudio: true,
    });
    expect(await texts(viewer, 4)).toEqual(['init', 'key', 'sound', 'next']);
  });

  test('who comes later gets the GOP that is under way, from one watch', async () => {
    await server.open(live);
    const tap = await source();
    tap.onInit(init('init'));
    for (const text of ['old key', 'old']) tap.onFragment(fragment(text, text === 'old key'));
    for (const text of ['key', 'a', 'b']) tap.onFragment(fragment(text, text === 'key'));
    const late = await server.open(live);
    expect(await texts(late, 5)).toEqual(['init', 'init', 'key', 'a', 'b']);
    tap.onFragment(fragment('c'));
    expect(await texts(late, 1)).toEqual(['c']);
    expect(server.engine.watchCount).toBe(1);
  });

  test('without sound there is no audio track in the init segment and no fragment of it', async () => {
    const viewer = await server.open(`${live}?audio=off`);
    const tap = await source();
    tap.onInit(init('init'));
    tap.onFragment(fragment('key', true));
    tap.onFragment(fragment('sound', true, 'audio'));
    tap.onFragment(fragment('both', false, 'both'));
    tap.onFragment(fragment('next'));
    expect(await viewer.next()).toMatchObject({ mimeType: 'video/mp4; codecs="avc1.64001f"', hasAudio: true });
    expect(await texts(viewer, 3)).toEqual(['init without audio', 'key', 'next']);
    const late = await server.open(`${live}?audio=off`);
    expect(await texts(late, 4)).toEqual(['init', 'init without audio', 'key', 'next']);
  });

  test('main stream and sub-stream are watched apart', async () => {
    await expect(server.open(`${live}?stream=sub`)).rejects.toEqual(new RefusedUpgrade(404));
    camera.source.subUrl = 'rtsp://192.0.2.1/sub';
    await server.open(live);
    const sub = await server.open(`${live}?stream=sub`);
    (await source('sub')).onInit({ ...init('sub'), stream: 'sub' });
    expect(await texts(sub, 2)).toEqual(['init', 'sub']);
    expect(server.engine.watchCount).toBe(2);
  });

  test('when the camera goes away the viewer is told why, and goes on when it is back', async () => {
    const viewer = await server.open(live);
    const tap = await source();
    tap.onInit(init('first'));
    tap.onFragment(fragment('key', true));
    tap.onEnded('stalled');
    expect(await texts(viewer, 3)).toEqual(['init', 'first', 'key']);
    expect(await viewer.next()).toEqual({ type: 'ended', reason: 'stalled' });
    const late = await server.open(live);
    expect(await late.next()).toEqual({ type: 'ended', reason: 'stalled' });
    tap.onInit(init('second'));
    tap.onFragment(fragment('not a key frame'));
    tap.onFragment(fragment('key 2', true));
    for (const socket of [viewer, late]) expect(await texts(socket, 3)).toEqual(['init', 'second', 'key 2']);
  });

  test('a disabled camera says so', async () => {
    camera.enabled = false;
    const viewer = await server.open(live);
    expect(await viewer.next()).toEqual({ type: 'ended', reason: 'disabled' });
    (await source()).onInit(init('enabled now'));
    expect(await texts(viewer, 2)).toEqual(['init', 'enabled now']);
  });

  test('a deleted camera says so and closes its sockets', async () => {
    const viewer = await server.open(live);
    (await source()).onInit(init('init'));
    expect(await texts(viewer, 2)).toEqual(['init', 'init']);
    expect((await server.ask(`/api/v1/cameras/${camera.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await viewer.next()).toEqual({ type: 'ended', reason: 'removed' });
    expect(await viewer.closed).toEqual({ code: 1000, reason: 'camera removed' });
    expect(server.engine.watches.size).toBe(0);
  });

  test('a viewer who does not read loses frames; others lose none', async () => {
    const slow = await server.open(live);
    const fast = await server.open(live);
    slow.socket.pause();
    const tap = await source();
    tap.onInit(init('init'));
    expect(await texts(fast, 2)).toEqual(['init', 'init']);
    const frames = 128;
    const size = 256 * 1024;
    // 32 MiB: far more than the sockets' own buffers hold.
    for (let frame = 0; frame < frames; frame += 1) {
      const bytes = Buffer.alloc(size, frame);
      tap.onFragment({ ...fragment(''), keyFrame: frame % 10 === 0, bytes });
      expect(bytes.equals((await fast.next()) as Buffer)).toBe(true);
    }
    expect((await server.ask('/api/v1/metrics')).body.toString()).toMatch(/dropped_frames_total [1-9]\d*\n/);

    slow.socket.resume();
    expect(await texts(slow, 2)).toEqual(['init', 'init']);
    let received = 0;
    // What was under way when the viewer fell behind still comes; then nothing, until a key frame finds room.
    const feeder = setInterval(() => tap.onFragment({ ...fragment('key again'), keyFrame: true }), 5);
    for (;;) {
      const message = await slow.next();
      if (!Buffer.isBuffer(message)) {
        const told = message as { type: string; frames: number };
        expect(told.type).toBe('dropped');
        expect(received + told.frames).toBeGreaterThanOrEqual(frames);
        break;
      }
      expect([message.length, message[0]]).toEqual([size, received]);
      received += 1;
    }
    clearInterval(feeder);
    expect(await texts(slow, 1)).toEqual(['key again']);
  });

  test('clients have nothing to say: a large message or a flood ends the socket, a word does not', async () => {
    const viewer = await server.open(live);
    viewer.socket.send('hello');
    (await source()).onInit(init('init'));
    expect(await texts(viewer, 2)).toEqual(['init', 'init']);
    const large = await server.open(live);
    large.socket.send('x'.repeat(5000));
    expect((await large.closed).code).toBe(1009);
    const flood = await server.open(live);
    for (let message = 0; message < 200; message += 1) flood.socket.send('x');
    expect((await flood.closed).code).toBe(1008);
  });

  test('an ordinary request is told to use a WebSocket', async () => {
    expect((await server.ask(live)).json).toMatchObject({ status: 400, type: '/problems/invalid-request' });
  });
});

describe('feed', () => {
  test('begins with a snapshot, then tells what changes', async () => {
    const feed = await server.open('/api/v1/feed');
    expect(await feed.next()).toMatchObject({ type: 'snapshot', cameras: [{ id: camera.id }] });
    server.engine.publish({ type: 'recorded', cameraId: camera.id, endMs: 5 });
    expect(await feed.next()).toEqual({ type: 'recorded', cameraId: camera.id, endMs: 5 });
  });

  test('a reader who is too slow is sent away, others are not', async () => {
    const slow = await server.open('/api/v1/feed');
    const fast = await server.open('/api/v1/feed');
    await Promise.all([slow.next(), fast.next()]);
    slow.socket.pause();
    const message = { type: 'exportRemoved', exportId: 'x'.repeat(100_000) } as const;
    for (let index = 0; index < 300; index += 1) {
      server.engine.publish(message);
      expect(await fast.next()).toEqual(message);
    }
    slow.socket.resume();
    expect(await slow.closed).toEqual({ code: 1013, reason: 'too slow' });
    const again = await server.open('/api/v1/feed');
    expect(await again.next()).toMatchObject({ type: 'snapshot' });
  });
});

describe('sessions and sockets', () => {
  test('logging out closes the sockets of this session and no others', async () => {
    const login = await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true });
    const headers = { cookie: cookieOf(login) };
    const own = [await server.open('/api/v1/feed'), await server.open(live)];
    const other = await server.open('/api/v1/feed', { headers });
    await other.next();
    await server.ask('/api/v1/session', { method: 'DELETE' });
    for (const socket of own) expect(await socket.closed).toEqual({ code: 1008, reason: 'logged out' });
    server.engine.publish({ type: 'recorded', cameraId: camera.id, endMs: 1 });
    expect(await other.next()).toMatchObject({ type: 'recorded' });
  });

  test('a changed password closes the sockets of the other sessions', async () => {
    const login = await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true });
    const other = await server.open('/api/v1/feed', { headers: { cookie: cookieOf(login) } });
    const own = await server.open('/api/v1/feed');
    await own.next();
    const body = { currentPassword: ADMIN.password, newPassword: 'another horse' };
    expect((await server.ask('/api/v1/session/password', { method: 'PUT', body })).status).toBe(204);
    expect((await other.closed).code).toBe(1008);
    server.engine.publish({ type: 'recorded', cameraId: camera.id, endMs: 1 });
    expect(await own.next()).toMatchObject({ type: 'recorded' });
  });
});

/** Whether it ends well or is reset. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('closing', () => {
  test('ends WebSockets, idle and half-sent requests, also with peers who do not answer', async () => {
    const feed = await server.open('/api/v1/feed');
    const deaf = await server.open(live);
    deaf.socket.pause();
    const idle = connect(server.port, '127.0.0.1');
    const half = connect(server.port, '127.0.0.1');
    await Promise.all([once(idle, 'connect'), once(half, 'connect')]);
    half.write('POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
    for (const socket of [idle, half]) socket.on('error', () => {});
    const ended = [idle, half].map(closeOf);
    for (const socket of [idle, half]) socket.resume();
    await server.closeServer();
    expect((await feed.closed).code).toBe(1001);
    await Promise.all(ended);
    await server.closeServer();
    expect(server.engine.watches.size).toBe(0);
    expect(server.engine.feedListeners.size).toBe(0);
  });

  test('a refused upgrade leaves no socket behind', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.resume();
    socket.write(
      'GET /% HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'data');
    const ended = closeOf(socket);
    await server.closeServer();
    await ended;
  });

  test('an offer of HTTP/2 is answered in HTTP/1.1', async () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
    expect((await server.ask('/api/v1/health', { headers })).status).toBe(200);
  });
});
