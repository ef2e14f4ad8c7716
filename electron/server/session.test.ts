import { sql } from 'kysely';
import type { Session } from '../contract/session.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADMIN, cookieOf, TestServer } from './testing/test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start();
});

afterEach(() => server.close());

test('the set-up creates one administrator, logs in, and cannot be repeated', async () => {
  expect((await server.ask('/api/v1/session')).json).toEqual({ setupNeeded: true });
  const answers = await Promise.all([1, 2, 3].map(() => server.ask('/api/v1/setup', { method: 'POST', body: ADMIN })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
  const created = answers.find((answer) => answer.status === 201)!;
  expect(created.headers['set-cookie']?.[0]).toMatch(
    /^atalaya_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  server.cookie = cookieOf(created);
  expect((await server.ask('/api/v1/session')).json).toEqual({
    setupNeeded: false,
    user: (created.json as Session).user,
  });
  const refused = answers.find((answer) => answer.status === 409)!;
  expect(refused.json).toMatchObject({ type: '/problems/already-set-up' });
  expect(refused.headers['content-type']).toContain('application/problem+json');
});

test('a short password is refused and nobody is created', async () => {
  const answer = await server.ask('/api/v1/setup', { method: 'POST', body: { username: 'admin', password: 'short' } });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ errors: [{ path: 'password' }] });
  expect((await server.ask('/api/v1/session')).json).toEqual({ setupNeeded: true });
});

test('the set-up is refused through a proxy', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.5' };
  const answer = await server.ask('/api/v1/setup', { method: 'POST', body: ADMIN, headers });
  expect(answer.status).toBe(403);
});

test('logging in and out', async () => {
  await server.setUp();
  const wrong = await server.ask('/api/v1/session', {
    method: 'POST',
    body: { ...ADMIN, password: 'x' },
    anonymous: true,
  });
  expect(wrong.json).toMatchObject({ status: 401, type: '/problems/unauthenticated' });
  const unknown = await server.ask('/api/v1/session', {
    method: 'POST',
    body: { ...ADMIN, username: 'nobody' },
    anonymous: true,
  });
  expect(unknown.json).toEqual(wrong.json);
  const right = await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true });
  expect(right.json).toMatchObject({ user: { username: 'admin' } });
  server.cookie = cookieOf(right);
  expect((await server.ask('/api/v1/cameras')).status).toBe(200);
  const out = await server.ask('/api/v1/session', { method: 'DELETE' });
  expect(out.status).toBe(204);
  expect((await server.ask('/api/v1/cameras')).status).toBe(401);
});

test('the database holds neither the password nor the token', async () => {
  await server.setUp();
  const token = server.cookie!.split('=')[1]!;
  const users = server.store.all(server.store.db.selectFrom('users').selectAll());
  const sessions = server.store.all(server.store.db.selectFrom('sessions').selectAll());
  expect(users[0]!.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(sessions[0]!.tokenHash).toHaveLength(32);
  expect(JSON.stringify([users, sessions])).not.toContain(ADMIN.password);
  expect(sessions[0]!.tokenHash.toString('base64url')).not.toBe(token);
  expect(server.logged.join('')).not.toContain(ADMIN.password);
  expect(server.logged.join('')).not.toContain(token);
});

test('sessions slide: use extends them, thirty idle days end them', async () => {
  await server.setUp();
  const day = 86_400_000;
  server.nowMs.value += 29 * day;
  expect((await server.ask('/api/v1/cameras')).status).toBe(200);
  server.nowMs.value += 29 * day;
  expect((await server.ask('/api/v1/cameras')).status).toBe(200);
  server.nowMs.value += 30 * day;
  expect((await server.ask('/api/v1/cameras')).status).toBe(401);
});

test('a changed password ends the other sessions and keeps the own', async () => {
  await server.setUp();
  const other = cookieOf(await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true }));
  const wrong = { currentPassword: 'wrong', newPassword: 'another horse' };
  expect((await server.ask('/api/v1/session/password', { method: 'PUT', body: wrong })).status).toBe(403);
  const change = { currentPassword: ADMIN.password, newPassword: 'another horse' };
  expect((await server.ask('/api/v1/session/password', { method: 'PUT', body: change })).status).toBe(204);
  expect((await server.ask('/api/v1/cameras')).status).toBe(200);
  expect((await server.ask('/api/v1/cameras', { headers: { cookie: other } })).status).toBe(401);
  expect((await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true })).status).toBe(401);
});

test('guessing is slowed down, and the right password has to wait, too', async () => {
  await server.setUp();
  const guess = () =>
    server.ask('/api/v1/session', { method: 'POST', body: { ...ADMIN, password: 'x' }, anonymous: true });
  const statuses = [];
  for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await guess()).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  const locked = await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true });
  expect(locked.headers['retry-after']).toBe('1');
  expect(locked.json).toMatchObject({ status: 429, type: '/problems/too-many-attempts' });
  server.nowMs.value += 1000;
  expect((await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, anonymous: true })).status).toBe(200);
});

test('a user name is the same in any case of its letters', async () => {
  await server.setUp();
  const body = { ...ADMIN, username: ' ADMIN ' };
  expect((await server.ask('/api/v1/session', { method: 'POST', body, anonymous: true })).status).toBe(200);
});

test('a full disk is called so', async () => {
  await server.setUp();
  await sql`PRAGMA max_page_count = 1`.execute(server.store.db);
  const headers = { 'user-agent': 'x'.repeat(300) };
  let answer = await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, headers, anonymous: true });
  // The pages that the database has already take a few sessions more.
  for (let more = 0; more < 40 && answer.status === 200; more += 1) {
    answer = await server.ask('/api/v1/session', { method: 'POST', body: ADMIN, headers, anonymous: true });
  }
  expect(answer.json).toMatchObject({ status: 507, type: '/problems/insufficient-space' });
});
