import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportFileName, exportZipName } from './export-names.ts';

const START_MS = Date.UTC(2026, 2, 4, 9, 5, 7, 890);

test.each([
  ['Front gate', 'Front gate_2026-03-04_09-05-07Z.mp4'],
  ['a/b\\c:d*e?"f<g>h|i', 'a-b-c-d-e-f-g-h-i_2026-03-04_09-05-07Z.mp4'],
  ['Cámara nº 3 🎥', 'Cámara nº 3 🎥_2026-03-04_09-05-07Z.mp4'],
  ['../../etc/passwd', '-..-etc-passwd_2026-03-04_09-05-07Z.mp4'],
  [' ... ', 'camera_2026-03-04_09-05-07Z.mp4'],
  ['CON', 'CON-camera_2026-03-04_09-05-07Z.mp4'],
])('%j', (camera, name) => {
  expect(exportFileName(camera, START_MS, new Set())).toBe(name);
});

test('cameras of one name get different files', () => {
  const first = exportFileName('Gate', START_MS, new Set());
  const second = exportFileName('gate', START_MS, new Set([first.toLowerCase()]));
  expect(second).toBe('gate_2026-03-04_09-05-07Z_2.mp4');
  expect(exportZipName(START_MS)).toBe('Atalaya_2026-03-04_09-05-07Z.zip');
});

test('whatever the camera is called, the name is one safe path component', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (camera) => {
      const name = exportFileName(camera, START_MS, new Set());
      expect(name).toMatch(/^[^/\\<>:"|?*]+_2026-03-04_09-05-07Z\.mp4$/);
      expect(name.startsWith('.')).toBe(false);
      expect(Buffer.byteLength(name)).toBeLessThan(255);
      expect(name.isWellFormed()).toBe(true);
    }),
  );
});
