import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CameraSimulator } from '../../simulator/camera-simulator.ts';
import { clipParameters } from '../../simulator/clip.ts';
import { decodeFrameCounters } from '../../simulator/frame-counter.ts';
import { FFMPEG, startCameras, TestEngine, TestFolder, waitFor } from '../harness.ts';
import { eventually, TestBrowser } from './browser.ts';
import { CLIP_FRAMES, MAIN, SUB } from './clips.ts';
import { expectMoving, readPicture } from './video.ts';

const NAMES = ['Front door', 'Yard', 'Gate', 'Garage'];

let browser: TestBrowser;
let folder: TestFolder;
let engine: TestEngine;
let simulator: CameraSimulator;

beforeAll(async () => {
  browser = await TestBrowser.launch();
  const withSound = clipParameters({ ...MAIN, audio: 'aac' });
  simulator = await startCameras([
    ...NAMES.flatMap((name) => [
      { path: `${name[0]}/main`, clip: name === 'Front door' ? withSound : MAIN },
      { path: `${name[0]}/sub`, clip: SUB },
    ]),
    { path: 'hevc/main', clip: clipParameters({ ...MAIN, codec: 'h265' }) },
    { path: 'hevc/sub', clip: SUB },
  ]);
  folder = await TestFolder.create();
  engine = await TestEngine.start(folder);
  for (const name of NAMES) {
    const source = { url: simulator.url(`${name[0]}/main`), subUrl: simulator.url(`${name[0]}/sub`) };
    await engine.api.addCamera({ name, source });
  }
  await waitFor('four recordings', async () => (await engine.api.cameras()).every(({ status }) => status.recording));
});
afterAll(async () => {
  await browser?.close();
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

const tile = (page: Page, name: string) => page.getByRole('article', { name });
/** The one on screen: while streams change, the next one waits below it. */
const video = (page: Page, name: string) => tile(page, name).locator('video').last();
const control = (page: Page, name: string, label: string | RegExp) =>
  tile(page, name).getByRole('button', { name: label });
const details = (page: Page, name: string) => tile(page, name).locator('dl').innerText();
const widthOf = async (page: Page, name: string) => (await readPicture(video(page, name)))?.width;

describe('the grid', () => {
  it('shows moving pictures of all cameras, small ones from the sub-stream, one session a stream', async () => {
    const page = await browser.open(engine);
    const second = await browser.open(engine);
    for (const name of NAMES) {
      await expectMoving(video(page, name), { clipFrames: CLIP_FRAMES });
      expect(await widthOf(page, name)).toBe(SUB.width);
    }
    await expectMoving(video(second, 'Yard'), { clipFrames: CLIP_FRAMES });
    expect(simulator.stats.connectedClients).toBe(2 * NAMES.length);
    await page.getByRole('link', { name: 'Recording 4 of 4 cameras' }).waitFor();
  });

  it('enlarges a tile by a double click to the main stream, and tells what it plays', async () => {
    // Tiles that are clearly small: between small and large a tile keeps the stream that it has.
    const page = await browser.open(engine, { context: { viewport: { width: 1100, height: 700 } } });
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES, frames: 3 });
    await tile(page, 'Yard').hover();
    await control(page, 'Yard', 'Details').click();
    await eventually(() => details(page, 'Yard')).toMatch(/Stream\s+Sub\s+Codec\s+H\.264\s+Size\s+320 × 180/);
    await tile(page, 'Yard').dblclick({ position: { x: 300, y: 60 } });
    await eventually(() => widthOf(page, 'Yard')).toBe(MAIN.width);
    await eventually(() => details(page, 'Yard')).toMatch(
      /Stream\s+Main\s+Codec\s+H\.264\s+Size\s+640 × 360\s+Frames\/s\s+1\d(\.\d)?\s+Rate\s+\d+ kbit\/s/,
    );
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES });
    await page.keyboard.press('Escape');
    await eventually(() => widthOf(page, 'Yard')).toBe(SUB.width);
    await tile(page, 'Gate').waitFor();
  });

  it('is moved through by keys', async () => {
    const page = await browser.open(engine);
    await tile(page, 'Gate').waitFor();
    await page.keyboard.press('3');
    await eventually(() => tile(page, 'Gate').evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await eventually(() => widthOf(page, 'Gate')).toBe(MAIN.width);
    await page.keyboard.press('4');
    await eventually(() => widthOf(page, 'Garage')).toBe(MAIN.width);
    await control(page, 'Garage', 'Back to all cameras').waitFor();
    await page.keyboard.press('Enter');
    await control(page, 'Garage', 'Enlarge').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Play from 30 seconds ago').waitFor();
  });

  it('has the layout that the user chooses, and keeps it', async () => {
    const page = await browser.open(engine);
    const layout = (name: string) => page.getByRole('button', { name, exact: true });
    await layout('One camera').click();
    await page.getByText('1 / 4').waitFor();
    await eventually(() => widthOf(page, 'Front door')).toBe(MAIN.width);
    await page.keyboard.press('PageDown');
    await tile(page, 'Yard').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await page.reload();
    await page.getByText('1 / 4').waitFor();
    await layout('3 by 3').click();
    await eventually(() => page.getByRole('article').count()).toBe(4);
    const box = (await tile(page, 'Yard').boundingBox())!;
    expect(box.width).toBeLessThan(1280 / 3);
    await layout('Automatic').click();
    await eventually(async () => (await tile(page, 'Yard').boundingBox())!.width).toBeGreaterThan(1280 / 3);
  });

  it('saves a picture of the main stream as a file', async () => {
    const page = await browser.open(engine);
    await tile(page, 'Gate').hover();
    const [file] = await Promise.all([page.waitForEvent('download'), control(page, 'Gate', 'Save a picture').click()]);
    expect(file.suggestedFilename()).toMatch(/^Gate \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d UTC\.jpg$/);
    const jpeg = join(folder.path, 'picture.jpg');
    await file.saveAs(jpeg);
    expect(await decodeFrameCounters({ ffmpegPath: FFMPEG, file: jpeg })).toEqual([expect.any(Number)]);
    await page.getByRole('status').getByText('Saved as Gate').waitFor();
  });

  it('leads from a tile to 30 seconds ago, by a key and by its button', async () => {
    const page = await browser.open(engine);
    const { id } = (await engine.api.cameras()).find(({ name }) => name === 'Gate')!;
    const expectLookBack = async () => {
      await eventually(() => new URL(page.url()).pathname).toBe('/timeline');
      const { searchParams } = new URL(page.url());
      const atMs = Number(searchParams.get('at'));
      expect(searchParams.get('camera')).toBe(id);
      expect(Math.abs(Date.now() - 30_000 - atMs)).toBeLessThan(15_000);
    };
    await tile(page, 'Gate').focus();
    await page.keyboard.press('r');
    await expectLookBack();
    await page.goBack();
    await tile(page, 'Gate').hover();
    await control(page, 'Gate', 'Play from 30 seconds ago').click();
    await expectLookBack();
  });
});

