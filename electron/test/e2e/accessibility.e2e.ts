import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraSimulator } from '../../simulator/camera-simulator.ts';
import { startCameras, TestEngine, TestFolder } from '../harness.ts';
import { DESKTOP, eventually, PHONE, startEngine, TestBrowser } from './browser.ts';
import { MAIN } from './clips.ts';
import { layFootage, type Footage } from './footage.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** A playlist of a range without footage is no playlist; browsers write every 404 to their console. */
const NOTHING_RECORDED = /status of 404.*playback\.m3u8/;
const APPEARANCES = [
  ['dark', 'desktop', DESKTOP],
  ['light', 'desktop', DESKTOP],
  ['dark', 'phone', PHONE],
  ['light', 'phone', PHONE],
] as const;

let browser: TestBrowser;
let folder: TestFolder;
let footage: Footage;
let engine: TestEngine;
let simulator: CameraSimulator;

beforeAll(async () => {
  browser = await TestBrowser.launch();
  simulator = await startCameras([{ path: 'yard', clip: MAIN }]);
  folder = await TestFolder.create();
  footage = await layFootage(folder, [0, 30_000]);
  engine = await TestEngine.start(folder);
  await engine.api.addCamera({ name: 'Yard', source: { url: simulator.url('yard') } });
  const [fromMs] = footage.startsMs as [number];
  const request = { cameraIds: [footage.cameraId], fromMs, toMs: fromMs + 60_000, format: 'mp4' };
  expect((await engine.api.send('POST', '/exports', request)).status).toBe(202);
});
afterAll(async () => {
  await browser?.close();
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

/** Opens a page of this theme; the browser remembers it as it would from an earlier visit. */
async function open(at: { url: string }, theme: string, context: object, path: string, loggedIn = true): Promise<Page> {
  const preferences = { state: { language: 'en', theme, liveLayout: 'auto' }, version: 0 };
  const localStorage = [{ name: 'atalaya.preferences', value: JSON.stringify(preferences) }];
  const storageState = { cookies: [], origins: [{ origin: at.url, localStorage }] };
  const page = await browser.open(at, {
    path,
    loggedIn,
    context: { ...context, storageState, reducedMotion: 'reduce' },
  });
  expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
  return page;
}

/** What axe finds wrong with the page as it stands. */
async function violations(page: Page, place: string): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${place}: ${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

describe.each(APPEARANCES)('%s, on a %s', (theme, _, context) => {
  it('set-up and log-in break no rule of WCAG 2.2 AA', async () => {
    const fresh = await startEngine({ isSetUp: false });
    const page = await open(fresh, theme, context, '/', false);
    await heading(page, 'Set up Atalaya');
    const found = await violations(page, 'set-up');
    await page.getByRole('button', { name: 'Create administrator' }).click();
    await page.getByText('Choose a user name.').waitFor();
    found.push(...(await violations(page, 'set-up with errors')));
    const login = await open(engine, theme, context, '/', false);
    await heading(login, 'Log in');
    found.push(...(await violations(login, 'log-in')));
    expect(found).toEqual([]);
  });

  it('no page and no dialog breaks a rule of WCAG 2.2 AA', async () => {
    const page = await open(engine, theme, context, '/live');
    const found: string[] = [];
    const check = async (place: string) => void found.push(...(await violations(page, place)));
    const follow = async (name: string) => {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await heading(page, name);
    };

    await eventually(() => page.locator('[data-camera] [data-state=playing]').count()).toBe(1);
    await page.getByRole('article', { name: 'Archive' }).getByRole('status').getByText('Offline').waitFor();
    await check('live');
    await page.getByRole('article', { name: 'Yard' }).focus();
    await page.getByRole('article', { name: 'Yard' }).getByRole('button', { name: 'Details' }).click();
    await check('live with details');

    await follow('Cameras');
    await page.getByRole('listitem').filter({ hasText: 'Yard' }).getByText('Online').waitFor();
    await check('cameras');
    await page.getByRole('button', { name: 'Actions for Yard' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await check('menu of a camera');
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByRole('img').waitFor();
    await check('a camera, probed');
    await dialog.getByLabel('Address', { exact: true }).fill('file:///etc/passwd');
    await dialog.getByRole('alert').waitFor();
    await check('a camera, refused');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Actions for Archive' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await dialog.getByText('It cannot be brought back.').waitFor();
    await check('deleting a camera');
    await page.keyboard.press('Escape');

    await follow('Exports');
    await page.getByText(/^Ready/).waitFor();
    await check('exports');
    await follow('Settings');
    await page.getByRole('cell', { name: 'Archive' }).or(page.getByText('Archive')).first().waitFor();
    await check('settings');
    await page.getByRole('button', { name: 'User menu of admin' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
    await check('user menu');
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
    await dialog.waitFor();
    await check('keyboard shortcuts');
    expect(found).toEqual([]);
  });

  it('the timeline and its dialogs break no rule of WCAG 2.2 AA', async () => {
    const [atMs] = footage.startsMs as [number];
    const page = await open(engine, theme, context, `/timeline?camera=${footage.cameraId}&at=${atMs + 5_000}`);
    const picture = page.locator('[data-testid=playback-picture]');
    const found: string[] = [];
    const check = async (place: string) => void found.push(...(await violations(page, place)));
    await eventually(() => picture.getAttribute('data-state')).toBe('playing');
    await page.getByRole('button', { name: 'Pause' }).click();
    await eventually(() => picture.getAttribute('data-state')).toBe('paused');
    await page.getByRole('button', { name: 'Mark the beginning' }).click();
    await check('timeline');
    await page.getByRole('button', { name: 'Table of recordings and gaps' }).click();
    await page.getByRole('table').waitFor();
    await check('timeline with table');
    await page.getByRole('button', { name: 'Go to date and time' }).click();
    await page.getByRole('dialog').waitFor();
    await check('go to');
    await page.keyboard.press('Escape');
    await page.getByRole('toolbar').getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await check('export');
    expect(found).toEqual([]);
  });
});

describe('the keyboard', () => {
  it.each(['/live', '/timeline', '/exports', '/cameras', '/cameras?add', '/settings'])(
    'reaches every control of %s by Tab, and shows where it is',
    async (path) => {
      const page = await browser.open(engine, { path, expectedComplaints: [NOTHING_RECORDED] });
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path === '/cameras?add') await page.getByRole('dialog').waitFor();
      else await page.getByRole('main').getByRole('button').first().waitFor();
      // What the page wants to be reached, and what Tab came by; both as accessible words.
      const wanted = await page.evaluate(() => {
        const root = document.querySelector('dialog[open]') ?? document;
        const controls = root.querySelectorAll<HTMLElement>(
          'a[href], button, input, select, textarea, [tabindex="0"], summary',
        );
        const usable = [...controls].filter(
          (element) =>
            !element.matches(':disabled') &&
            element.tabIndex >= 0 &&
            element.closest('[inert]') === null &&
            element.checkVisibility(),
        );
        usable.forEach((element, index) => element.setAttribute('data-tab-wanted', String(index)));
        return usable.map((element) => element.getAttribute('aria-label') ?? element.textContent ?? element.tagName);
      });
      expect(wanted.length).toBeGreaterThan(5);
      const reached = new Set<number>();
      const invisible: string[] = [];
      for (let presses = 0; presses < 2 * wanted.length + 10 && reached.size < wanted.length; presses++) {
        await page.keyboard.press('Tab');
        const now = await page.evaluate(() => {
          const element = document.activeElement;
          if (!(element instanceof HTMLElement)) return undefined;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const isOutlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
          const at = element.getAttribute('data-tab-wanted');
          return { at: at === null ? -1 : Number(at), isOutlined, isTile: element.matches('[data-camera]') };
        });
        if (now === undefined || now.at === -1) continue;
        reached.add(now.at);
        // A chosen tile is framed by an element of its own.
        if (!now.isOutlined && !now.isTile) invisible.push(wanted[now.at]!);
      }
      expect({ missed: wanted.filter((_, index) => !reached.has(index)), invisible }).toEqual({
        missed: [],
        invisible: [],
      });
    },
  );
});
