import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeDataLock } from './data-lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-lock-'));
  path = join(folder, 'engine.lock');
});
afterEach(() => rm(folder, { recursive: true }));

describe('takeDataLock', () => {
  it('is held by one, and free again when it is released', async () => {
    const release = takeDataLock(path)!;
    expect(takeDataLock(path)).toBeUndefined();
    release();
    takeDataLock(path)!();
    expect(await readdir(folder)).toEqual(['engine.lock']);
  });

  it('keeps other processes out, and ends with a process that is killed', async () => {
    const module = fileURLToPath(new URL('data-lock.ts', import.meta.url));
    const script = `import { takeDataLock } from ${JSON.stringify(module)};
      takeDataLock(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    expect(takeDataLock(path)).toBeUndefined();
    const ended = once(other, 'exit');
    other.kill('SIGKILL');
    await ended;
    takeDataLock(path)!();
  });

  it('throws where no file can be', () => {
    expect(() => takeDataLock(join(folder, 'missing', 'engine.lock'))).toThrow();
  });
});
