import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReachable, loadWindowPlace, saveWindowPlace } from './window-bounds.ts';

const screen = { x: 0, y: 25, width: 1920, height: 1055 };
const bounds = { x: 100, y: 100, width: 1200, height: 800 };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-window-'));
  path = join(folder, 'window.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('loadWindowPlace', () => {
  it('gives back what was saved', async () => {
    await saveWindowPlace(path, { bounds, maximized: true });
    expect(await loadWindowPlace(path, [screen])).toEqual({ bounds, maximized: true });
  });

  it('forgets a place on a display that is gone', async () => {
    await saveWindowPlace(path, { bounds: { ...bounds, x: 2500 }, maximized: false });
    expect(await loadWindowPlace(path, [screen])).toEqual({ bounds: undefined, maximized: false });
    expect((await loadWindowPlace(path, [screen, { ...screen, x: 1920 }])).bounds).toBeDefined();
  });

  it('takes the default for a file that is missing, cut short or not ours', async () => {
    const unknown = { bounds: undefined, maximized: false };
    expect(await loadWindowPlace(path, [screen])).toEqual(unknown);
    const texts = [
      '',
      '{"bou',
      'null',
      '[]',
      '{"maximized":1}',
      '{"maximized":false,"bounds":{"x":0,"y":0,"width":1,"height":1}}',
      '{"maximized":false,"bounds":{"x":0.5,"y":0,"width":1000,"height":1000}}',
    ];
    for (const text of texts) {
      await writeFile(path, text);
      expect(await loadWindowPlace(path, [screen])).toEqual(unknown);
    }
  });
});

describe('isReachable', () => {
  it('asks for a piece of the title bar that can be dragged', () => {
    expect(isReachable({ ...bounds, x: -1100 }, [screen])).toBe(false);
    expect(isReachable({ ...bounds, x: -1080 }, [screen])).toBe(true);
    expect(isReachable({ ...bounds, y: 0 }, [screen])).toBe(false);
    expect(isReachable({ ...bounds, y: 1070 }, [screen])).toBe(false);
    expect(isReachable(bounds, [])).toBe(false);
  });
});
