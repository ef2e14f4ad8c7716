import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DESKTOP_CHANNELS } from '../contract/desktop.ts';
import type { FeedMessage } from '../contract/feed.ts';
import { createLog } from '../engine/log.ts';
import { StartError } from '../engine/start-error.ts';
import { DesktopShell, type ShellEngine } from './shell.ts';
import { cancellable, FakeElectron, type FakeWindow } from './testing/fake-electron.ts';

const origin = 'http://127.0.0.1:8480';
const health = (camerasRecording: number, camerasEnabled: number) =>
  ({ status: 'ok', version: '1', ffmpeg: { kind: 'found', version: '7' }, camerasEnabled, camerasRecording }) as const;

let folder: string;
let electron: FakeElectron;
let engine: ShellEngine & { closed: number };
let tell: (message: FeedMessage) => void;
let startEngine: () => Promise<{ url: string }>;
let shell: DesktopShell;
/** How often the engine had been closed when the log was. */
let logClosedAfter: number | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-shell-'));
  await writeFile(join(folder, 'clip'), 'footage');
  electron = new FakeElectron(folder);
  startEngine = () => Promise.resolve({ url: origin });
  const files = [{ name: 'Yard.mp4', bytes: 7, startMs: 0, durationMs: 1, gaps: [] }];
  const job = { id: 'e1', files } as never;
  engine = {
    closed: 0,
    start: () => startEngine(),
    close: () => {
      engine.closed += 1;
      return Promise.resolve();
    },
    ports: {
      exports: {
        get: (id: string) => (id === 'e1' ? job : undefined),
        file: () => ({ path: join(folder, 'clip'), name: '../Yard.mp4', bytes: 7, contentType: 'video/mp4' }),
      } as never,
      feed: {
        snapshot: () => ({}) as never,
        subscribe: (listener) => {
          tell = listener;
          return () => (tell = () => {});
        },
      },
      system: { health: () => health(0, 0) } as never,
    },
  };
  shell = new DesktopShell({
    electron: electron.api,
    platform: 'linux',
    createEngine: () => engine,
    launchToken: 'to/ken',
    preloadPath: '/app/preload.cjs',
    iconsDir: '/icons',
    log: createLog('silent', () => {}),
    closeLog: () => {
      logClosedAfter = engine.closed;
      return Promise.resolve();
    },
  });
  shell.prepare();
});
afterEach(() => rm(folder, { recursive: true }));

const window = (): FakeWindow => electron.windows[0]!;
const ask = (channel: string, ...args: unknown[]) =>
  electron.handlers.get(channel)!({ senderFrame: { url: `${origin}/live`, parent: null } }, ...args);

