import type { KeyProtector } from '../engine/secret-key.ts';
import type { ElectronApi } from './electron-api.ts';

/**
 * Wraps the key of the cameras' passwords with the user's keyring (Keychain, DPAPI, Secret Service).
 * Undefined where there is none: Electron's `basic_text` only obfuscates, which a file mode does better.
 */
export function createKeyProtector(
  safeStorage: ElectronApi['safeStorage'],
  platform: string,
): KeyProtector | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return undefined;
  return {
    protect: (key) => safeStorage.encryptString(Buffer.from(key).toString('base64')),
    unprotect: (bytes) => Buffer.from(safeStorage.decryptString(Buffer.from(bytes)), 'base64'),
  };
}
