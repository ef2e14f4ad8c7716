import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import { ProbeError, RefusedError } from '../contract/refused-error.ts';
import { RefusedUpgrade, TestServer } from './testing/test-server.ts';

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { summary?: string; tags?: string[]; responses: Record<string, unknown> }>>;
}

const PUBLIC = ['POST /setup', 'GET /session', 'POST /session', 'DELETE /session', 'GET /health'];
const CAMERA = { name: 'Yard', source: { url: 'rtsp://192.0.2.1/main' } };
const FROM = Date.UTC(2026, 10, 20);

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start();
  await server.setUp();
});

afterEach(() => server.close());

async function openApi(): Promise<OpenApi> {
  return (await server.ask('/api/v1/openapi.json')).json as OpenApi;
}

describe('the OpenAPI document', () => {
  test('is 3.1 and describes every route', async () => {
    const document = await openApi();
    expect(document.openapi).toBe('3.1.0');
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        expect([path, method, operation.summary, operation.tags?.length]).toEqual([
          path,
          method,
          expect.any(String),
          1,
        ]);
        expect(Object.keys(operation.responses), path).toContain('4xx'.toUpperCase());
      }
    }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/setup',
        '/api/v1/session',
        '/api/v1/session/password',
        '/api/v1/cameras',
        '/api/v1/cameras/probe',
        '/api/v1/cameras/{id}',
        '/api/v1/cameras/{id}/footage',
        '/api/v1/cameras/{id}/snapshot.jpg',
        '/api/v1/cameras/{id}/live',
        '/api/v1/cameras/{id}/recordings',
        '/api/v1/cameras/{id}/playback.m3u8',
        '/api/v1/segments/{id}.mp4',
        '/api/v1/timeline',
        '/api/v1/exports',
        '/api/v1/exports/{id}',
        '/api/v1/exports/{id}/file',
        '/api/v1/storage',
        '/api/v1/health',
        '/api/v1/metrics',
        '/api/v1/feed',
      ]),
    );
  });

  test('without a session, each route in it is refused but for the public ones', async () => {
    const document = await openApi();
    const answered: string[] = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const address = path.replace('{id}', uuidv7());
        const answer = await server.ask(address, { method: method.toUpperCase(), anonymous: true });
        const name = `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;
        if (answer.status !== 401) answered.push(name);
        else if (method !== 'head') expect(answer.json, name).toMatchObject({ type: '/problems/unauthenticated' });
      }
    }
    expect(answered.sort()).toEqual([...PUBLIC].sort());
  });

  test('without a session, neither it nor an unknown address nor a WebSocket is there', async () => {
    for (const path of ['/api/v1/openapi.json', '/api/v1/nothing', '/api/v1/events']) {
      expect((await server.ask(path, { anonymous: true })).status).toBe(401);
    }
    const { id } = server.engine.add(CAMERA);
    for (const path of ['/api/v1/feed', `/api/v1/cameras/${id}/live`]) {
      await expect(server.open(path, { anonymous: true })).rejects.toEqual(new RefusedUpgrade(401));
      await expect(
        server.open(path, { anonymous: true, headers: { cookie: `atalaya_session=${'x'.repeat(43)}` } }),
      ).rejects.toEqual(new RefusedUpgrade(401));
    }
    expect(server.engine.watchCount).toBe(0);
  });
});

test('a session of a database that was rolled back is none', async () => {
  server.store.run(server.store.db.deleteFrom('sessions'));
  expect((await server.ask('/api/v1/cameras')).status).toBe(401);
});

test('unknown addresses are problems, in the API and beside it', async () => {
  for (const [method, path] of [
    ['GET', '/api/v1/nothing'],
    ['POST', '/api/v1/health'],
    ['GET', '/api/v2/cameras'],
    ['GET', '/api'],
    ['GET', '/problems/../../etc/passwd'],
    ['GET', '/%'],
    ['GET', '/api/v1/cameras/%ff'],
  ] as const) {
    const answer = await server.ask(path, { method });
    expect([path, answer.headers['content-type']]).toEqual([path, expect.stringContaining('application/problem+json')]);
    expect([path, answer.status]).toEqual([path, path.includes('%') ? expect.any(Number) : 404]);
    expect(answer.status).toBeLessThan(500);
  }
});

test('answers of the API are not kept by caches', async () => {
  expect((await server.ask('/api/v1/cameras')).headers['cache-control']).toBe('no-store');
});

test('an unknown camera, segment or export is a 404 everywhere, whatever the form of its id', async () => {
  const range = `fromMs=${FROM}&toMs=${FROM + 1000}`;
  for (const id of [uuidv7(), randomUUID(), 'x', '1', '..%2f..%2fetc%2fpasswd', 'a'.repeat(90)]) {
    for (const [method, path] of [
      ['GET', `/cameras/${id}`],
      ['PATCH', `/cameras/${id}`],
      ['DELETE', `/cameras/${id}`],
      ['GET', `/cameras/${id}/footage`],
      ['GET', `/cameras/${id}/snapshot.jpg`],
      ['GET', `/cameras/${id}/live`],
      ['GET', `/cameras/${id}/recordings?${range}`],
      ['GET', `/cameras/${id}/playback.m3u8?${range}`],
      ['GET', `/segments/${id}.mp4`],
      ['GET', `/exports/${id}`],
      ['DELETE', `/exports/${id}`],
      ['GET', `/exports/${id}/file`],
    ] as const) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined;
      const answer = await server.ask(`/api/v1${path}`, { method, body });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.json).toMatchObject({ type: '/problems/not-found', status: 404 });
    }
  }
  const live = server.open(`/api/v1/cameras/${uuidv7()}/live`);
  await expect(live).rejects.toEqual(new RefusedUpgrade(404));
});

describe('requests from elsewhere', () => {
  test('a Host that is not ours is refused, loopback in any form is not', async () => {
    for (const host of [
      'evil.example',
      'evil.example:8480',
      '192.168.1.5',
      '127.0.0.1.evil.example',
      '[::2]',
      '127.0.0.1@evil',
    ]) {
      const answer = await server.ask('/api/v1/health', { headers: { host } });
      expect([host, answer.status]).toEqual([host, 403]);
      expect((await server.ask('/', { headers: { host } })).status).toBe(403);
    }
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:1', '127.1.2.3', '[::1]:8480']) {
      expect([host, (await server.ask('/api/v1/health', { headers: { host } })).status]).toEqual([host, 200]);
    }
  });

  test('changes and WebSockets need our own origin, or none', async () => {
    const own = `http://127.0.0.1:${server.port}`;
    const post = (origin: string) =>
      server.ask('/api/v1/cameras', { method: 'POST', body: CAMERA, headers: { origin } });
    for (const origin of [
      'http://evil.example',
      'null',
      'https://127.0.0.1',
      'http://127.0.0.1:1',
      `${own}.evil.example`,
    ]) {
      expect([origin, (await post(origin)).status]).toEqual([origin, 403]);
      await expect(server.open('/api/v1/feed', { origin })).rejects.toEqual(new RefusedUpgrade(403));
    }
    expect(server.engine.cameras.list()).toEqual([]);
    expect((await post(own)).status).toBe(201);
    const feed = await server.open('/api/v1/feed', { origin: own });
    expect(await feed.next()).toMatchObject({ type: 'snapshot' });
  });

  test('nothing is shared with other origins', async () => {
    const { headers } = await server.ask('/api/v1/health', { headers: { origin: 'http://evil.example' } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });
});

