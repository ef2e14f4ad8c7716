import { appendFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestServer } from './testing/test-server.ts';

const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));

let server: TestServer;
let id: string;
let path: string;
let address: string;

beforeEach(async () => {
  server = await TestServer.start();
  await server.setUp();
  id = uuidv7();
  path = join(server.folder, 'segment.mp4');
  address = `/api/v1/segments/${id}.mp4`;
  await writeFile(path, CONTENT);
  server.engine.segmentFiles.set(id, { path, bytes: CONTENT.length, cameraId: uuidv7(), closed: true });
});

afterEach(() => server.close());

describe('a closed segment', () => {
  test('is sent whole, and may be kept by the browser for ever', async () => {
    const answer = await server.ask(address);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(CONTENT);
    expect(answer.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '1000',
      'accept-ranges': 'bytes',
      etag: `"${id}"`,
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const known = await server.ask(address, { headers: { 'if-none-match': `"${id}"` } });
    expect([known.status, known.body.length]).toEqual([304, 0]);
  });

  test('is sent in ranges', async () => {
    for (const [range, first, last] of [
      ['bytes=0-99', 0, 99],
      ['bytes=990-', 990, 999],
      ['bytes=990-5000', 990, 999],
      ['bytes=-1', 999, 999],
    ] as const) {
      const answer = await server.ask(address, { headers: { range } });
      expect([answer.status, answer.headers['content-range']]).toEqual([206, `bytes ${first}-${last}/1000`]);
      expect(answer.headers['content-length']).toBe(String(last - first + 1));
      expect(answer.body).toEqual(CONTENT.subarray(first, last + 1));
    }
  });

  test('answers 416 to a range behind its end', async () => {
    const answer = await server.ask(address, { headers: { range: 'bytes=1000-' } });
    expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */1000']);
    expect(answer.json).toMatchObject({ status: 416, type: '/problems/invalid-request' });
    expect(answer.headers['etag']).toBeUndefined();
  });

  test('ignores ranges that it may ignore', async () => {
    for (const range of ['bytes=0-1,4-5', 'bytes=9-1', 'chunks=1-2', 'x']) {
      expect([range, (await server.ask(address, { headers: { range } })).status]).toEqual([range, 200]);
    }
  });

  test('honours If-Range', async () => {
    const ask = (condition: string) => server.ask(address, { headers: { range: 'bytes=0-9', 'if-range': condition } });
    expect((await ask(`"${id}"`)).status).toBe(206);
    expect((await ask('"another"')).status).toBe(200);
  });

  test('answers HEAD without the body', async () => {
    const whole = await server.ask(address, { method: 'HEAD' });
    expect([whole.status, whole.headers['content-length'], whole.body.length]).toEqual([200, '1000', 0]);
    const part = await server.ask(address, { method: 'HEAD', headers: { range: 'bytes=5-9' } });
    expect([part.status, part.headers['content-length'], part.headers['content-range']]).toEqual([
      206,
      '5',
      'bytes 5-9/1000',
    ]);
  });

  test('is a 404 once its file is gone', async () => {
    await rm(path);
    expect((await server.ask(address)).json).toMatchObject({ status: 404, type: '/problems/not-found' });
  });

  test('shorter than its row, it is sent as far as it goes', async () => {
    server.engine.segmentFiles.set(id, { path, bytes: 5000, cameraId: uuidv7(), closed: true });
    expect((await server.ask(address)).body).toEqual(CONTENT);
  });
});

test('a growing segment is sent up to its last whole fragment and not kept', async () => {
  server.engine.segmentFiles.set(id, { path, bytes: 600, cameraId: uuidv7(), closed: false });
  await appendFile(path, 'half a fragment');
  const answer = await server.ask(address, { headers: { range: 'bytes=500-' } });
  expect([answer.status, answer.headers['content-range']]).toEqual([206, 'bytes 500-599/600']);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['etag']).toBeUndefined();
  expect((await server.ask(address, { headers: { range: 'bytes=600-' } })).status).toBe(416);
});

test('a segment with nothing in it yet is empty', async () => {
  server.engine.segmentFiles.set(id, { path, bytes: 0, cameraId: uuidv7(), closed: false });
  const answer = await server.ask(address);
  expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '0', 0]);
});

test('no address of a segment reaches a file that the library does not name', async () => {
  for (const name of [
    '../segment.mp4',
    '..%2fsegment.mp4',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '....//....//etc/passwd.mp4',
    `${id}.mp4/../../atalaya.db`,
    `${id}.mp4%00`,
    `${id}`,
    `${id}.mp4.mp4`,
    `${id.toUpperCase()}.mp4`,
  ]) {
    const answer = await server.ask(`/api/v1/segments/${name}`);
    expect([name, answer.status]).toEqual([name, 404]);
  }
});

test('a client that goes away in the middle leaves no file open', async () => {
  const bytes = 64 * 1024 * 1024;
  await writeFile(path, Buffer.alloc(bytes));
  server.engine.segmentFiles.set(id, { path, bytes, cameraId: uuidv7(), closed: true });
  const begun = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const sent = request({ port: server.port, path: address, headers: { cookie: server.cookie! } }, (response) => {
    response.once('data', () => {
      begun.resolve();
      response.destroy();
    });
    response.once('close', () => closed.resolve());
  });
  sent.end();
  await begun.promise;
  await closed.promise;
  // Still answering, and able to close: nothing waits for the reader who left.
  expect((await server.ask(address, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
});

describe('exports', () => {
  test('are begun, listed, downloaded and deleted', async () => {
    const camera = server.engine.add({ name: 'Yard', source: { url: 'rtsp://192.0.2.1/' } });
    const fromMs = Date.UTC(2026, 10, 20);
    const body = { cameraIds: [camera.id], fromMs, toMs: fromMs + 1000, format: 'mp4' };
    const created = await server.ask('/api/v1/exports', { method: 'POST', body });
    const [job] = server.engine.exports.list();
    const exported = `/api/v1/exports/${job!.id}`;
    expect([created.status, created.headers.location, created.json]).toEqual([202, exported, job]);
    expect((await server.ask('/api/v1/exports')).json).toEqual({ exports: [job] });
    expect((await server.ask(`${exported}/file`)).json).toMatchObject({ status: 409, type: '/problems/conflict' });

    job!.state = 'done';
    const file = { path, name: 'Café "1".mp4', bytes: CONTENT.length, contentType: 'video/mp4' };
    server.engine.exportFiles.set(`${job!.id}/0`, file);
    const answer = await server.ask(`${exported}/file`);
    expect(answer.body).toEqual(CONTENT);
    expect(answer.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-disposition': `attachment; filename="Caf_ _1_.mp4"; filename*=UTF-8''Caf%C3%A9%20%221%22.mp4`,
    });
    expect((await server.ask(`${exported}/file`, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
    expect((await server.ask(`${exported}/file?index=1`)).status).toBe(404);
    expect((await server.ask(`${exported}/file?index=-1`)).status).toBe(400);
    expect((await server.ask(exported, { method: 'DELETE' })).status).toBe(204);
    expect((await server.ask(exported)).status).toBe(404);
  });

  test('of a camera that does not exist are refused', async () => {
    const fromMs = Date.UTC(2026, 10, 20);
    const body = { cameraIds: [uuidv7()], fromMs, toMs: fromMs + 1000, format: 'mp4' };
    expect((await server.ask('/api/v1/exports', { method: 'POST', body })).status).toBe(404);
    expect(server.engine.exports.list()).toEqual([]);
  });
});
