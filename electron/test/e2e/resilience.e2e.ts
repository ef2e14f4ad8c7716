import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CameraSimulator } from '../../simulator/camera-simulator.ts';
import { startCameras, TestEngine, TestFolder } from '../harness.ts';
import { eventually, startEngine, TestBrowser } from './browser.ts';
import { CLIP_FRAMES, MAIN } from './clips.ts';
import { expectMoving } from './video.ts';

/** What a browser writes by itself when nobody listens at an address. */
const CONNECTION_LOST = [
  /ERR_CONNECTION_REFUSED/,
  /ERR_SOCKET_NOT_CONNECTED/,
  /ERR_CONNECTION_RESET/,
  /ERR_EMPTY_RESPONSE/,
];

let browser: TestBrowser;
let simulator: CameraSimulator;
beforeAll(async () => {
  browser = await TestBrowser.launch();
  simulator = await startCameras([{ path: 'yard', clip: MAIN }]);
});
afterAll(async () => {
  await browser?.close();
  await simulator?.close();
});

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const video = (page: Page, name: string) => page.getByRole('article', { name }).locator('video').last();

describe('an engine that is killed', () => {
  it('is missed by the page, which goes on by itself when it is back', async () => {
    const folder = await TestFolder.create();
    onTestFinished(() => folder.dispose());
    let engine = await TestEngine.start(folder);
    onTestFinished(() => engine.dispose());
    await engine.api.addCamera({ name: 'Yard', source: { url: simulator.url('yard') } });
    const page = await browser.open(engine, { expectedComplaints: CONNECTION_LOST });
    const late = await browser.open(engine, { path: '/cameras', expectedComplaints: CONNECTION_LOST });
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES, frames: 5 });
    await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''));

    await engine.end('SIGKILL');
    await page
      .getByRole('alert')
      .filter({ hasText: /^No answer from Atalaya since \d+:\d\d:\d\d .+; trying again/ })
      .waitFor();
    await eventually(() => page.getByRole('article', { name: 'Yard' }).innerText()).toMatch(/No new picture|Offline/);

    engine = await TestEngine.start(folder, { args: ['--port', new URL(engine.url).port] });
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expectMoving(video(page, 'Yard'), { clipFrames: CLIP_FRAMES });
    await eventually(() => row(late, 'Yard').innerText()).toMatch(/Online[^]*Recording/);
    expect(await page.locator('html').getAttribute('data-not-reloaded')).toBe('');
  });

  it('is waited for by a page that is opened meanwhile', async () => {
    const folder = await TestFolder.create();
    onTestFinished(() => folder.dispose());
    let engine = await TestEngine.start(folder);
    onTestFinished(() => engine.dispose());
    const page = await browser.open(engine, { expectedComplaints: CONNECTION_LOST });
    // The page itself stands in the browser's memory, as one that was reloaded from a cache would.
    await page.route('**/api/**', (route) => route.abort('connectionrefused'));
    await page.reload();
    await page.getByRole('heading', { name: 'No answer from Atalaya' }).waitFor();
    await engine.end('SIGKILL');
    engine = await TestEngine.start(folder, { args: ['--port', new URL(engine.url).port] });
    await page.unroute('**/api/**');
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor();
  });
});

describe('two browsers', () => {
  it('see at once what the other one does, and log out apart', async () => {
    const engine = await startEngine();
    const one = await browser.open(engine, { path: '/cameras' });
    const other = await browser.open(engine, { path: '/cameras' });
    await engine.api.addCamera({ name: 'Yard', source: { url: simulator.url('yard') } });
    await row(one, 'Yard').waitFor();
    await row(other, 'Yard').waitFor();

    await one.getByRole('button', { name: 'Actions for Yard' }).click();
    await one.getByRole('menuitem', { name: 'Disable' }).click();
    await eventually(() => row(other, 'Yard').innerText()).toMatch(/Disabled[^]*Not recording/);
    await other.getByRole('button', { name: 'Actions for Yard' }).click();
    await other.getByRole('menuitem', { name: 'Delete' }).click();
    await other.getByRole('button', { name: 'Delete camera and footage' }).click();
    await one.getByRole('heading', { name: 'No camera yet' }).waitFor();

    await one.getByRole('button', { name: 'User menu of admin' }).click();
    await one.getByRole('menuitem', { name: 'Log out' }).click();
    await one.getByRole('heading', { name: 'Log in' }).waitFor();
    await other.reload();
    await other.getByRole('heading', { name: 'No camera yet' }).waitFor();
  });
});

describe('without FFmpeg', () => {
  it('every page says how to get it, and all but recording works', async () => {
    const engine = await startEngine({ env: { PATH: '', ATALAYA_FFMPEG: '/nowhere/ffmpeg' } });
    const page = await browser.open(engine, { expectedComplaints: [/status of 4\d\d/, /status of 50\d/] });
    const banner = page
      .getByRole('alert')
      .filter({ hasText: /^FFmpeg is missing, so nothing can be recorded or shown/ });
    for (const name of ['Live', 'Timeline', 'Exports', 'Cameras', 'Settings']) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      // The hint is a command to copy.
      expect(await banner.locator('code').innerText()).toMatch(/ffmpeg/);
    }
    await page.getByRole('navigation').getByRole('link', { name: 'Cameras' }).click();
    await page.getByRole('button', { name: 'Add camera' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Yard');
    await dialog.getByLabel('Address', { exact: true }).fill(simulator.url('yard'));
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'FFmpeg is missing' }).waitFor();
    await dialog.getByRole('button', { name: 'Add anyway' }).click();
    await eventually(() => row(page, 'Yard').innerText()).toMatch(/Offline[^]*FFmpeg is missing\.[^]*Not recording/);
  });
});

describe('with nothing in it', () => {
  it('every page says so and teaches the next step', async () => {
    const engine = await startEngine();
    const page = await browser.open(engine);
    await page.getByRole('heading', { name: 'No camera yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a camera' }).click();
    await page.getByRole('dialog', { name: 'Add a camera' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'No camera yet' }).waitFor();
    for (const name of ['Timeline', 'Exports']) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.getByRole('main').getByRole('heading', { level: 2, name: /^No/ }).waitFor();
      expect(await page.getByRole('main').getByRole('button').count()).toBeGreaterThan(0);
    }
  });

  it('four demo cameras are one click away', async () => {
    // The demo's clips take half a minute to make: runs share them.
    const engine = await startEngine({ env: { XDG_CACHE_HOME: join(tmpdir(), 'atalaya-test-cache') } });
    const page = await browser.open(engine);
    await page.getByRole('button', { name: 'Add demo cameras' }).click();
    for (const name of ['Front door', 'Yard', 'Gate', 'Garage']) {
      await eventually(() => page.getByRole('article', { name }).locator('[data-state=playing]').count(), 90_000).toBe(
        1,
      );
    }
  });
});
