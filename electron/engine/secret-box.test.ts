import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.ts';

const box = new SecretBox(randomBytes(32));

describe('SecretBox', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, owner) => {
        expect(box.open(box.seal(text, owner), owner)).toBe(text);
      }),
    );
  });

  it('gives nothing for another owner, another key, or a changed byte', () => {
    const sealed = box.seal('hunter2', 'camera-a');
    expect(box.open(sealed, 'camera-b')).toBeUndefined();
    expect(new SecretBox(randomBytes(32)).open(sealed, 'camera-a')).toBeUndefined();
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed);
      changed[index]! ^= 1;
      expect(box.open(changed, 'camera-a')).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(box.open(sealed.subarray(0, length), 'camera-a')).toBeUndefined();
    }
  });

  it('never seals the same text alike, and never in the clear', () => {
    const [one, two] = [box.seal('hunter2', 'a'), box.seal('hunter2', 'a')];
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(Buffer.from(one).includes('hunter2')).toBe(false);
  });
});
