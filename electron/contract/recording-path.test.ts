import { expect, test } from 'vitest';
import { readRecordingPath, recordingPath } from './recording-path.ts';

const cameraId = '0198f0a0-0000-7000-8000-000000000001';

test('a recorded file lies in the folder of its UTC day', () => {
  const file = { cameraId, stream: 'main', startMs: Date.UTC(2026, 0, 31, 23, 59, 59, 999) } as const;
  expect(recordingPath(file)).toBe(`${cameraId}/2026/01/31/1769903999999-main.mp4`);
  expect(readRecordingPath(recordingPath(file))).toEqual(file);
});

test.each([
  `${cameraId}/2026/02/01/1769903999999-main.mp4`,
  `${cameraId}/2026/01/31/1769903999999-third.mp4`,
  `../2026/01/31/1769903999999-main.mp4`,
  `camera/2026/01/31/1769903999999-main.mp4`,
  `${cameraId}/2026/01/31/notes.txt`,
])('%s is not ours', (path) => {
  expect(readRecordingPath(path)).toBeUndefined();
});
