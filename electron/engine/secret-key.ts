import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BYTES } from './secret-box.ts';
import { StartError } from './start-error.ts';

/** The operating system's keyring (Electron's safeStorage): the key file is then of no use on its own. */
export interface KeyProtector {
  protect(key: Uint8Array): Uint8Array;
  /** Throws when it was protected by another user or on another machine. */
  unprotect(bytes: Uint8Array): Uint8Array;
}

export interface SecretKeyOptions {
  dataDir: string;
  /** 32 bytes in base64 or hex (`ATALAYA_SECRET_KEY`): nothing is read from or written to the disk then. */
  explicitKey?: string | undefined;
  protector?: KeyProtector | undefined;
}

const FILE_NAME = 'secret.key';

/**
 * The key that encrypts camera passwords: the explicit one, or that of `<data>/secret.key`, which is created (mode
 * 0600) at the first start. Throws StartError when there is a key that cannot be read; it is never overwritten.
 */
export async function loadSecretKey(options: SecretKeyOptions): Promise<Uint8Array> {
  if (options.explicitKey !== undefined) return parseExplicit(options.explicitKey);
  const path = join(options.dataDir, FILE_NAME);
  const text = await readIfPresent(path);
  return text === undefined ? create(path, options.protector) : parseFile(path, text, options.protector);
}

function parseExplicit(text: string): Uint8Array {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new StartError('The secret key must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32');
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function parseFile(path: string, text: string, protector: KeyProtector | undefined): Uint8Array {
  const [version, kind, body] = text.trim().split(':');
  const bytes = Buffer.from(body ?? '', 'base64');
  if (version === 'atalaya-key-1' && kind === 'plain' && bytes.length === KEY_BYTES) return bytes;
  if (version === 'atalaya-key-1' && kind === 'protected') {
    try {
      if (protector !== undefined) return protector.unprotect(bytes);
    } catch {
      // Falls through to the sentence: whatever the keyring said, the way out is the same.
    }
    throw new StartError(
      `${path} is protected by the keyring of the user who made it and cannot be unlocked here. ` +
        'Start the desktop app as that user, or move the file away and enter the cameras’ passwords again.',
    );
  }
  throw new StartError(
    `${path} is damaged. Restore it from a backup, or move it away and enter the cameras’ passwords again.`,
  );
}

async function create(path: string, protector: KeyProtector | undefined): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES);
  const [kind, bytes] = protector === undefined ? ['plain', key] : ['protected', protector.protect(key)];
  // Written whole under another name first: a key cut short by a power failure would lock every password out.
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`atalaya-key-1:${kind}:${Buffer.from(bytes).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return key;
}
