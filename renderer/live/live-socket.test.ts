import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { LiveSocket, type LiveSocketEvents } from './live-socket.ts';

const init = { type: 'init', mimeType: 'video/mp4; codecs="avc1.64001f"', width: 640, height: 360, hasAudio: false };

let server: WebSocketServer;
let viewers: ServerSocket[];
let seen: string[];
let socket: LiveSocket | undefined;

beforeEach(async () => {
  viewers = [];
  seen = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (viewer) => viewers.push(viewer));
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  socket?.close();
  for (const viewer of server.clients) viewer.terminate();
  await new Promise((resolve) => server.close(resolve));
});

it('tells init segments from fragments', async () => {
  socket = connect();
  const viewer = await viewerNumber(0);
  viewer.send(JSON.stringify(init));
  viewer.send(Uint8Array.of(1, 2));
  viewer.send(Uint8Array.of(3));
  viewer.send(JSON.stringify({ type: 'dropped', frames: 7 }));
  viewer.send(Uint8Array.of(4));
  viewer.send(JSON.stringify({ ...init, width: 1280 }));
  viewer.send(Uint8Array.of(5));
  viewer.send(JSON.stringify({ type: 'ended', reason: 'camera offline' }));
  await until(() => seen.length === 6);
  expect(seen).toEqual([
    'init 640: 1,2',
    'fragment 3',
    'dropped 7',
    'fragment 4',
    'init 1280: 5',
    'ended camera offline',
  ]);
});

it('leaves out messages that it does not know', async () => {
  socket = connect();
  const viewer = await viewerNumber(0);
  viewer.send(JSON.stringify({ type: 'weather', sunny: true }));
  viewer.send(Uint8Array.of(9));
  await until(() => seen.length === 1);
  expect(seen).toEqual(['fragment 9']);
});

it('comes back after a lost connection, and waits for a new init', async () => {
  socket = connect();
  (await viewerNumber(0)).terminate();
  const again = await viewerNumber(1);
  again.send(JSON.stringify(init));
  again.send(Uint8Array.of(1));
  await until(() => seen.length === 2);
  expect(seen).toEqual(['lost', 'init 640: 1']);
});

it('comes back at once when told that the camera is there', async () => {
  socket = connect();
  (await viewerNumber(0)).terminate();
  await until(() => seen.includes('lost'));
  socket.retryNow();
  await viewerNumber(1);
});

it('stays away once closed', async () => {
  socket = connect();
  const viewer = await viewerNumber(0);
  const closed = new Promise((resolve) => viewer.once('close', resolve));
  socket.close();
  await closed;
  socket.retryNow();
  expect(seen).toEqual([]);
  expect(viewers).toHaveLength(1);
});

function connect(): LiveSocket {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  const { port } = address;
  const events: LiveSocketEvents = {
    onInit: ({ width }, segment) => seen.push(`init ${width}: ${segment.join()}`),
    onFragment: (fragment) => seen.push(`fragment ${fragment.join()}`),
    onDropped: (frames) => seen.push(`dropped ${frames}`),
    onEnded: (reason) => seen.push(`ended ${reason}`),
    onLost: () => seen.push('lost'),
  };
  return new LiveSocket(() => new WebSocket(`ws://127.0.0.1:${port}`), events);
}

async function viewerNumber(index: number): Promise<ServerSocket> {
  await until(() => viewers.length > index);
  const viewer = viewers[index];
  if (viewer === undefined) throw new Error('no such viewer');
  return viewer;
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error(`Waited in vain; seen: ${seen.join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
