import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSource, openSource, patchSource, sourceColumns, streamUrl } from './camera-source.ts';
import { SecretBox } from './secret-box.ts';

const box = new SecretBox(randomBytes(32));
const base = createSource({ url: 'rtsp://admin:old@cam/main', subUrl: 'rtsp://cam/sub' });

describe('createSource', () => {
  it('gives both streams of a host the camera’s credentials', () => {
    expect(streamUrl(base, 'main')).toBe('rtsp://admin:old@cam/main');
    expect(streamUrl(base, 'sub')).toBe('rtsp://admin:old@cam/sub');
  });

  it('gives another host none, unless its URL brought its own', () => {
    const other = createSource({ url: 'rtsp://admin:old@cam/main', subUrl: 'rtsp://proxy/sub' });
    expect(streamUrl(other, 'sub')).toBe('rtsp://proxy/sub');
    const own = createSource({ url: 'rtsp://admin:old@cam/main', subUrl: 'rtsp://u:p@proxy/sub' });
    expect(streamUrl(own, 'sub')).toBe('rtsp://u:p@proxy/sub');
  });

  it('prefers the fields of their own', () => {
    const source = createSource({ url: 'rtsp://a:b@cam/', username: 'c', password: 'd' });
    expect(source.credentials).toEqual({ username: 'c', password: 'd' });
  });

  it('gives a demo camera both streams and refuses one that does not exist', () => {
    expect(createSource({ url: 'demo:yard' })).toMatchObject({ url: 'demo:yard', subUrl: 'demo:yard' });
    expect(() => createSource({ url: 'demo:nowhere' })).toThrow('There is no demo camera called nowhere.');
  });

  it('refuses a mask in the place of a password', () => {
    expect(() => createSource({ url: 'http://cam/?pwd=***' })).toThrow(/Replace \*\*\*/);
  });
});

describe('patchSource', () => {
  it('is the same object when nothing changed', () => {
    expect(patchSource(base, {})).toBe(base);
    expect(patchSource(base, { url: 'rtsp://cam/main', subUrl: 'rtsp://cam/sub' })).toBe(base);
  });

  it('keeps the password on the same server and drops it on another', () => {
    expect(streamUrl(patchSource(base, { url: 'rtsp://cam/other' }), 'main')).toBe('rtsp://admin:old@cam/other');
    expect(patchSource(base, { url: 'rtsp://evil/main' }).credentials).toBeUndefined();
    expect(patchSource(base, { url: 'rtsp://cam:8554/main' }).credentials).toBeUndefined();
    const given = patchSource(base, { url: 'rtsp://evil/main', username: 'admin', password: 'new' });
    expect(given.credentials).toEqual({ username: 'admin', password: 'new' });
  });

  it('does not lend the old password to a new server by way of a user name', () => {
    const next = patchSource(base, { url: 'rtsp://evil/main', username: 'admin' });
    expect(next.credentials?.password).toBe('');
  });

  it('changes the password alone, and takes credentials away', () => {
    expect(patchSource(base, { password: 'new' }).credentials).toEqual({ username: 'admin', password: 'new' });
    expect(patchSource(base, { username: '', password: '' }).credentials).toBeUndefined();
    expect(patchSource(base, { username: '' }).credentials).toBeUndefined();
  });

  it('keeps a masked parameter that came back as it was shown', () => {
    const masked = createSource({ url: 'http://cam/?pwd=s3cret' });
    expect(patchSource(masked, { url: 'http://cam/?pwd=***', subUrl: null })).toBe(masked);
    expect(() => patchSource(masked, { url: 'http://other/?pwd=***' })).toThrow(/Replace \*\*\*/);
  });

  it('removes the sub-stream', () => {
    expect(patchSource(base, { subUrl: null }).subUrl).toBeUndefined();
  });
});

describe('sourceColumns', () => {
  it('holds no secret in the clear and comes back whole', () => {
    const source = createSource({ url: 'http://u:hunter2@cam/?pwd=s3cret', subUrl: 'rtsp://v:tiger@cam/sub' });
    const columns = sourceColumns(source, 'id', box);
    const clear = `${columns.url} ${columns.subUrl} ${columns.credentials?.toString('latin1')}`;
    for (const secret of ['hunter2', 's3cret', 'tiger']) expect(clear).not.toContain(secret);
    expect(openSource({ id: 'id', ...columns }, box)).toEqual({ source, locked: false });
    const strange = openSource({ id: 'id', ...columns }, new SecretBox(randomBytes(32)));
    expect(strange.locked).toBe(true);
    expect(strange.source.credentials).toBeUndefined();
  });

  it('stores nothing sealed where there is no secret', () => {
    expect(sourceColumns(createSource({ url: 'rtsp://cam/a' }), 'id', box).credentials).toBeNull();
  });
});
