import { describe, expect, it } from 'vitest';
import { createKeyProtector } from './keyring.ts';
import { FakeElectron } from './testing/fake-electron.ts';

describe('createKeyProtector', () => {
  it('wraps a key and gives it back', () => {
    const electron = new FakeElectron('/');
    electron.keyring = 'gnome_libsecret';
    const protector = createKeyProtector(electron.api.safeStorage, 'linux')!;
    const key = Buffer.alloc(32, 7);
    const wrapped = protector.protect(key);
    expect(Buffer.from(wrapped).equals(key)).toBe(false);
    expect(Buffer.from(protector.unprotect(wrapped)).equals(key)).toBe(true);
  });

  it('does without where there is no real keyring', () => {
    const electron = new FakeElectron('/');
    expect(createKeyProtector(electron.api.safeStorage, 'linux')).toBeUndefined();
    electron.keyring = 'basic_text';
    expect(createKeyProtector(electron.api.safeStorage, 'linux')).toBeUndefined();
    expect(createKeyProtector(electron.api.safeStorage, 'darwin')).toBeDefined();
  });
});
