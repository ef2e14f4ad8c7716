import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServer } from './testing/test-server.ts';

const CAMERA = { name: 'Yard', source: { url: 'rtsp://192.0.2.1/main' } };
const FROM = Date.UTC(2026, 10, 20);

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
  await server.setUp();
});

afterAll(() => server.close());

const day = 86_400_000;
const id = uuidv7();
const camera = (fields: object) => ({ ...CAMERA, ...fields });
const exported = (fields: object) => ({ cameraIds: [id], fromMs: FROM, toMs: FROM + 1000, format: 'mp4', ...fields });
const timeline = (fields: Record<string, string | number>) => {
  const query = { cameraIds: id, fromMs: FROM, toMs: FROM + day, bucketMs: 60_000, ...fields };
  return `/timeline?${Object.entries(query)
    .map((pair) => pair.join('='))
    .join('&')}`;
};

const requests: [method: string, path: string, body?: unknown][] = [
  ['POST', '/cameras', '{'],
  ['POST', '/cameras', '[]'],
  ['POST', '/cameras', 'null'],
  ['POST', '/cameras', ''],
  ['POST', '/cameras', '{"__proto__": {"name": "x"}, "name": "x"}'],
  ['POST', '/cameras'],
  ['POST', '/cameras', camera({ nmae: 'x' })],
  ['POST', '/cameras', camera({ name: '' })],
  ['POST', '/cameras', camera({ name: 7 })],
  ['POST', '/cameras', camera({ name: 'Yard\r\nSet-Cookie: a=b' })],
  ['POST', '/cameras', camera({ name: 'Ya\0rd' })],
  ['POST', '/cameras', camera({ id })],
  ['POST', '/cameras', camera({ source: { url: 'file:///etc/passwd' } })],
  ['POST', '/cameras', camera({ source: { url: 'concat:a|b' } })],
  ['POST', '/cameras', camera({ source: { url: 'http://169.254.169.254/' } })],
  ['POST', '/cameras', camera({ source: { ...CAMERA.source, extra: 1 } })],
  ['POST', '/cameras?dryRun=1', CAMERA],
  ['POST', '/cameras/probe', { url: 'ftp://192.0.2.1/' }],
  ['POST', '/cameras/probe', { url: 'rtsp://192.0.2.1/', cameraId: 'x' }],
  ['PATCH', '/cameras/ID', { enabled: 'no' }],
  ['PATCH', '/cameras/ID', { source: { url: 'data:x' } }],
  ['PATCH', '/cameras/ID', { status: {} }],
  ['GET', '/cameras?all=1'],
  ['GET', '/cameras/ID/snapshot.jpg?stream=third'],
  ['GET', '/cameras/ID/live?audio=loud'],
  ['GET', '/cameras/ID/recordings'],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM}`],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM + 1}&toMs=${FROM}`],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM}&toMs=${FROM}`],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM}&toMs=${FROM + 1}&x=1`],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM}&fromMs=${FROM}&toMs=${FROM + 1}`],
  ['GET', '/cameras/ID/recordings?fromMs=0&toMs=1'],
  ['GET', '/cameras/ID/recordings?fromMs=-1&toMs=9e99'],
  ['GET', '/cameras/ID/recordings?fromMs=NaN&toMs=Infinity'],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM}.5&toMs=${FROM + 1}`],
  ['GET', `/cameras/ID/recordings?fromMs=${FROM}&toMs=${FROM + 3 * 366 * day}`],
  ['GET', `/cameras/ID/playback.m3u8?fromMs=${FROM}&toMs=${FROM + day + 1}`],
  ['GET', `/cameras/ID/playback.m3u8?fromMs=${FROM + 1}&toMs=${FROM}`],
  ['GET', `/cameras/ID/playback.m3u8?fromMs=${FROM}&toMs=${FROM + 1}&stream=x`],
  ['GET', timeline({ cameraIds: '' })],
  ['GET', timeline({ cameraIds: 'x' })],
  ['GET', timeline({ cameraIds: Array.from({ length: 65 }, () => uuidv7()).join(',') })],
  ['GET', timeline({ bucketMs: 0 })],
  ['GET', timeline({ bucketMs: 100 })],
  ['GET', timeline({ toMs: FROM - 1 })],
  ['GET', timeline({ zoom: 2 })],
  ['POST', '/exports', exported({ cameraIds: [] })],
  ['POST', '/exports', exported({ cameraIds: [id, id] })],
  ['POST', '/exports', exported({ cameraIds: ['x'] })],
  ['POST', '/exports', exported({ toMs: FROM })],
  ['POST', '/exports', exported({ toMs: FROM + day + 1 })],
  ['POST', '/exports', exported({ format: 'avi' })],
  ['POST', '/exports', exported({ path: '/etc' })],
  ['GET', '/exports?x=1'],
  ['PUT', '/session/password', { currentPassword: 'correct horse', newPassword: 'short' }],
  ['POST', '/session', { username: 'admin' }],
  ['POST', '/session', { username: 'admin', password: 'x', admin: true }],
  ['POST', '/setup', { username: ' ', password: 'long enough' }],
];

test.each(requests)('%s %s %j is refused and changes nothing', async (method, path, body) => {
  const { id: cameraId } = server.engine.add(CAMERA);
  const before = JSON.stringify([server.engine.cameras.list(), server.engine.exports.list()]);
  const answer = await server.ask(`/api/v1${path.replace('ID', cameraId)}`, { method, body });
  expect([answer.status, answer.json]).toEqual([400, expect.objectContaining({ type: '/problems/invalid-request' })]);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body.toString()).not.toMatch(/node_modules|\.ts:|at .*\(/);
  expect(JSON.stringify([server.engine.cameras.list(), server.engine.exports.list()])).toBe(before);
});

test('bodies that are too large or of another type are refused', async () => {
  const before = [...server.engine.cameras.list()];
  const large = await server.ask('/api/v1/cameras', { method: 'POST', body: { name: 'x'.repeat(1_100_000) } });
  expect(large.json).toMatchObject({ status: 413, type: '/problems/invalid-request' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const headers = { 'content-type': type };
    const answer = await server.ask('/api/v1/cameras', { method: 'POST', body: JSON.stringify(CAMERA), headers });
    expect(answer.json).toMatchObject({ status: 415, type: '/problems/invalid-request' });
  }
  expect(server.engine.cameras.list()).toEqual(before);
});
