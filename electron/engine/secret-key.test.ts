import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecretKey, type KeyProtector } from './secret-key.ts';
import { StartError } from './start-error.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atalaya-key-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
const keyring: KeyProtector = { protect: flip, unprotect: flip };

describe('loadSecretKey', () => {
  it('creates a key that only the owner can read, and finds it again', async () => {
    const key = await loadSecretKey({ dataDir });
    expect(key).toHaveLength(32);
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect(await loadSecretKey({ dataDir })).toEqual(key);
  });

  it('keeps a protected key out of the file, and opens it with the keyring only', async () => {
    const key = await loadSecretKey({ dataDir, protector: keyring });
    const text = await readFile(join(dataDir, 'secret.key'), 'utf8');
    expect(text).not.toContain(Buffer.from(key).toString('base64'));
    expect(await loadSecretKey({ dataDir, protector: keyring })).toEqual(key);
    await expect(loadSecretKey({ dataDir })).rejects.toThrow(StartError);
    const stranger: KeyProtector = {
      protect: flip,
      unprotect: () => {
        throw new Error('not yours');
      },
    };
    await expect(loadSecretKey({ dataDir, protector: stranger })).rejects.toThrow(/keyring of the user who made it/);
    expect(await readFile(join(dataDir, 'secret.key'), 'utf8')).toBe(text);
  });

  it('reads a plain key in the desktop app, too: the folder may come from a server', async () => {
    const key = await loadSecretKey({ dataDir });
    expect(await loadSecretKey({ dataDir, protector: keyring })).toEqual(key);
  });

  it('refuses a damaged file and leaves it alone', async () => {
    for (const text of ['', 'garbage', 'atalaya-key-1:plain:AAAA', 'atalaya-key-2:plain:AAAA']) {
      await writeFile(join(dataDir, 'secret.key'), text);
      await expect(loadSecretKey({ dataDir })).rejects.toThrow(/damaged/);
      expect(await readFile(join(dataDir, 'secret.key'), 'utf8')).toBe(text);
    }
  });

  it('takes an explicit key in hex or base64, and no other length', async () => {
    const hex = 'ab'.repeat(32);
    expect(await loadSecretKey({ dataDir, explicitKey: hex })).toEqual(Buffer.from(hex, 'hex'));
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    expect(await loadSecretKey({ dataDir, explicitKey: base64 })).toEqual(Buffer.from(hex, 'hex'));
    await expect(loadSecretKey({ dataDir, explicitKey: 'secret' })).rejects.toThrow(/32 bytes/);
  });
});
