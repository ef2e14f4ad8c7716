import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsMask, publicUrl, sameHost, sameServer, splitCredentials, withCredentials } from './source-url-parts.ts';

describe('splitCredentials', () => {
  it('takes user and password out', () => {
    expect(splitCredentials('rtsp://admin:s3cret@10.0.0.2:554/a?b=c#d')).toEqual({
      url: 'rtsp://10.0.0.2:554/a?b=c#d',
      credentials: { username: 'admin', password: 's3cret' },
    });
  });

  it('knows where the user information ends', () => {
    const cases: [string, string, string][] = [
      ['rtsp://u:p@ss@cam/', 'rtsp://cam/', 'p@ss'],
      ['rtsp://u:a:b@cam/', 'rtsp://cam/', 'a:b'],
      ['rtsp://u:%40%3a@cam/', 'rtsp://cam/', '@:'],
      ['rtsp://u:100%@cam/', 'rtsp://cam/', '100%'],
    ];
    for (const [url, bare, password] of cases) {
      expect(splitCredentials(url)).toEqual({ url: bare, credentials: { username: 'u', password } });
    }
  });

  it('leaves an @ behind the authority alone', () => {
    for (const url of ['rtsp://cam/user@place', 'rtsp://cam?mail=a@b', 'demo:yard']) {
      expect(splitCredentials(url)).toEqual({ url, credentials: undefined });
    }
  });

  it('gives back what withCredentials put in', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, (username, password) => {
        const url = withCredentials('rtsp://cam:8554/main', { username, password });
        expect(URL.canParse(url)).toBe(true);
        expect(splitCredentials(url)).toEqual({ url: 'rtsp://cam:8554/main', credentials: { username, password } });
      }),
    );
  });
});

describe('publicUrl', () => {
  it('masks passwords in parameters', () => {
    expect(publicUrl('http://cam/v.cgi?user=admin&pwd=s3cret&x=1')).toBe('http://cam/v.cgi?user=admin&pwd=***&x=1');
    expect(publicUrl('rtsp://cam/user=a&password=s3cret&channel=1.sdp')).toBe(
      'rtsp://cam/user=a&password=***&channel=1.sdp',
    );
    expect(publicUrl('rtsp://cam/user=admin_password=s3cret_channel=1')).not.toContain('s3cret');
    expect(holdsMask(publicUrl('http://cam/?token=abc'))).toBe(true);
    expect(holdsMask('http://cam/?token=abc')).toBe(false);
  });
});

describe('sameServer', () => {
  it('compares host and port, default ports included', () => {
    expect(sameServer('rtsp://cam/a', 'rtsp://CAM:554/b')).toBe(true);
    expect(sameServer('rtsp://u:p@cam/a', 'rtsp://cam/b')).toBe(true);
    expect(sameServer('rtsp://cam/a', 'rtsp://cam:8554/a')).toBe(false);
    expect(sameServer('rtsp://cam/a', 'rtsp://cam.evil/a')).toBe(false);
    expect(sameServer('rtsp://cam:80/a', 'http://cam/a')).toBe(true);
    expect(sameServer('demo:yard', 'demo:yard')).toBe(false);
  });

  it('does not send an encrypted camera’s password in the clear', () => {
    expect(sameServer('rtsps://cam:554/a', 'rtsp://cam:554/a')).toBe(false);
  });

  it('sameHost ignores the port', () => {
    expect(sameHost('rtsp://cam/a', 'http://cam:8080/b')).toBe(true);
    expect(sameHost('rtsp://cam/a', 'rtsp://other/a')).toBe(false);
  });
});
