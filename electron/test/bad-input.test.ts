import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import { TestEngine, TestFolder } from './harness.ts';

let folder: TestFolder;
let engine: TestEngine;
let camera: Camera;

beforeAll(async () => {
  folder = await TestFolder.create();
  engine = await TestEngine.start(folder);
  camera = await engine.api.addCamera({ name: 'Yard', enabled: false, source: { url: 'rtsp://127.0.0.1:9/yard' } });
});
afterAll(async () => {
  await engine?.dispose();
  await folder?.dispose();
});

const source = { url: 'rtsp://127.0.0.1:9/a' };

describe('bad input changes nothing', () => {
  it.each<[string, unknown]>([
    ['no body', undefined],
    ['no source', { name: 'x' }],
    ['an empty name', { name: ' ', source }],
    ['an unknown field', { name: 'x', source, admin: true }],
    ['an unknown field inside', { name: 'x', source: { ...source, args: ['-f'] } }],
    ['a mode that does not exist', { name: 'x', source, recording: { mode: 'sometimes' } }],
    ['a demo camera that does not exist', { name: 'x', source: { url: 'demo:nowhere' } }],
    ...[
      'file:///etc/passwd',
      'concat:/etc/passwd|/etc/shadow',
      'data:video/mp4;base64,AAAA',
      'http://169.254.169.254/latest/meta-data',
      'http://0xA9FEA9FE/',
      'http://[fe80::1]/',
      'rtsp://',
      'rtsp:///etc/passwd',
      'rtsp://cam/a b',
      'rtsp://cam/\n-i /etc/passwd',
      '-i',
      '',
      `rtsp://cam/${'a'.repeat(3000)}`,
    ].map((url) => [`the URL ${url.slice(0, 40)}`, { name: 'x', source: { url } }] as [string, unknown]),
  ])('a camera with %s', async (_, body) => {
    const { status, headers, body: problem } = await engine.api.send('POST', '/cameras', body);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem).toMatchObject({ type: '/problems/invalid-request', status: 400 });
    expect(await engine.api.cameras()).toEqual([camera]);
  });

  it.each([
    { source: { url: 'file:///etc/passwd' } },
    { source: { subUrl: 'concat:a|b' } },
    { name: '' },
    { id: 'x' },
    { status: { state: 'online' } },
    { enabled: 'yes' },
  ])('a change to %j', async (patch) => {
    const { status } = await engine.api.send('PATCH', `/cameras/${camera.id}`, patch);
    expect(status).toBe(400);
    expect(await engine.api.camera(camera.id)).toEqual(camera);
  });

  it('a probe of what is no camera', async () => {
    for (const url of ['file:///etc/passwd', 'http://169.254.169.254/', 'rtsp://']) {
      expect((await engine.api.send('POST', '/cameras/probe', { url })).status).toBe(400);
    }
    const { status, body } = await engine.api.send('POST', '/cameras/probe', { url: 'rtsp://127.0.0.1:9/a' });
    expect({ status, body }).toMatchObject({ status: 422, body: { cause: 'unreachable' } });
  });

  it('times and ids that are none', async () => {
    const path = `/cameras/${camera.id}`;
    const now = Date.now();
    const paths = [
      `${path}/recordings`,
      `${path}/recordings?fromMs=${now}&toMs=${now - 1}`,
      `${path}/recordings?fromMs=1&toMs=2`,
      `${path}/recordings?fromMs=${now - 4 * 366 * 86_400_000}&toMs=${now}`,
      `${path}/recordings?fromMs=a&toMs=b`,
      `${path}/playback.m3u8?fromMs=${now}&toMs=${now}`,
      `/timeline?cameraIds=${camera.id}&fromMs=${now - 1000}&toMs=${now}&bucketMs=0`,
    ];
    for (const wrong of paths) {
      const { status, headers } = await engine.api.send('GET', wrong);
      expect([wrong, status]).toEqual([wrong, 400]);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    expect((await engine.api.send('GET', '/cameras/not-an-id')).status).toBe(404);
    expect((await engine.api.send('GET', '/cameras/0198f0a0-0000-7000-8000-000000000001')).status).toBe(404);
    expect((await engine.api.send('DELETE', '/cameras/0198f0a0-0000-7000-8000-000000000001')).status).toBe(404);
  });
});
