import { describe, expect, it } from 'vitest';
import { defaultDirs } from './default-dirs.ts';

const homeDir = '/home/ana';

describe('defaultDirs', () => {
  it('follows the XDG base directories, and ignores relative ones', () => {
    expect(defaultDirs({ platform: 'linux', homeDir, env: {} })).toEqual({
      dataDir: '/home/ana/.local/share/atalaya',
      cacheDir: '/home/ana/.cache/atalaya',
      logDir: '/home/ana/.local/state/atalaya/logs',
    });
    const env = { XDG_DATA_HOME: '/data', XDG_CACHE_HOME: 'relative' };
    expect(defaultDirs({ platform: 'linux', homeDir, env })).toMatchObject({
      dataDir: '/data/atalaya',
      cacheDir: '/home/ana/.cache/atalaya',
    });
  });

  it('keeps logs and caches out of the data folder, and logs of two installations apart', () => {
    for (const platform of ['linux', 'darwin', 'win32']) {
      const { dataDir, cacheDir, logDir } = defaultDirs({ platform, homeDir, env: {} });
      expect(cacheDir.startsWith(`${dataDir}/`)).toBe(false);
      expect(logDir.startsWith(`${dataDir}/`)).toBe(false);
    }
    const a = defaultDirs({ dataDir: '/srv/a', platform: 'linux', homeDir, env: {} });
    const b = defaultDirs({ dataDir: '/srv/b', platform: 'linux', homeDir, env: {} });
    expect(a.dataDir).toBe('/srv/a');
    expect(a.logDir).not.toBe(b.logDir);
  });
});