describe('sound', () => {
  it('is off until it is asked for, and only where the camera sends any', async () => {
    const page = await browser.open(engine);
    await tile(page, 'Front door').focus();
    await page.keyboard.press('Enter');
    await eventually(() => widthOf(page, 'Front door')).toBe(MAIN.width);
    const heard = () =>
      video(page, 'Front door').evaluate((element: HTMLVideoElement & { webkitAudioDecodedByteCount?: number }) =>
        element.muted ? 0 : (element.webkitAudioDecodedByteCount ?? 0),
      );
    const sound = control(page, 'Front door', 'Sound');
    expect(await sound.getAttribute('aria-pressed')).toBe('false');
    expect(await heard()).toBe(0);
    await sound.click();
    expect(await sound.getAttribute('aria-pressed')).toBe('true');
    await eventually(heard).toBeGreaterThan(0);
    await expectMoving(video(page, 'Front door'), { clipFrames: CLIP_FRAMES });
    await sound.click();
    await eventually(heard).toBe(0);
    await expectMoving(video(page, 'Front door'), { clipFrames: CLIP_FRAMES });

    await page.keyboard.press('2');
    await eventually(() => widthOf(page, 'Yard')).toBe(MAIN.width);
    expect(await control(page, 'Yard', 'This camera sends no sound').isDisabled()).toBe(true);
  });
});

