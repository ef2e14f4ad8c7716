import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CameraSimulator } from '../../simulator/camera-simulator.ts';
import { clipParameters } from '../../simulator/clip.ts';
import { startCameras, TestEngine, TestFolder } from '../harness.ts';
import { eventually, TestBrowser } from './browser.ts';
import { MAIN, SUB } from './clips.ts';

const PASSWORD = 'p@ss:w0rd/§';
/** Where probing fails the API says so with this status, which the browser writes to its console. */
const REFUSED_PROBE = /status of 422/;

let browser: TestBrowser;
let folder: TestFolder;
let engine: TestEngine;
let simulator: CameraSimulator;

beforeAll(async () => {
  browser = await TestBrowser.launch();
  const auth = { user: 'admin', password: PASSWORD, scheme: 'digest' } as const;
  simulator = await startCameras([
    { path: 'yard/main', clip: clipParameters({ ...MAIN, audio: 'pcmu' }) },
    { path: 'yard/sub', clip: SUB },
    { path: 'door', clip: MAIN, auth },
    { path: 'radio', clip: clipParameters({ ...MAIN, audio: 'pcmu' }), audioOnly: true },
    { path: 'gone', clip: MAIN },
    { path: 'silent', clip: MAIN },
  ]);
  simulator.camera('gone').refuse(404);
  simulator.camera('silent').silence();
  folder = await TestFolder.create();
  engine = await TestEngine.start(folder);
});
afterAll(async () => {
  await browser?.close();
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});
beforeEach(async () => {
  for (const { id } of await engine.api.cameras()) await engine.api.send('DELETE', `/cameras/${id}`);
});