describe('DesktopShell', () => {
  it('opens one confined window with the launch token', async () => {
    await shell.start();
    expect(window().loaded).toBe(`${origin}/?token=to%2Fken`);
    expect(window().visible).toBe(true);
    expect(window().options.webPreferences).toMatchObject({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
  });

  it('leaves the second instance and shows the window of the first', async () => {
    await shell.start();
    window().hide();
    window().minimized = true;
    electron.app.emit('second-instance');
    expect(window()).toMatchObject({ visible: true, minimized: false, done: ['focus'] });

    const second = new FakeElectron(folder);
    second.isFirst = false;
    const createEngine = vi.fn();
    const log = createLog('silent', () => {});
    const closeLog = () => Promise.resolve();
    const rest = { platform: 'linux', launchToken: '', preloadPath: '', iconsDir: '', log, closeLog };
    expect(new DesktopShell({ electron: second.api, createEngine, ...rest }).prepare()).toBe(false);
    expect(second.exitCode).toBe(0);
    expect(createEngine).not.toHaveBeenCalled();
    expect(second.windows).toEqual([]);
  });

  it('goes nowhere but to the engine', async () => {
    await shell.start();
    const { webContents } = window();
    const elsewhere = [
      'http://127.0.0.1:8481/',
      'http://localhost:8480/',
      'https://example.org/',
      'file:///etc/passwd',
    ];
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of [...elsewhere, 'javascript:0', `${origin}.evil.org/`, 'not a url']) {
        const event = cancellable({ url });
        webContents.emit(name, event);
        expect(event.defaultPrevented, `${name} ${url}`).toBe(true);
      }
      const event = cancellable({ url: `${origin}/playback` });
      webContents.emit(name, event);
      expect(event.defaultPrevented).toBe(false);
    }
    expect(webContents.openHandler?.({ url: `${origin}/` })).toEqual({ action: 'deny' });
    const guest = cancellable({});
    webContents.emit('will-attach-webview', guest);
    expect(guest.defaultPrevented).toBe(true);
  });

  it('loads its page again when the page’s process has crashed', async () => {
    await shell.start();
    vi.useFakeTimers();
    const { webContents } = window();
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
    expect(webContents.reloads).toBe(0);
    vi.advanceTimersByTime(1_000);
    vi.useRealTimers();
    expect(webContents.reloads).toBe(1);
  });

  it('grants full screen to its own page and nothing else to anyone', async () => {
    await shell.start();
    const request = electron.permission['request'] as unknown as (
      contents: null,
      permission: string,
      answer: (granted: boolean) => void,
      details: { requestingUrl: string },
    ) => void;
    const check = electron.permission['check'] as unknown as (c: null, permission: string, origin: string) => boolean;
    const granted: boolean[] = [];
    for (const [permission, requestingUrl] of [
      ['fullscreen', `${origin}/live`],
      ['fullscreen', 'https://example.org/'],
      ['media', origin],
      ['geolocation', origin],
    ] as const) {
      request(null, permission, (answer) => granted.push(answer), { requestingUrl });
      granted.push(check(null, permission, requestingUrl));
    }
    expect(granted).toEqual([true, true, false, false, false, false, false, false]);
    expect((electron.permission['device'] as () => boolean)()).toBe(false);
  });

  it('hides to the tray and comes back from it', async () => {
    await shell.start();
    window().close();
    expect(window()).toMatchObject({ visible: false, destroyed: false });
    await vi.waitFor(async () => {
      const saved = JSON.parse(await readFile(join(folder, 'window.json'), 'utf8')) as object;
      expect(saved).toEqual({ bounds: { x: 5, y: 30, width: 1000, height: 700 }, maximized: false });
    });
    electron.trays[0]!.emit('click');
    expect(window().visible).toBe(true);
    expect(engine.closed).toBe(0);
  });

  it('says in the tray how many cameras are recorded, in the user’s language', async () => {
    electron.locale = 'es-MX';
    await shell.start();
    const [tray] = electron.trays;
    expect(tray!.toolTip).toBe('Atalaya: Aún no hay cámaras');
    tell({ type: 'health', health: health(3, 4) });
    expect(tray!.toolTip).toBe('Atalaya: Grabando 3 de 4 cámaras');
    const { menu } = tray!;
    tell({ type: 'health', health: health(3, 4) });
    expect(tray!.menu).toBe(menu);
    expect(menu.map(({ label }) => label)).toEqual(['Grabando 3 de 4 cámaras', undefined, 'Abrir Atalaya', 'Salir']);
  });

  it('quits from the tray: closes the engine, then exits', async () => {
    await shell.start();
    tell({ type: 'health', health: health(1, 1) });
    const quit = electron.trays[0]!.menu.at(-1)!.click as () => void;
    quit();
    electron.app.quit();
    await vi.waitFor(() => expect(electron.exitCode).toBe(0));
    expect(engine.closed).toBe(1);
    expect(window().destroyed).toBe(true);
    expect(electron.trays[0]!.destroyed).toBe(true);
    expect(electron.handlers.size).toBe(0);
  });

  it('closes the engine, then the log, and exits also when a part of the desktop fails', async () => {
    await shell.start();
    electron.trays[0]!.destroy = () => {
      throw new Error('the tray is gone');
    };
    await shell.close();
    expect(logClosedAfter).toBe(1);
    expect(electron.exitCode).toBe(0);
  });

  it('says why it cannot start, and exits', async () => {
    startEngine = () => Promise.reject(new StartError('Port 8480 is in use.'));
    await shell.start();
    expect(electron.errors).toEqual(['Atalaya cannot start: Port 8480 is in use.']);
    expect(electron.exitCode).toBe(1);
    expect(electron.windows).toEqual([]);
  });

  it('opens no window when it is quit while it starts', async () => {
    let started = (_: { url: string }): void => {};
    startEngine = () => new Promise((resolve) => (started = resolve));
    const starting = shell.start();
    await Promise.resolve();
    const closed = shell.close();
    started({ url: origin });
    await Promise.all([starting, closed]);
    expect(electron.windows).toEqual([]);
    expect(electron.exitCode).toBe(0);
  });
});