describe('cameras', () => {
  test('are added, changed and deleted', async () => {
    const created = await server.ask('/api/v1/cameras', { method: 'POST', body: CAMERA });
    const camera = created.json as Camera;
    expect([created.status, created.headers.location]).toEqual([201, `/api/v1/cameras/${camera.id}`]);
    const path = `/api/v1/cameras/${camera.id}`;
    expect((await server.ask('/api/v1/cameras')).json).toEqual({ cameras: [camera] });
    const renamed = await server.ask(path, { method: 'PATCH', body: { name: 'Gate' } });
    expect(renamed.json).toEqual({ ...camera, name: 'Gate' });
    expect((await server.ask(`${path}/footage`)).json).toEqual({ segments: 0, bytes: 0 });
    expect((await server.ask(path, { method: 'DELETE' })).status).toBe(204);
    expect((await server.ask(path)).status).toBe(404);
  });

  test('what the schema does not name is not given out', async () => {
    const camera = server.engine.add(CAMERA);
    Object.assign(camera.source, { password: 'hunter2' });
    expect((await server.ask(`/api/v1/cameras/${camera.id}`)).body.toString()).not.toContain('hunter2');
  });

  test('a failed probe says its cause', async () => {
    server.engine.probe = () => Promise.reject(new ProbeError('auth-failed', 'Wrong password.'));
    const answer = await server.ask('/api/v1/cameras/probe', { method: 'POST', body: CAMERA.source });
    expect(answer.json).toEqual({
      type: '/problems/probe-failed',
      title: expect.any(String) as string,
      status: 422,
      detail: 'Wrong password.',
      cause: 'auth-failed',
    });
  });

  test('a probe ends when the client goes away', async () => {
    const aborted = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    server.engine.probe = (signal) => {
      begun.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.resolve();
          reject(new ProbeError('timeout', 'cancelled'));
        });
      });
    };
    const controller = new AbortController();
    const asked = fetch(`http://127.0.0.1:${server.port}/api/v1/cameras/probe`, {
      method: 'POST',
      body: JSON.stringify(CAMERA.source),
      headers: { 'content-type': 'application/json', cookie: server.cookie! },
      signal: controller.signal,
    });
    await begun.promise;
    controller.abort();
    await expect(asked).rejects.toThrow();
    await aborted.promise;
  });

  test('a snapshot is a JPEG, or a 503 while there is none', async () => {
    const { id } = server.engine.add(CAMERA);
    const path = `/api/v1/cameras/${id}/snapshot.jpg`;
    expect((await server.ask(path)).json).toMatchObject({ status: 503, type: '/problems/not-ready' });
    server.engine.picture = Uint8Array.of(0xff, 0xd8, 0xff);
    const answer = await server.ask(path);
    expect(answer.headers['content-type']).toBe('image/jpeg');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual(Buffer.of(0xff, 0xd8, 0xff));
  });
});

