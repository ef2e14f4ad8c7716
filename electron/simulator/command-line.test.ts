import { expect, test } from 'vitest';
import { parseFlags } from './command-line.ts';

test('equal cameras share clips by scene', () => {
  const { cameras, port } = parseFlags(
    '--port 0 --cameras 6 --size 1920x1080 --fps 25 --kbps 4000 --audio aac'.split(' '),
  );
  expect(port).toBe(0);
  expect(cameras.map(({ path }) => path)).toEqual([
    'camera-1',
    'camera-2',
    'camera-3',
    'camera-4',
    'camera-5',
    'camera-6',
  ]);
  expect(cameras[4]?.clip).toEqual(cameras[0]?.clip);
  expect(cameras[0]?.clip).toMatchObject({
    width: 1920,
    height: 1080,
    fps: 25,
    gopFrames: 50,
    bitrateKbps: 4000,
    audio: 'aac',
  });
});

test('the demo has a main and a sub-stream for each of four scenes', () => {
  const { cameras } = parseFlags(['--demo']);
  expect(cameras).toHaveLength(8);
  expect(new Set(cameras.map(({ clip }) => clip.scene)).size).toBe(4);
  expect(cameras.filter(({ clip }) => clip.width === 1280)).toHaveLength(4);
  expect(new Set(cameras.map(({ clip }) => clip.audio))).toEqual(new Set(['aac', 'pcmu', 'pcma', 'none']));
});

test.each([
  ['--size', '10'],
  ['--port', '99999'],
  ['--codec', 'vp9'],
  ['--cameras', '0'],
  ['--unknown', '1'],
])('%s %s is refused with a reason', (flag, value) => {
  expect(() => parseFlags([flag, value])).toThrow(flag);
});
