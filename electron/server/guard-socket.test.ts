import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { guardSocket } from './guard-socket.ts';

let server: WebSocketServer;
let client: WebSocket;
let accepted: WebSocket;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  [accepted] = (await connected) as [WebSocket];
  await once(client, 'open');
});

afterEach(() => {
  client.terminate();
  server.close();
});

test('a peer who answers pings is kept', async () => {
  guardSocket(accepted, 10);
  for (let ping = 0; ping < 5; ping += 1) await once(accepted, 'pong');
  expect(accepted.readyState).toBe(WebSocket.OPEN);
});

test('a peer who does not is cut off', async () => {
  client.pause();
  guardSocket(accepted, 10);
  const [code] = (await once(accepted, 'close')) as [number];
  expect(code).toBe(1006);
});
