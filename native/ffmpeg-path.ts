import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { runFfmpeg } from './run-ffmpeg.ts';

export interface FfmpegSearch {
  /** What the user asked for (`ATALAYA_FFMPEG`). When it is set, nothing else is tried. */
  readonly explicitPath?: string | undefined;
  /** Folder that holds `ffmpeg/<platform>-<arch>/ffmpeg` in packaged builds. */
  readonly resourcesDir?: string | undefined;
  /** Value of `PATH`; may be empty. */
  readonly pathEnv: string;
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
}

export type FfmpegSource = 'environment' | 'bundled' | 'ffmpeg-static' | 'path';

export interface FoundFfmpeg {
  readonly kind: 'found';
  readonly path: string;
  /** As FFmpeg prints it, such as `5.1.9-0+deb12u1`, `8.0` or `N-121000-gabcdef`. */
  readonly version: string;
  readonly source: FfmpegSource;
}

export interface MissingFfmpeg {
  readonly kind: 'missing';
  /** One sentence per place that was looked at. */
  readonly tried: string[];
  /** The one command to type on this system. */
  readonly installHint: string;
}

/**
 * Finds an FFmpeg that runs, in this order: `explicitPath`, the one shipped in `resourcesDir`, the package
 * `ffmpeg-static`, `pathEnv`. A binary counts only when `ffmpeg -version` answers in time. Never throws.
 */
export async function findFfmpeg(search: FfmpegSearch): Promise<FoundFfmpeg | MissingFfmpeg> {
  const tried: string[] = [];
  for (const candidate of await listCandidates(search)) {
    const result = await readVersion(candidate.path);
    if ('version' in result) {
      return { kind: 'found', path: candidate.path, version: result.version, source: candidate.source };
    }
    tried.push(`${candidate.path} ${result.problem}`);
  }
  if (search.explicitPath === undefined) tried.push('no ffmpeg on PATH');
  return { kind: 'missing', tried, installHint: await installHint(search) };
}

interface Candidate {
  readonly path: string;
  readonly source: FfmpegSource;
}

async function listCandidates(search: FfmpegSearch): Promise<Candidate[]> {
  const { explicitPath, resourcesDir, pathEnv, platform, arch } = search;
  if (explicitPath !== undefined) return [{ path: explicitPath, source: 'environment' }];

  const name = platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const candidates: Candidate[] = [];
  if (resourcesDir !== undefined) {
    candidates.push({ path: path.join(resourcesDir, 'ffmpeg', `${platform}-${arch}`, name), source: 'bundled' });
  }
  const staticPath = await findStaticPackage();
  if (staticPath !== undefined) candidates.push({ path: staticPath, source: 'ffmpeg-static' });
  for (const file of await findOnPath([name], pathEnv, platform)) candidates.push({ path: file, source: 'path' });

  const present = await Promise.all(candidates.map((candidate) => isExecutable(candidate.path)));
  return candidates.filter((_, index) => present[index]);
}

/** The optional package answers with a path even when its download failed; whoever calls looks whether it is there. */
async function findStaticPackage(): Promise<string | undefined> {
  try {
    const imported: { default: unknown } = await import('ffmpeg-static');
    return typeof imported.default === 'string' ? imported.default : undefined;
  } catch {
    // Not installed: it is an optional dependency and packaged builds leave it out.
    return undefined;
  }
}

/** Executable files called one of `names`, in the order of `pathEnv`. Relative and empty entries are ignored. */
async function findOnPath(names: readonly string[], pathEnv: string, platform: string): Promise<string[]> {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const folders = pathEnv.split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
  const files = folders.flatMap((folder) => names.map((name) => paths.join(folder, name)));
  const present = await Promise.all(files.map((file) => isExecutable(file)));
  return files.filter((_, index) => present[index]);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A cold start from a slow disk takes about two seconds; five tell a hanging binary from a slow one. */
const VERSION_TIME_LIMIT_MS = 5000;

async function readVersion(ffmpegPath: string): Promise<{ version: string } | { problem: string }> {
  try {
    const { stdout } = await runFfmpeg({ ffmpegPath, args: ['-version'], timeLimitMs: VERSION_TIME_LIMIT_MS });
    const version = /^ffmpeg version (\S+)/m.exec(stdout.toString('utf8'))?.[1];
    return version === undefined ? { problem: 'is not FFmpeg' } : { version };
  } catch (error) {
    return { problem: `does not run (${error instanceof Error ? error.message : String(error)})` };
  }
}

const LINUX_INSTALLERS: Readonly<Record<string, string>> = {
  'apt-get': 'sudo apt-get install ffmpeg',
  dnf: 'sudo dnf install ffmpeg-free',
  pacman: 'sudo pacman -S ffmpeg',
  zypper: 'sudo zypper install ffmpeg',
  apk: 'sudo apk add ffmpeg',
};

async function installHint({ pathEnv, platform }: FfmpegSearch): Promise<string> {
  if (platform === 'win32') return 'winget install --exact --id Gyan.FFmpeg';
  if (platform === 'darwin') return 'brew install ffmpeg';
  const [installer] = await findOnPath(Object.keys(LINUX_INSTALLERS), pathEnv, platform);
  const command = installer === undefined ? undefined : LINUX_INSTALLERS[path.basename(installer)];
  return command ?? 'sudo apt-get install ffmpeg';
}
