import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraSimulator } from '../../simulator/camera-simulator.ts';
import { clipParameters } from '../../simulator/clip.ts';
import { startCameras, TestEngine, TestFolder, waitFor } from '../harness.ts';
import { eventually, TestBrowser } from './browser.ts';
import { CLIP_FRAMES, MAIN } from './clips.ts';
import { FRAME_MS, frameAt, layFootage, SEGMENT_FRAMES, type Footage } from './footage.ts';
import { expectMoving, readPicture } from './video.ts';

const [LONG_GAP_MS, SHORT_GAP_MS] = [600_000, 30_000];

let browser: TestBrowser;
let folder: TestFolder;
let footage: Footage;
let engine: TestEngine;
let simulator: CameraSimulator;
/** Beginnings: 20 s, 20 s that follow at once, a gap, two minutes without a break, a gap, 20 s. */
let first: number, second: number, third: number, last: number;

beforeAll(async () => {
  browser = await TestBrowser.launch();
  simulator = await startCameras([
    { path: 'yard', clip: MAIN },
    { path: 'hevc', clip: clipParameters({ ...MAIN, codec: 'h265' }) },
  ]);
  folder = await TestFolder.create();
  footage = await layFootage(folder, [0, 0, LONG_GAP_MS, 0, 0, 0, 0, 0, SHORT_GAP_MS]);
  [first, second, third] = footage.startsMs as [number, number, number];
  last = footage.startsMs.at(-1)!;
  engine = await TestEngine.start(folder);
});
afterAll(async () => {
  await browser?.close();
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

const picture = (page: Page, name = 'Archive') =>
  page.getByRole('region', { name }).locator('[data-testid=playback-picture]');
const video = (page: Page, name = 'Archive') => picture(page, name).locator('[data-shown] video');
const state = (page: Page) => picture(page).getAttribute('data-state');
const wallMs = async (page: Page) => Number(await picture(page).getAttribute('data-wall-clock-ms'));
const shownTime = async (page: Page) =>
  Date.parse((await page.locator('time[data-testid=playback-time]').getAttribute('datetime'))!);

/** Opens the timeline at a moment, and stops there. */
async function openPaused(atMs: number): Promise<Page> {
  const page = await open(atMs);
  await page.keyboard.press('k');
  await eventually(() => state(page)).toBe('paused');
  return page;
}

async function open(atMs: number): Promise<Page> {
  const page = await browser.open(engine, { path: `/timeline?camera=${footage.cameraId}&at=${atMs}` });
  await eventually(() => state(page)).toBe('playing');
  return page;
}

/** Seeks by the dialog, which takes whole seconds of the viewer's own zone. */
async function goTo(page: Page, atMs: number): Promise<void> {
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'Go to date and time' });
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Madrid',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const [date, time] = local.format(atMs).split(' ');
  await dialog.getByLabel('Go to, date').fill(date!);
  await dialog.getByLabel('Time').fill(time!);
  await dialog.getByRole('button', { name: 'Go', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** The frame on screen is the one that was recorded at the time which the page shows for it. */
async function expectTruth(page: Page): Promise<void> {
  await eventually(() => state(page)).toBe('paused');
  await eventually(async () => {
    const [shown, atMs, display] = [await readPicture(video(page)), await wallMs(page), await shownTime(page)];
    const recorded = frameAt(footage, atMs + FRAME_MS / 10);
    return { isRecorded: shown?.counter === recorded, displayOffMs: Math.abs(display - atMs) < 1_000 };
  }).toEqual({ isRecorded: true, displayOffMs: true });
}

describe('seeking', () => {
  it('shows the frame of the moment, from the address and from the dialog', async () => {
    const page = await openPaused(first + 7_300);
    await expectTruth(page);
    for (const atMs of [second + 13_000, third + 65_000, first + 1_000, last + 19_000]) {
      await goTo(page, atMs);
      await eventually(async () => (await readPicture(video(page)))?.counter).toBe(frameAt(footage, atMs));
      await eventually(async () => Math.abs((await wallMs(page)) - atMs)).toBeLessThan(FRAME_MS);
      await expectTruth(page);
    }
  });

  it('says where nothing was recorded, and why, and does not show an old picture for it', async () => {
    const page = await openPaused(first + 5_000);
    await goTo(page, third - 120_000);
    await eventually(() => state(page)).toBe('gap');
    await eventually(() => page.getByRole('region', { name: 'Archive' }).innerText()).toMatch(
      /Not recorded\s+.*\d:\d\d/,
    );
    await goTo(page, third + 2_000);
    await expectTruth(page);
  });

  it('follows a click on the timeline', async () => {
    const page = await openPaused(third + 10_000);
    const slider = page.getByRole('slider', { name: 'Timeline' });
    const [fromMs, toMs] = [await slider.getAttribute('aria-valuemin'), await slider.getAttribute('aria-valuemax')].map(
      Number,
    ) as [number, number];
    const box = (await slider.boundingBox())!;
    const target = third + 90_000;
    // On the ruler, where a press seeks.
    await page.mouse.click(box.x + (box.width * (target - fromMs)) / (toMs - fromMs), box.y + 6);
    const msPerPx = (toMs - fromMs) / box.width;
    await eventually(async () => Math.abs((await wallMs(page)) - target)).toBeLessThan(2 * msPerPx + FRAME_MS);
    await expectTruth(page);
  });

  it('steps single frames, forward and back', async () => {
    const page = await openPaused(third + 30_500);
    await expectTruth(page);
    const counter = async () => (await readPicture(video(page)))?.counter;
    let expected = (await counter())!;
    for (const [key, step] of [
      ['.', 1],
      ['.', 1],
      ['.', 1],
      [',', -1],
      [',', -1],
      ['.', 1],
    ] as const) {
      expected += step;
      await page.keyboard.press(key);
      await eventually(counter, 5_000).toBe(expected);
      await expectTruth(page);
    }
  });

  it('goes to the next and the previous recording, the first and the last', async () => {
    const page = await openPaused(first + 12_000);
    const arrive = async (key: string, atMs: number) => {
      await page.keyboard.press(key);
      await eventually(async () => Math.abs((await wallMs(page)) - atMs)).toBeLessThan(FRAME_MS);
      await expectTruth(page);
    };
    await arrive('ArrowUp', third);
    await arrive('ArrowUp', last);
    await arrive('ArrowDown', third);
    await arrive('ArrowDown', first);
    await arrive('End', last + 10_000);
    await arrive('Home', first);
    await page.getByRole('button', { name: 'Next recording' }).click();
    await eventually(async () => Math.abs((await wallMs(page)) - third)).toBeLessThan(FRAME_MS);
  });
});

describe('playing', () => {
  /** The time of the pictures as they come, until it has reached `untilMs`; it never stands still for long. */
  const playUntil = (page: Page, untilMs: number) =>
    page.evaluate(
      async ([until, limitMs]) => {
        const element = document.querySelector<HTMLElement>('[data-testid=playback-picture]')!;
        const times: number[] = [];
        let changedMs = performance.now();
        while ((times.at(-1) ?? 0) < until!) {
          const atMs = Number(element.dataset['wallClockMs']);
          if (atMs !== times.at(-1)) {
            times.push(atMs);
            changedMs = performance.now();
          }
          if (performance.now() - changedMs > limitMs!)
            throw new Error(`stands at ${atMs} after ${times.length} steps`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return times;
      },
      [untilMs, 10_000],
    );

  it('crosses the border of two segments without a break', async () => {
    const page = await open(second - 1_500);
    const times = await playUntil(page, second + 2_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const steps = times.slice(1).map((atMs, index) => atMs - times[index]!);
    expect(Math.max(...steps)).toBeLessThan(1_000);
    await page.keyboard.press('k');
    await expectTruth(page);
  });

  it('jumps over a gap and says so', async () => {
    const page = await open(third - LONG_GAP_MS - 2_000);
    const notice = page.getByRole('status').filter({ hasText: /^Gap \d+:\d\d:\d\d – \d+:\d\d:\d\d/ });
    const [times] = await Promise.all([playUntil(page, third + 1_500), notice.waitFor()]);
    const inside = times.filter((atMs) => atMs > third - LONG_GAP_MS + 500 && atMs < third);
    expect(inside).toEqual([]);
    await page.keyboard.press('k');
    await expectTruth(page);
  });

  it.each([
    [2, 1.4],
    [16, 4],
  ])('runs at %i times the speed', async (speed, atLeast) => {
    const page = await open(third + 2_000);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption(`${speed}×`);
    // Pictures against the page's own clock: a busy machine slows both, and 1x never comes near.
    const ratio = () =>
      page.evaluate(async () => {
        const element = document.querySelector<HTMLElement>('[data-testid=playback-picture]')!;
        const look = () => ({ wallMs: Number(element.dataset['wallClockMs']), atMs: performance.now() });
        const before = look();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        const after = look();
        return (after.wallMs - before.wallMs) / (after.atMs - before.atMs);
      });
    await eventually(ratio).toBeGreaterThan(atLeast);
    await page.keyboard.press('k');
    await expectTruth(page);
  });

  it('backward shows earlier and earlier pictures', async () => {
    const page = await open(third + 60_000);
    await page.keyboard.press('j');
    await eventually(() => wallMs(page)).toBeLessThan(third + 56_000);
    await page.keyboard.press('k');
    await expectTruth(page);
  });

  it('ends where nothing follows, and says so', async () => {
    const page = await open(last + 18_000);
    await page.getByRole('status').filter({ hasText: 'There is no further recording.' }).waitFor();
    await eventually(() => page.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1);
    expect((await readPicture(video(page)))?.counter).toBe(SEGMENT_FRAMES - 1);
  });

  it('goes on at the growing end of a camera that records', async () => {
    const camera = await engine.api.addCamera({ name: 'Yard', source: { url: simulator.url('yard') } });
    await waitFor('5 s of footage', async () => {
      const [piece] = (await engine.api.recordings(camera)).coverage;
      return piece !== undefined && piece.endMs - piece.startMs > 5_000;
    });
    const [piece] = (await engine.api.recordings(camera)).coverage;
    const page = await browser.open(engine, { path: `/timeline?camera=${camera.id}&at=${piece!.startMs + 1_000}` });
    // Further than what was there when the page was opened.
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES, frames: 8 * MAIN.fps });
    await engine.api.send('DELETE', `/cameras/${camera.id}`);
  });
});

describe('several cameras', () => {
  it('keep to one time while they play', async () => {
    const ids = `${footage.cameraId},${footage.otherCameraId}`;
    const page = await browser.open(engine, { path: `/timeline?camera=${ids}&at=${third + 5_000}` });
    const apartMs = () =>
      page.evaluate(() => {
        const [one, other] = [...document.querySelectorAll<HTMLElement>('[data-testid=playback-picture]')];
        return Math.abs(Number(one!.dataset['wallClockMs']) - Number(other!.dataset['wallClockMs']));
      });
    await eventually(() => wallMs(page)).toBeGreaterThan(third + 7_000);
    await eventually(apartMs).toBeLessThan(250);
    await eventually(() => wallMs(page)).toBeGreaterThan(third + 10_000);
    await eventually(apartMs).toBeLessThan(250);
    for (const name of ['Archive', 'Ramp'])
      await expectMoving(video(page, name), { clipFrames: SEGMENT_FRAMES, frames: 5 });
  });
});

describe('H.265 in a browser that cannot play it', () => {
  it('is said in its place, with the way to export it', async () => {
    const camera = await engine.api.addCamera({ name: 'Roof', source: { url: simulator.url('hevc') } });
    const { startMs } = await waitFor('footage', async () => (await engine.api.recordings(camera)).coverage[0]);
    const page = await browser.open(engine, { path: `/timeline?camera=${camera.id}&at=${startMs + 200}` });
    const place = page.getByRole('region', { name: 'Roof' });
    await eventually(() => place.innerText()).toMatch(
      /This browser cannot play H\.265\s+The footage is there all the same/,
    );
    await place.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('dialog', { name: 'Export footage' }).waitFor();
    await engine.api.send('DELETE', `/cameras/${camera.id}`);
  });
});

describe('the timeline', () => {
  it('shows from a minute to a year, about the pointer', async () => {
    const page = await openPaused(third + 60_000);
    const slider = page.getByRole('slider', { name: 'Timeline' });
    const spanMs = async () =>
      Number(await slider.getAttribute('aria-valuemax')) - Number(await slider.getAttribute('aria-valuemin'));
    const box = (await slider.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const zoomTo = async (deltaY: number, isThere: (ms: number) => boolean) =>
      eventually(async () => {
        await page.mouse.wheel(0, deltaY);
        return isThere(await spanMs());
      }).toBe(true);
    await zoomTo(-600, (ms) => ms <= 90_000);
    await zoomTo(600, (ms) => ms >= 360 * 86_400_000);
    await zoomTo(-600, (ms) => ms <= 3_600_000);
    await expectTruth(page);
  });
});

describe('marks', () => {
  it('are moved by dragging and by the arrow keys', async () => {
    const page = await openPaused(third + 60_000);
    await page.keyboard.press('[');
    const mark = page.getByRole('slider', { name: 'Beginning of the marked range' });
    const markMs = async () => Number(await mark.getAttribute('aria-valuenow'));
    const before = await markMs();
    await mark.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await markMs()).toBe(before - 1_000);
    // Playback stays where it is: the key was for the mark.
    expect(Math.abs((await shownTime(page)) - before)).toBeLessThan(1_000);
    const { x, y, width, height } = (await mark.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 60, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await eventually(markMs).toBeLessThan(before - 2_000);
    expect(Math.abs((await shownTime(page)) - before)).toBeLessThan(1_000);
  });
});

describe('the table of recordings and gaps', () => {
  it('tells in words what the timeline paints', async () => {
    const page = await openPaused(first + 5_000);
    await page.getByRole('button', { name: 'Table of recordings and gaps' }).click();
    const table = page.getByRole('table');
    await eventually(() => table.innerText()).toMatch(/Archive[^]*Recorded/);
  });
});
