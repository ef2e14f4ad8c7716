import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cookieOf, TestServer } from './testing/test-server.ts';

const TOKEN = 'launch-token-of-this-run';

let server: TestServer;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-renderer-'));
  const rendererDir = join(folder, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Atalaya</title>');
  await writeFile(join(rendererDir, 'assets', 'index-abc123.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'forbidden words');
  server = await TestServer.start({ rendererDir, launchToken: TOKEN });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('the page is served at its own addresses, fresh each time, and locked down', async () => {
  for (const path of ['/', '/timeline', '/cameras/new?from=live']) {
    const answer = await server.ask(path);
    expect([path, answer.status, answer.headers['cache-control']]).toEqual([path, 200, 'no-cache']);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body.toString()).toContain('<title>Atalaya</title>');
    const policy = String(answer.headers['content-security-policy']).split(';');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy).toEqual(expect.arrayContaining(["connect-src 'self'", "media-src 'self' blob:"]));
    expect(answer.headers['strict-transport-security']).toBeUndefined();
  }
});

test('files whose names change with their content are kept for ever', async () => {
  const answer = await server.ask('/assets/index-abc123.js');
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(answer.headers['content-type']).toContain('javascript');
});

test('no path leads out of the folder, and what is not there is not the page', async () => {
  for (const path of [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/index-old.js',
    '//etc/passwd.txt',
    '/index.html%00.js',
  ]) {
    const answer = await server.ask(path);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.body.toString()).not.toContain('forbidden');
  }
  expect((await server.ask('/timeline', { method: 'POST' })).status).toBe(404);
});

test('before the set-up the launch token is not spent and leads to the page', async () => {
  const answer = await server.ask(`/?token=${TOKEN}`);
  expect([answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([303, '/', undefined]);
  await server.setUp();
  const later = await server.ask(`/?token=${TOKEN}`, { anonymous: true });
  expect(cookieOf(later)).toMatch(/^atalaya_session=/);
});

test('the launch token lets the window in once', async () => {
  await server.setUp();
  const wrong = await server.ask('/?token=wrong', { anonymous: true });
  expect([wrong.status, wrong.headers['set-cookie']]).toEqual([303, undefined]);
  const first = await server.ask(`/?token=${TOKEN}`, { anonymous: true });
  expect([first.status, first.headers.location, first.headers['cache-control']]).toEqual([303, '/', 'no-store']);
  const cookie = cookieOf(first);
  expect((await server.ask('/api/v1/session', { headers: { cookie } })).json).toMatchObject({
    user: { username: 'admin' },
  });
  const second = await server.ask(`/?token=${TOKEN}`, { anonymous: true });
  expect([second.status, second.headers['set-cookie']]).toEqual([303, undefined]);
  expect(server.logged.join('')).not.toContain(TOKEN);
});

test('a window that is logged in already keeps its session, and the token is spent', async () => {
  await server.setUp();
  expect((await server.ask(`/?token=${TOKEN}`)).headers['set-cookie']).toBeUndefined();
  expect((await server.ask(`/?token=${TOKEN}`, { anonymous: true })).headers['set-cookie']).toBeUndefined();
});

test('without a built page the API works and says so', async () => {
  const bare = await TestServer.start();
  expect((await bare.ask('/')).body.toString()).toBe('The user interface is not built.\n');
  expect((await bare.ask('/timeline')).status).toBe(404);
  expect((await bare.ask('/api/v1/health')).status).toBe(200);
  await bare.close();
});