describe('a camera in trouble', () => {
  const streams = () => ['Y/main', 'Y/sub'].map((path) => simulator.camera(path));
  const mend = () => streams().forEach((stream) => stream.resume());
  afterEach(mend);
  const isGrey = (page: Page, name: string) =>
    video(page, name).evaluate((element) => getComputedStyle(element.parentElement!).filter.includes('grayscale(1)'));

  it('that is lost says since when and why on its greyed last picture, and comes back by itself', async () => {
    const page = await browser.open(engine);
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES, frames: 3 });
    expect(await isGrey(page, 'Yard')).toBe(false);
    const lostMs = Date.now();
    for (const stream of streams()) {
      stream.refuse(404);
      stream.drop();
    }
    const notice = tile(page, 'Yard').getByRole('status');
    await eventually(() => tile(page, 'Yard').innerText()).toMatch(/^Offline \d+ \w+\s+The camera has no such stream/);
    const sinceMs = Date.parse((await tile(page, 'Yard').getByRole('time').getAttribute('datetime'))!);
    expect(Math.abs(sinceMs - lostMs)).toBeLessThan(5_000);
    await eventually(() => isGrey(page, 'Yard')).toBe(true);
    // Old is not shown as live, but it is not taken away either.
    expect((await readPicture(video(page, 'Yard')))?.counter).not.toBeNull();
    await page.getByRole('link', { name: 'Recording 3 of 4 cameras' }).waitFor();
    await expectMoving(video(page, 'Gate'), { clipFrames: CLIP_FRAMES });

    mend();
    await notice.waitFor({ state: 'detached' });
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES });
    expect(await isGrey(page, 'Yard')).toBe(false);
    await page.getByRole('link', { name: 'Recording 4 of 4 cameras' }).waitFor();
  });

  it('that goes quiet is not shown as live', async () => {
    const page = await browser.open(engine);
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES, frames: 3 });
    for (const stream of streams()) stream.stall();
    const notice = tile(page, 'Yard').getByRole('status');
    await eventually(() => tile(page, 'Yard').innerText()).toMatch(/^(No new picture|Offline) \d+ \w+/);
    await eventually(() => isGrey(page, 'Yard')).toBe(true);
    await eventually(() => tile(page, 'Yard').innerText()).toMatch(/^Offline \d+ \w+\s+The camera stopped sending/);
    mend();
    await notice.waitFor({ state: 'detached' });
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES });
  });
});

describe('a tile that plays on', () => {
  it('stays near the camera, and drops from its buffer what has been played', async () => {
    const page = await browser.open(engine);
    const buffer = () =>
      video(page, 'Gate').evaluate(({ buffered, currentTime }: HTMLVideoElement) => ({
        startS: buffered.start(0),
        lengthS: buffered.end(buffered.length - 1) - buffered.start(0),
        behindS: buffered.end(buffered.length - 1) - currentTime,
      }));
    await expectMoving(video(page, 'Gate'), { clipFrames: CLIP_FRAMES, frames: 3 });
    const { startS } = await buffer();
    const lengths: number[] = [];
    await eventually(async () => {
      const now = await buffer();
      lengths.push(now.lengthS);
      return now.startS - startS;
    }).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThan(15);
    expect((await buffer()).behindS).toBeLessThan(2);
  });
});

describe('H.265 in a browser that cannot play it', () => {
  afterEach(async () => {
    const roof = (await engine.api.cameras()).find(({ name }) => name === 'Roof');
    if (roof !== undefined) await engine.api.send('DELETE', `/cameras/${roof.id}`);
  });

  it('is said on the tile, and the camera is recorded all the same', async () => {
    const { id } = await engine.api.addCamera({ name: 'Roof', source: { url: simulator.url('hevc/main') } });
    const page = await browser.open(engine);
    await eventually(() => tile(page, 'Roof').innerText()).toMatch(
      /^This browser cannot play H\.265\s+It is recorded all the same\. Give the camera an H\.264 sub-stream/,
    );
    await eventually(async () => (await engine.api.camera(id)).status.recording).toBe(true);
    await engine.api.send('DELETE', `/cameras/${id}`);
    await tile(page, 'Roof').waitFor({ state: 'detached' });
  });

  it('gives way to an H.264 sub-stream, large or small', async () => {
    const source = { url: simulator.url('hevc/main'), subUrl: simulator.url('hevc/sub') };
    await engine.api.addCamera({ name: 'Roof', source });
    const page = await browser.open(engine);
    await expectMoving(video(page, 'Roof'), { clipFrames: CLIP_FRAMES, frames: 3 });
    await tile(page, 'Roof').focus();
    await page.keyboard.press('Enter');
    await control(page, 'Roof', 'Back to all cameras').waitFor();
    await control(page, 'Roof', 'Details').click();
    await expectMoving(video(page, 'Roof'), { clipFrames: CLIP_FRAMES });
    await eventually(() => details(page, 'Roof')).toMatch(/Stream\s+Sub\s+Codec\s+H\.264/);
  });
});
