import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

describe('parseCommandLine', () => {
  it('reads flags, then the environment, then defaults', () => {
    expect(parseCommandLine([], {})).toMatchObject({ kind: 'run', port: 8480, demo: false, dataDir: undefined });
    const env = { ATALAYA_PORT: '9000', ATALAYA_DATA_DIR: '/srv/a', ATALAYA_FFMPEG: '', ATALAYA_ADMIN_PASSWORD: 'x' };
    expect(parseCommandLine([], env)).toMatchObject({ port: 9000, dataDir: '/srv/a', adminPassword: 'x' });
    expect(parseCommandLine([], env)).toMatchObject({ ffmpegPath: undefined });
    const args = ['--headless', '--port', '0', '--data-dir=/tmp/b', '--demo'];
    expect(parseCommandLine(args, env)).toMatchObject({ port: 0, dataDir: '/tmp/b', demo: true });
  });

  it('refuses what it does not know, in a sentence', () => {
    for (const args of [['--prot', '1'], ['serve'], ['--port'], ['--demo=yes']]) {
      const parsed = parseCommandLine(args, {});
      expect(parsed).toMatchObject({ kind: 'refused', sentence: expect.stringMatching(/^[^\n]+ Try --help\.$/) });
    }
    for (const port of ['-1', '65536', '8480x', '', '1e3']) {
      expect(parseCommandLine([`--port=${port}`], {})).toMatchObject({ kind: 'refused' });
    }
    expect(parseCommandLine([], { ATALAYA_LOG_LEVEL: 'loud' })).toMatchObject({ kind: 'refused' });
    expect(parseCommandLine([], { ATALAYA_LOG_LEVEL: 'debug' })).toMatchObject({ logLevel: 'debug' });
    expect(parseCommandLine(['--data-dir='], {})).toMatchObject({ kind: 'refused' });
    expect(parseCommandLine(['--lan'], {})).toMatchObject({ sentence: expect.stringContaining('LAN access') });
  });

  it('leaves Chromium’s switches to the desktop app', () => {
    const args = ['--ozone-platform=wayland', '--demo'];
    expect(parseCommandLine(args, {})).toMatchObject({ kind: 'refused' });
    expect(parseCommandLine(args, {}, 'ignored')).toMatchObject({ kind: 'run', demo: true });
  });
});
