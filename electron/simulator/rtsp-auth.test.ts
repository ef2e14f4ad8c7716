import { expect, test } from 'vitest';
import { challenge, isAuthorized, type CameraCredentials } from './rtsp-auth.ts';

const digest: CameraCredentials = { user: 'admin', password: 'p:w"d', scheme: 'digest' };

function request(authorization: string): Parameters<typeof isAuthorized>[0] {
  return {
    kind: 'request',
    method: 'DESCRIBE',
    url: 'rtsp://h/a',
    headers: new Map([['authorization', authorization]]),
  };
}

test('Basic takes the right password and no other', () => {
  const basic: CameraCredentials = { ...digest, scheme: 'basic' };
  const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  expect(challenge(basic, 'n')).toMatch(/^Basic realm="/);
  expect(isAuthorized(request(encode('admin:p:w"d')), basic, 'n')).toBe(true);
  expect(isAuthorized(request(encode('admin:other')), basic, 'n')).toBe(false);
  expect(isAuthorized(request(''), basic, 'n')).toBe(false);
});

test('Digest refuses an answer to another nonce, another scheme and a missing header', () => {
  expect(challenge(digest, 'abc')).toContain('nonce="abc"');
  expect(challenge({ ...digest, qop: 'auth' }, 'abc')).toContain('qop="auth"');
  const answer = 'Digest username="admin", realm="Simulated camera", nonce="old", uri="rtsp://h/a", response="0"';
  expect(isAuthorized(request(answer), digest, 'abc')).toBe(false);
  expect(isAuthorized(request(answer.replace('old', 'abc')), digest, 'abc')).toBe(false);
  expect(isAuthorized(request('Basic YWRtaW46cDp3ImQ='), digest, 'abc')).toBe(false);
});