test('refusals of the engine keep their kind, surprises lose their details and are logged', async () => {
  const body = { cameraIds: [server.engine.add(CAMERA).id], fromMs: FROM, toMs: FROM + 1000, format: 'mp4' };
  server.engine.exports.create = () => Promise.reject(new RefusedError('insufficient-space', 'The disk is full.'));
  const refused = await server.ask('/api/v1/exports', { method: 'POST', body });
  expect(refused.json).toMatchObject({
    status: 507,
    type: '/problems/insufficient-space',
    detail: 'The disk is full.',
  });
  server.engine.exports.create = () => Promise.reject(new Error('secret detail'));
  const surprise = await server.ask('/api/v1/exports', { method: 'POST', body });
  expect(surprise.json).toMatchObject({ status: 500, type: '/problems/internal' });
  expect(surprise.body.toString()).not.toContain('secret');
  expect(server.logged.filter((line) => line.includes('secret detail'))).toHaveLength(1);
});

test('health says little without a session, and all with one', async () => {
  expect((await server.ask('/api/v1/health', { anonymous: true })).json).toEqual({ status: 'ok', version: '1.2.3' });
  expect((await server.ask('/api/v1/health')).json).toEqual(server.engine.health);
});

test('metrics are Prometheus text of the engine and the server', async () => {
  const answer = await server.ask('/api/v1/metrics');
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = answer.body.toString();
  expect(text).toContain('atalaya_up 1\n');
  expect(text).toMatch(/^atalaya_http_responses_total\{class="2xx"\} \d+$/m);
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(#.*|[a-z_]+(\{[^}]*\})? \d+(\.\d+)?)$/);
});

test('storage and timeline are passed on', async () => {
  const { id } = server.engine.add(CAMERA);
  expect((await server.ask('/api/v1/storage')).json).toEqual(server.engine.storage);
  const query = `cameraIds=${id}&fromMs=${FROM}&toMs=${FROM + 1000}&bucketMs=100`;
  expect((await server.ask(`/api/v1/timeline?${query}`)).json).toEqual({ startMs: FROM, bucketMs: 100, cameras: [] });
  const unknown = `cameraIds=${uuidv7()}&fromMs=${FROM}&toMs=${FROM + 1000}&bucketMs=100`;
  expect((await server.ask(`/api/v1/timeline?${unknown}`)).status).toBe(404);
});

test('a flood of set-up requests is stopped', async () => {
  const ask = () => server.ask('/api/v1/setup', { method: 'POST', body: {}, anonymous: true });
  const statuses = [];
  for (let request = 0; request < 20; request += 1) statuses.push((await ask()).status);
  expect(statuses).toEqual([...Array<number>(19).fill(400), 429]);
  const stopped = await ask();
  expect(stopped.json).toMatchObject({ status: 429, type: '/problems/too-many-attempts' });
  expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
  expect(Object.keys(stopped.headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
});
