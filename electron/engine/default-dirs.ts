import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

export interface Dirs {
  /** Everything that must be backed up, and nothing else. */
  dataDir: string;
  /** What can be made again: clips of the demo cameras. */
  cacheDir: string;
  logDir: string;
}

export interface DirsInput {
  /** What the user asked for. */
  dataDir?: string | undefined;
  /** As `process.platform`. */
  platform: string;
  homeDir: string;
  env: Record<string, string | undefined>;
}

/**
 * Where things are kept: the XDG base directories on Linux (XDG Base Directory 0.8), the places that macOS and Windows
 * have for it. An installation with its own data folder gets its own folder of logs, so that two never share a file.
 */
export function defaultDirs({ dataDir, platform, homeDir, env }: DirsInput): Dirs {
  const standard = platformDirs(platform, homeDir, env);
  if (dataDir === undefined || resolve(dataDir) === standard.dataDir) return standard;
  const own = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 8);
  return { dataDir: resolve(dataDir), cacheDir: standard.cacheDir, logDir: join(standard.logDir, own) };
}

function platformDirs(platform: string, homeDir: string, env: Record<string, string | undefined>): Dirs {
  if (platform === 'darwin') {
    const library = join(homeDir, 'Library');
    return {
      dataDir: join(library, 'Application Support', 'Atalaya'),
      cacheDir: join(library, 'Caches', 'Atalaya'),
      logDir: join(library, 'Logs', 'Atalaya'),
    };
  }
  if (platform === 'win32') {
    const local = join(env['LOCALAPPDATA'] ?? join(homeDir, 'AppData', 'Local'), 'Atalaya');
    return { dataDir: join(local, 'Data'), cacheDir: join(local, 'Cache'), logDir: join(local, 'Logs') };
  }
  const xdg = (name: string, fallback: string): string => {
    const value = env[name];
    // The specification: relative paths are invalid and are ignored.
    return value?.startsWith('/') === true ? value : join(homeDir, fallback);
  };
  return {
    dataDir: join(xdg('XDG_DATA_HOME', '.local/share'), 'atalaya'),
    cacheDir: join(xdg('XDG_CACHE_HOME', '.cache'), 'atalaya'),
    logDir: join(xdg('XDG_STATE_HOME', '.local/state'), 'atalaya', 'logs'),
  };
}
