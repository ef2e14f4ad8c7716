import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFrameCounters, findCounterBreaks } from '../../simulator/frame-counter.ts';
import { FFMPEG, TestEngine, TestFolder } from '../harness.ts';
import { decode } from '../media.ts';
import { eventually, TestBrowser } from './browser.ts';
import { layFootage, RECORDED, SEGMENT_FRAMES, type Footage } from './footage.ts';
import { readPicture } from './video.ts';

let browser: TestBrowser;
let folder: TestFolder;
let footage: Footage;
let engine: TestEngine;
let first: number, third: number;

beforeAll(async () => {
  browser = await TestBrowser.launch();
  folder = await TestFolder.create();
  footage = await layFootage(folder, [0, 0, 30_000]);
  [first, , third] = footage.startsMs as [number, number, number];
  engine = await TestEngine.start(folder);
});
afterAll(async () => {
  await browser?.close();
  await engine?.dispose();
  await folder?.dispose();
});

/** Shows a moment on the timeline, paused; its exact time comes from the address. */
async function showMoment(page: Page, atMs: number): Promise<void> {
  await page.goto(`/timeline?camera=${footage.cameraId}&at=${atMs}`);
  const picture = page.locator('[data-testid=playback-picture]');
  await eventually(() => picture.getAttribute('data-state')).toBe('playing');
  await page.keyboard.press('k');
  await eventually(() => picture.getAttribute('data-state')).toBe('paused');
}

/** Marks from one moment to another on the timeline, by keys. */
async function markRange(page: Page, fromMs: number, lengthS: number): Promise<void> {
  await showMoment(page, fromMs);
  await page.keyboard.press('[');
  for (let passedS = 0; passedS < lengthS; passedS += 5) await page.keyboard.press('ArrowRight');
  await page.keyboard.press(']');
}

const job = (page: Page) => page.getByRole('list', { name: 'Exports' }).getByRole('listitem').first();
const download = async (page: Page, name: RegExp) => {
  const [file] = await Promise.all([page.waitForEvent('download'), job(page).getByRole('link', { name }).click()]);
  const path = join(folder.path, file.suggestedFilename());
  await file.saveAs(path);
  return { path, name: file.suggestedFilename() };
};

describe('an export', () => {
  it('of a marked range is made, downloaded, and holds every frame of it', async () => {
    const page = await browser.open(engine);
    await markRange(page, first + 4_500, 25);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export footage' });
    await dialog.getByText(/25.*, about .+ Times are in CET\.$/).waitFor();
    expect(await dialog.getByLabel('Archive').isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('status').getByText('The export has begun.').waitFor();
    await page.getByRole('button', { name: 'Show', exact: true }).first().click();

    await page.getByRole('heading', { level: 1, name: 'Exports' }).waitFor();
    await eventually(() => job(page).innerText()).toMatch(/Archive[^]*CET[^]*Ready/);
    const file = await download(page, /^Download .*\.mp4$/);
    expect(file.name).toMatch(/Archive.*\.mp4$/);

    const counters = await decodeFrameCounters({ ffmpegPath: FFMPEG, file: file.path });
    expect(findCounterBreaks(counters, SEGMENT_FRAMES)).toEqual([]);
    // Cut at the key frame before the mark, which is less than a second earlier.
    expect(counters[0]! % RECORDED.gopFrames).toBe(0);
    expect(counters[0]).toBe(4 * RECORDED.fps);
    const seconds = counters.length / RECORDED.fps;
    const gopS = RECORDED.gopFrames / RECORDED.fps;
    expect(seconds).toBeGreaterThan(25 - 0.5);
    expect(seconds).toBeLessThan(25 + 2 * gopS);
    expect(await decode(file.path)).toEqual({ frames: counters.length });

    // It plays in a browser as it is.
    const address = await job(page).getByRole('link').getAttribute('href');
    await page.evaluate((src) => {
      const video = document.createElement('video');
      Object.assign(video, { id: 'exported', src, muted: true, preload: 'auto' });
      document.body.append(video);
      video.currentTime = 3;
    }, address!);
    await eventually(async () => (await readPicture(page.locator('#exported')))?.counter).toBe(7 * RECORDED.fps);
  });

  it('across a gap names it, as a ZIP, too, and can be deleted', async () => {
    const page = await browser.open(engine);
    await markRange(page, third - 35_000, 40);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export footage' });
    await dialog.getByLabel('Format').selectOption('ZIP with all cameras');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Show', exact: true }).first().click();
    await eventually(() => job(page).innerText()).toMatch(/Ready/);
    const file = await download(page, /^Download .*\.zip$/);
    expect((await readFile(file.path)).subarray(0, 2).toString()).toBe('PK');
    await job(page).getByText('1 gap in the range').click();
    await job(page)
      .getByText(/30.* · /)
      .waitFor();

    const before = await page.getByRole('list', { name: 'Exports' }).getByRole('heading').count();
    await job(page).getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete this export' });
    await question
      .getByText(/^1 file, [\d.]+ [kM]B, will be deleted\. The recordings that it was made of stay\.$/)
      .waitFor();
    await question.getByRole('button', { name: 'Delete export' }).click();
    await eventually(() => page.getByRole('list', { name: 'Exports' }).getByRole('heading').count()).toBe(before - 1);
  });

  it('of a range that runs backward, or of no camera, is not begun', async () => {
    const page = await browser.open(engine);
    await markRange(page, first + 5_000, 10);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export footage' });
    const begin = dialog.getByRole('button', { name: 'Export', exact: true });
    await dialog.getByLabel('From, date').fill('2199-01-01');
    await dialog.getByText('The end must lie after the beginning.').waitFor();
    expect(await begin.isDisabled()).toBe(true);
    await dialog.getByLabel('From, date').fill('2001-01-01');
    await dialog.getByText('An export spans 24 hours at most.').waitFor();
    expect(await begin.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await dialog.getByLabel('Archive').uncheck();
    expect(await begin.isDisabled()).toBe(true);
  });
});