describe('window.desktop', () => {
  beforeEach(() => shell.start());

  it('picks a folder', async () => {
    expect(await ask(DESKTOP_CHANNELS.pickFolder)).toBeUndefined();
    electron.openAnswer = { canceled: false, filePaths: ['/srv/footage'] };
    expect(await ask(DESKTOP_CHANNELS.pickFolder)).toBe('/srv/footage');
  });

  it('saves an export where the user wants it, and reveals what it saved only', async () => {
    const filePath = join(folder, 'saved.mp4');
    expect(await ask(DESKTOP_CHANNELS.saveExportAs, 'e1', 'Yard.mp4')).toEqual({ state: 'cancelled' });
    electron.saveAnswer = { canceled: false, filePath };
    expect(await ask(DESKTOP_CHANNELS.revealFile, filePath)).toBe(false);
    expect(await ask(DESKTOP_CHANNELS.saveExportAs, 'e1', 'Yard.mp4')).toEqual({ state: 'saved', path: filePath });
    expect(await readFile(filePath, 'utf8')).toBe('footage');
    expect(await ask(DESKTOP_CHANNELS.revealFile, filePath)).toBe(true);
    expect(await ask(DESKTOP_CHANNELS.revealFile, '/etc/passwd')).toBe(false);
    await rm(filePath);
    expect(await ask(DESKTOP_CHANNELS.revealFile, filePath)).toBe(false);
    expect(electron.revealed).toEqual([filePath]);
    electron.saveAnswer = { canceled: false, filePath: join(folder, 'no', 'such', 'folder.mp4') };
    expect(await ask(DESKTOP_CHANNELS.saveExportAs, 'e1', 'Yard.mp4')).toMatchObject({ state: 'failed' });
  });

  it('refuses arguments that are none', async () => {
    await expect(ask(DESKTOP_CHANNELS.saveExportAs, 'e1', 'Other.mp4')).rejects.toThrow('no such exported file');
    await expect(ask(DESKTOP_CHANNELS.saveExportAs, 'e2', 'Yard.mp4')).rejects.toThrow('no such exported file');
    await expect(ask(DESKTOP_CHANNELS.saveExportAs, {}, 1)).rejects.toThrow(TypeError);
    await expect(ask(DESKTOP_CHANNELS.revealFile, 1)).rejects.toThrow(TypeError);
  });

  it('answers the window’s own page only', async () => {
    const strangers = [
      null,
      { url: 'https://example.org/', parent: null },
      { url: `${origin}/`, parent: { url: `${origin}/` } },
      { url: 'http://127.0.0.1:9999/', parent: null },
    ];
    for (const channel of Object.values(DESKTOP_CHANNELS)) {
      for (const senderFrame of strangers) {
        await expect(electron.handlers.get(channel)!({ senderFrame }, 'x', 'y')).rejects.toThrow('outside the window');
      }
    }
  });
});
