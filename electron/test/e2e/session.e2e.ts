import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import es from '../../../resources/locales/es.json' with { type: 'json' };
import { ADMIN_PASSWORD, TestEngine, TestFolder } from '../harness.ts';
import { eventually, startEngine, TestBrowser } from './browser.ts';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await TestBrowser.launch();
});
afterAll(() => browser?.close());

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const logIn = async (page: Page, password: string, username = 'admin') => {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
};

describe('the first run', () => {
  it('creates the administrator, who logs out and in again', async () => {
    const engine = await startEngine({ isSetUp: false });
    const page = await browser.open(engine, { loggedIn: false, expectedComplaints: [/status of 401/] });

    await heading(page, 'Set up Atalaya').waitFor();
    const create = page.getByRole('button', { name: 'Create administrator' });
    await create.click();
    await page.getByText('Choose a user name.').waitFor();
    await page.getByLabel('User name').fill('Ana');
    await page.getByLabel('Password').fill('short');
    await create.click();
    await page.getByRole('alert').filter({ hasText: 'At least 8 characters' }).waitFor();
    await page.getByLabel('Password').fill(ADMIN_PASSWORD);
    await create.click();

    await heading(page, 'Live').waitFor();
    await page.getByRole('heading', { name: 'No camera yet' }).waitFor();
    await page.getByRole('button', { name: 'User menu of Ana' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();

    await heading(page, 'Log in').waitFor();
    await logIn(page, 'not the password', 'Ana');
    await page.getByRole('alert').filter({ hasText: 'Wrong user name or password. Try again.' }).waitFor();
    await logIn(page, ADMIN_PASSWORD, 'Ana');
    await heading(page, 'Live').waitFor();
    expect((await engine.api.send('POST', '/setup', { username: 'Eve', password: ADMIN_PASSWORD })).status).toBe(409);
  });
});

describe('a session', () => {
  let folder: TestFolder;
  let engine: TestEngine;
  beforeAll(async () => {
    folder = await TestFolder.create();
    engine = await TestEngine.start(folder);
  });
  afterAll(async () => {
    await engine?.dispose();
    await folder?.dispose();
  });

  it('returns to the same place after it has ended', async () => {
    const page = await browser.open(engine, {
      path: '/cameras?add',
      expectedComplaints: [/feed' failed: HTTP Authentication/],
    });
    const dialog = page.getByRole('dialog', { name: 'Add a camera' });
    await dialog.waitFor();
    // As an administrator elsewhere, or the passing of time, would end it.
    await page.request.delete('/api/v1/session');
    await heading(page, 'Log in').waitFor();
    await page.getByText('Your session has ended. Log in again to go on where you were.').waitFor();
    await logIn(page, ADMIN_PASSWORD);
    await dialog.waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/cameras?add');
  });

  it('survives a changed password, which the next one needs', async () => {
    const own = await startEngine();
    const page = await browser.open(own, { expectedComplaints: [/status of 40[13]/] });
    await page.getByRole('button', { name: 'User menu of admin' }).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change password' });
    const change = async (current: string) => {
      await dialog.getByLabel('Current password').fill(current);
      await dialog.getByLabel('New password').fill('another horse battery');
      await dialog.getByRole('button', { name: 'Change password' }).click();
    };
    await change('not the password');
    await dialog.getByText('This is not your current password.').waitFor();
    await change(ADMIN_PASSWORD);
    await page.getByText('Your password has been changed.').waitFor();
    await page.reload();
    await heading(page, 'Live').waitFor();
    await page.getByRole('button', { name: 'User menu of admin' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await logIn(page, ADMIN_PASSWORD);
    await page.getByRole('alert').filter({ hasText: 'Wrong user name or password.' }).waitFor();
    await logIn(page, 'another horse battery');
    await heading(page, 'Live').waitFor();
  });

  it('speaks Spanish and English, before and after logging in, and remembers which', async () => {
    const page = await browser.open(engine, { loggedIn: false });
    const language = () => page.locator('html').getAttribute('lang');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('Español');
    await heading(page, es['session.login.title']).waitFor();
    expect(await language()).toBe('es');
    await page.reload();
    await heading(page, es['session.login.title']).waitFor();
    expect(await page.title()).toBe(`${es['session.login.title']} · Atalaya`);

    await page.getByLabel(es['session.username']).fill('admin');
    await page.getByLabel(es['session.password']).fill(ADMIN_PASSWORD);
    await page.getByRole('button', { name: es['session.login.submit'] }).click();
    await heading(page, es['app.nav.live']).waitFor();
    await page.getByRole('button', { name: /admin/ }).click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await heading(page, 'Live').waitFor();
    expect(await language()).toBe('en');
  });

  it('is dark or light as the user likes, or as the system is', async () => {
    const page = await browser.open(engine, { context: { colorScheme: 'light' } });
    const brightness = () =>
      page.evaluate(() => {
        const [red, green, blue] = /(\d+), (\d+), (\d+)/
          .exec(getComputedStyle(document.body).backgroundColor)!
          .slice(1);
        return Math.max(Number(red), Number(green), Number(blue));
      });
    const choose = (name: string) => page.getByRole('menuitemradio', { name }).click();
    await heading(page, 'Live').waitFor();
    expect(await brightness()).toBeLessThan(60);
    await page.getByRole('button', { name: 'User menu of admin' }).click();
    await choose('Light');
    await eventually(brightness).toBeGreaterThan(200);
    await choose('Dark');
    await eventually(brightness).toBeLessThan(60);
    await choose('Same as the system');
    await eventually(brightness).toBeGreaterThan(200);
    await page.reload();
    await heading(page, 'Live').waitFor();
    expect(await brightness()).toBeGreaterThan(200);
  });
});