const dialog = (page: Page) => page.getByRole('dialog');
const field = (page: Page, label: string) => dialog(page).getByLabel(label, { exact: true });
const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const choose = async (page: Page, camera: string, action: string) => {
  await page.getByRole('button', { name: `Actions for ${camera}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
};

describe('adding a camera', () => {
  it('shows its picture, codec, size, rate and sound before it is added, then records it', async () => {
    const page = await browser.open(engine, { path: '/cameras' });
    await page.getByRole('heading', { name: 'No camera yet' }).waitFor();
    await page.getByRole('button', { name: 'Add camera' }).first().click();
    await field(page, 'Name').fill('Yard');
    await field(page, 'Address').fill(simulator.url('yard/main'));
    await field(page, 'Sub-stream address (optional)').fill(simulator.url('yard/sub'));
    await dialog(page).getByRole('button', { name: 'Test' }).click();

    const picture = dialog(page).getByRole('img', { name: 'Picture from the camera' });
    await picture.waitFor();
    await eventually(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(MAIN.width);
    const found = await dialog(page).getByRole('status').innerText();
    expect(found).toMatch(/Main stream\s+H\.264 · 640 × 360 · 15(\.\d)? fps · \d+ kbit\/s/);
    expect(found).toMatch(/Sub-stream\s+H\.264 · 320 × 180 · 15 fps/);
    expect(found).toMatch(/Sound\s+G\.711.* recorded as AAC/);

    await dialog(page).getByRole('button', { name: 'Add camera' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await eventually(() => row(page, 'Yard').innerText()).toMatch(/Online[^]*640 × 360[^]*Recording/);
    await page.getByRole('link', { name: 'Recording 1 of 1 cameras' }).waitFor();
  });

  it('shows the picture before the same key adds it', async () => {
    const page = await browser.open(engine, { path: '/cameras?add' });
    await field(page, 'Name').fill('Yard');
    await field(page, 'Address').fill(simulator.url('yard/main'));
    await field(page, 'Address').press('Enter');
    await dialog(page).getByRole('img', { name: 'Picture from the camera' }).waitFor();
    expect(await engine.api.cameras()).toEqual([]);
    await field(page, 'Address').press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    await row(page, 'Yard').waitFor();
    expect(new URL(page.url()).pathname).toBe('/cameras');
  });

  it('says what is missing', async () => {
    const page = await browser.open(engine, { path: '/cameras?add' });
    await dialog(page).getByRole('button', { name: 'Continue' }).click();
    await dialog(page).getByText('Give the camera a name.').waitFor();
    await dialog(page)
      .getByText(/^Enter the camera's address/)
      .waitFor();
    expect(await engine.api.cameras()).toEqual([]);
  });
});

describe('a camera that cannot be had', () => {
  it.each([
    ['unreachable', async () => `rtsp://127.0.0.1:${await closedPort()}/yard`, /^Nothing answers at 127\.0\.0\.1/],
    ['that wants a password', () => simulator.url('door'), /^Wrong user name or password for 127\.0\.0\.1/],
    ['with no such stream', () => simulator.url('gone'), /answers, but has no stream at this path/],
    ['without video', () => simulator.url('radio'), /sends no H\.264 or H\.265 video/],
    ['that never answers', () => simulator.url('silent'), /did not answer in time/],
  ] as const)('%s: the sentence says what to do', async (_, url, sentence) => {
    const page = await browser.open(engine, { path: '/cameras?add', expectedComplaints: [REFUSED_PROBE] });
    await field(page, 'Name').fill('Yard');
    await field(page, 'Address').fill(await url());
    await dialog(page).getByRole('button', { name: 'Continue' }).click();
    await eventually(() => dialog(page).getByRole('alert').innerText()).toMatch(sentence);
    // Nothing was added; whoever knows better can add it all the same.
    expect(await engine.api.cameras()).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Add anyway' }).waitFor();
    // Another address is another question.
    await field(page, 'Address').fill('rtsp://127.0.0.1:1/other');
    await dialog(page).getByRole('alert').waitFor({ state: 'detached' });
  });

  it('is added anyway, and says on its row why nothing comes', async () => {
    const page = await browser.open(engine, { path: '/cameras?add', expectedComplaints: [REFUSED_PROBE] });
    await field(page, 'Name').fill('Gate');
    await field(page, 'Address').fill(simulator.url('gone'));
    await dialog(page).getByRole('button', { name: 'Continue' }).click();
    await dialog(page).getByRole('button', { name: 'Add anyway' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await eventually(() => row(page, 'Gate').innerText()).toMatch(/Offline[^]*The camera has no such stream\./);
  });

  it.each([
    ['file:///etc/passwd', /^Only rtsp, rtsps, rtmp, http and https addresses/],
    ['concat:rtsp://a/b|file:///etc/passwd', /^Only rtsp, rtsps, rtmp, http and https addresses/],
    ['http://169.254.169.254/latest/meta-data', /^Link-local addresses/],
    ['http://0xA9FEA9FE/', /^Link-local addresses/],
    ['rtsp://yard/main -i file:///etc/passwd', /^The address holds spaces/],
    ['yard', /^This is not an address/],
  ])('%s is refused with the reason', async (url, reason) => {
    const page = await browser.open(engine, { path: '/cameras?add' });
    await field(page, 'Name').fill('Smuggled');
    await field(page, 'Address').fill(url);
    await dialog(page).getByRole('button', { name: 'Continue' }).click();
    await eventually(() => dialog(page).getByRole('alert').innerText()).toMatch(reason);
    expect(await field(page, 'Address').getAttribute('aria-invalid')).toBe('true');
    expect(await engine.api.cameras()).toEqual([]);
  });
});

describe('a password', () => {
  it('goes in by the address or the field, and never comes back to the page', async () => {
    const page = await browser.open(engine, { path: '/cameras?add', expectedComplaints: [REFUSED_PROBE] });
    const received = recordReceived(page);
    await field(page, 'Name').fill('Door');
    await field(page, 'Address').fill(simulator.url('door', { withCredentials: true }));
    await field(page, 'Name').focus();
    expect(await field(page, 'Address').inputValue()).toBe(simulator.url('door'));
    expect(await field(page, 'User name').inputValue()).toBe('admin');
    expect(await field(page, 'Password').getAttribute('type')).toBe('password');
    await dialog(page).getByRole('button', { name: 'Continue' }).click();
    await dialog(page).getByRole('button', { name: 'Add camera' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await eventually(() => row(page, 'Door').innerText()).toMatch(/Online/);

    await page.reload();
    await choose(page, 'Door', 'Edit');
    expect(await field(page, 'Password').inputValue()).toBe('');
    await dialog(page).getByText('Stored. Leave empty to keep it.').waitFor();
    // The stored one is used where it belongs ...
    await dialog(page).getByRole('button', { name: 'Test' }).click();
    await dialog(page).getByRole('img', { name: 'Picture from the camera' }).waitFor();
    // ... and nowhere else.
    await field(page, 'Address').fill('rtsp://127.0.0.1:9/door');
    await dialog(page).getByText('The host has changed: enter the password again.').waitFor();

    const texts = [await page.content(), ...(await received())];
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
  });

  it('that is wrong stands on the row with the way to change it', async () => {
    const source = { url: simulator.url('door'), username: 'admin', password: 'wrong' };
    await engine.api.addCamera({ name: 'Door', source });
    const page = await browser.open(engine, { path: '/cameras', expectedComplaints: [REFUSED_PROBE] });
    await eventually(() => row(page, 'Door').innerText()).toMatch(/Offline[^]*Wrong user name or password\./);
    await row(page, 'Door').getByRole('button', { name: 'Change password' }).click();
    await field(page, 'Password').fill(PASSWORD);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await eventually(() => row(page, 'Door').innerText()).toMatch(/Online[^]*Recording/);
  });
});

describe('a camera that is there', () => {
  it('is renamed, disabled, enabled by undo, and deleted after its loss is named', async () => {
    const { id } = await engine.api.addCamera({ name: 'Yard', source: { url: simulator.url('yard/main') } });
    const page = await browser.open(engine, { path: '/cameras' });
    await eventually(() => row(page, 'Yard').innerText()).toMatch(/Online[^]*Recording/);

    await choose(page, 'Yard', 'Edit');
    await field(page, 'Name').fill('Back yard');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await row(page, 'Back yard').waitFor();

    await choose(page, 'Back yard', 'Disable');
    await eventually(() => row(page, 'Back yard').innerText()).toMatch(/Disabled[^]*Not recording/);
    await page.getByText('Back yard is disabled and no longer recorded.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await eventually(() => row(page, 'Back yard').innerText()).toMatch(/Online[^]*Recording/);

    await choose(page, 'Back yard', 'Delete');
    await eventually(() => dialog(page).innerText()).toMatch(
      /\d+ s\S* of footage, [\d.]+ [kM]B, recorded since .*2\d\d\d.*, will be deleted with the camera\. It cannot be brought back\./,
    );
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await row(page, 'Back yard').waitFor();
    expect(await engine.api.cameras()).toHaveLength(1);

    await choose(page, 'Back yard', 'Delete');
    await dialog(page).getByRole('button', { name: 'Delete camera and footage' }).click();
    await page.getByRole('heading', { name: 'No camera yet' }).waitFor();
    expect((await engine.api.send('GET', `/cameras/${id}`)).status).toBe(404);
  });
});

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Everything that the API tells the page from now on, over HTTP and WebSockets. */
function recordReceived(page: Page): () => Promise<string[]> {
  const texts: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/')) texts.push(response.text().catch(() => ''));
  });
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => texts.push(Promise.resolve(payload.toString()))),
  );
  return () => Promise.all(texts);
}
