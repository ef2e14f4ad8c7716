import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from './ffmpeg-path.ts';

const host = { platform: process.platform, arch: process.arch };
let folder: string;
let systemPath: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'atalaya-ffmpeg-path-'));
  const found = await findFfmpeg({
    explicitPath: process.env['ATALAYA_FFMPEG'],
    pathEnv: process.env['PATH'] ?? '',
    ...host,
  });
  if (found.kind === 'missing') throw new Error(found.tried.join(', '));
  systemPath = found.path;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an FFmpeg that runs', () => {
  test('is found on PATH behind folders that do not hold one', async () => {
    const pathEnv = ['', 'relative', path.join(folder, 'absent'), path.dirname(systemPath)].join(path.delimiter);
    const found = await findFfmpeg({ pathEnv, ...host });
    expect(found).toMatchObject({ kind: 'found', version: expect.stringMatching(/^[nN]?-?\d/) });
  });

  test('is taken from the resources of a packaged build before PATH', async () => {
    const bundled = path.join(folder, 'resources', 'ffmpeg', `${host.platform}-${host.arch}`, 'ffmpeg');
    await mkdir(path.dirname(bundled), { recursive: true });
    await symlink(systemPath, bundled);
    const found = await findFfmpeg({
      resourcesDir: path.join(folder, 'resources'),
      pathEnv: path.dirname(systemPath),
      ...host,
    });
    expect(found).toMatchObject({ kind: 'found', source: 'bundled', path: bundled });
  });

  test('is taken from the path that the user names', async () => {
    const found = await findFfmpeg({ explicitPath: systemPath, pathEnv: '', ...host });
    expect(found).toMatchObject({ kind: 'found', source: 'environment', path: systemPath });
  });
});

describe('a path that the user names is the only one', () => {
  test.each([
    ['is not there', undefined, 'could not be started'],
    ['fails', '#!/bin/sh\necho cannot load libfoo.so >&2\nexit 127\n', 'libfoo.so'],
    ['is something else', '#!/bin/sh\necho hello\n', 'is not FFmpeg'],
  ])('%s', async (name, content, reason) => {
    const explicitPath = path.join(folder, name);
    if (content !== undefined) {
      await writeFile(explicitPath, content);
      await chmod(explicitPath, 0o755);
    }
    const found = await findFfmpeg({ explicitPath, pathEnv: path.dirname(systemPath), ...host });
    expect(found).toMatchObject({ kind: 'missing', tried: [expect.stringContaining(reason)] });
  });
});

describe('without any FFmpeg the command to type is named', () => {
  test('one for each system', async () => {
    const hints = await Promise.all(
      ['linux', 'darwin', 'win32'].map((platform) => hintOf({ pathEnv: '', platform, arch: 'x64' })),
    );
    expect(hints).toEqual([
      'sudo apt-get install ffmpeg',
      'brew install ffmpeg',
      'winget install --exact --id Gyan.FFmpeg',
    ]);
  });

  test('after the package manager that is there', async () => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await writeFile(path.join(bin, 'dnf'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await hintOf({ pathEnv: bin, platform: 'linux', arch: 'x64' })).toBe('sudo dnf install ffmpeg-free');
  });
});

async function hintOf(search: Parameters<typeof findFfmpeg>[0]): Promise<string> {
  const found = await findFfmpeg(search);
  if (found.kind === 'found') throw new Error(`found ${found.path}`);
  return found.installHint;
}
