import type { BrowserWindow, Event, WebContents } from 'electron';
import type { Log } from '../engine/log.ts';
import type { ElectronApi } from './electron-api.ts';
import { loadWindowPlace, saveWindowPlace, SMALLEST_WINDOW } from './window-bounds.ts';

export interface MainWindowOptions {
  electron: Pick<ElectronApi, 'BrowserWindow' | 'screen' | 'session'>;
  /** Loopback origin of the engine: nothing else is ever shown. */
  origin: string;
  /** Opened first; holds the launch token. */
  entryUrl: string;
  preloadPath: string;
  iconPath: string;
  /** Where the window's place is remembered. */
  placePath: string;
  log: Log;
}

const RELOAD_AFTER_MS = 1_000;

/** The one window: sandboxed, without Node, confined to the engine's origin. Closing it hides it. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | undefined;
  #quitting = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { electron, entryUrl, preloadPath, iconPath, placePath, origin } = this.#options;
    denyPermissions(electron.session.defaultSession, origin);
    const workAreas = electron.screen.getAllDisplays().map((display) => display.workArea);
    const place = await loadWindowPlace(placePath, workAreas);
    const window = new electron.BrowserWindow({
      width: 1280,
      height: 800,
      ...place.bounds,
      minWidth: SMALLEST_WINDOW.width,
      minHeight: SMALLEST_WINDOW.height,
      show: false,
      icon: iconPath,
      autoHideMenuBar: true,
      // No white flash before the dark UI has drawn itself.
      backgroundColor: '#0b0d10',
      webPreferences: {
        preload: preloadPath,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        // A wall of cameras goes on while another window covers it.
        backgroundThrottling: false,
      },
    });
    this.#window = window;
    confine(window.webContents, origin);
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      this.#options.log.error({ reason, exitCode }, 'the page ended unexpectedly; it is loaded again');
      // Not at once: a page that crashes while it loads would keep the machine busy with nothing else.
      setTimeout(() => {
        if (!window.isDestroyed()) window.webContents.reload();
      }, RELOAD_AFTER_MS);
    });
    if (place.maximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      this.#savePlace(window);
      if (this.#quitting) return;
      event.preventDefault();
      window.hide();
    });
    await window.loadURL(entryUrl);
  }

  /** Brings the window to the front, also from the tray. */
  show(): void {
    const window = this.#window;
    if (window === undefined || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  get browserWindow(): BrowserWindow | undefined {
    return this.#window;
  }

  close(): void {
    this.#quitting = true;
    const window = this.#window;
    if (window !== undefined && !window.isDestroyed()) window.close();
  }

  #savePlace(window: BrowserWindow): void {
    const place = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    saveWindowPlace(this.#options.placePath, place).catch((error: unknown) => {
      // The window opens at its default place next time: an annoyance, no more.
      this.#options.log.warn({ err: error }, 'the place of the window could not be saved');
    });
  }
}

/** Full screen is what a wall of cameras is for; the UI asks for nothing else that needs permission. */
function denyPermissions(session: ElectronApi['session']['defaultSession'], origin: string): void {
  const allowed = (permission: string, asking: string): boolean =>
    permission === 'fullscreen' && isWithin(asking, origin);
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(allowed(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, asking) => allowed(permission, asking));
  session.setDevicePermissionHandler(() => false);
}

/** No page but the engine's, no further windows, no embedded guests. */
function confine(contents: WebContents, origin: string): void {
  const refuseElsewhere = (event: Event & { url: string }): void => {
    if (!isWithin(event.url, origin)) event.preventDefault();
  };
  contents.on('will-navigate', refuseElsewhere);
  contents.on('will-redirect', refuseElsewhere);
  contents.on('will-frame-navigate', refuseElsewhere);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Whether a URL belongs to the origin. */
export function isWithin(url: string, origin: string): boolean {
  return URL.canParse(url) && new URL(url).origin === origin;
}
