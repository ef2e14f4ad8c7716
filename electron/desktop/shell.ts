import { join } from 'node:path';
import type { FeedMessage } from '../contract/feed.ts';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../engine/log.ts';
import type { KeyProtector } from '../engine/secret-key.ts';
import { StartError } from '../engine/start-error.ts';
import type { WorkerLauncher } from '../engine/worker-launcher.ts';
import { DesktopIpc } from './desktop-ipc.ts';
import type { ElectronApi } from './electron-api.ts';
import { createKeyProtector } from './keyring.ts';
import { MainWindow } from './main-window.ts';
import { shellTexts } from './texts.ts';
import { StatusTray } from './tray.ts';
import { createUtilityProcessLauncher } from './utility-process-launcher.ts';

/** What the shell needs of the engine. */
export interface ShellEngine {
  start(): Promise<{ url: string }>;
  close(): Promise<void>;
  readonly ports: Pick<Engine['ports'], 'exports' | 'feed' | 'system'>;
}

export interface ShellOptions {
  electron: ElectronApi;
  platform: string;
  /** Built by the caller, who knows paths and flags; the shell brings what only the desktop has. */
  createEngine(desktop: { launcher: WorkerLauncher; keyProtector: KeyProtector | undefined }): ShellEngine;
  launchToken: string;
  preloadPath: string;
  iconsDir: string;
  log: Log;
  /** Writes what is still in memory of the log. */
  closeLog(): Promise<void>;
}

/** The engine closes within 5 s, unless a disk hangs. */
const CLOSE_LIMIT_MS = 10_000;

type Life = 'starting' | 'running' | 'quitting' | 'ended';

/** The desktop app: one instance, the engine inside it, a window and a tray icon. */
export class DesktopShell {
  readonly #options: ShellOptions;
  #life: Life = 'starting';
  #engine: ShellEngine | undefined;
  #window: MainWindow | undefined;
  #tray: StatusTray | undefined;
  #ipc: DesktopIpc | undefined;
  #stopFeed: (() => void) | undefined;

  constructor(options: ShellOptions) {
    this.#options = options;
  }

  /**
   * What must be done before Electron is ready: sandboxes, and the question whether this is the only instance. When it
   * is not, the app exits and the answer is false.
   */
  prepare(): boolean {
    const { app } = this.#options.electron;
    if (!app.requestSingleInstanceLock()) {
      // The first instance hears 'second-instance' and shows its window.
      app.exit(0);
      return false;
    }
    app.enableSandbox();
    app.on('second-instance', () => this.#window?.show());
    app.on('activate', () => this.#window?.show());
    // Without a listener Electron would quit; the tray keeps the app alive.
    app.on('window-all-closed', () => {});
    app.on('before-quit', (event) => {
      if (this.#life === 'ended') return;
      event.preventDefault();
      void this.close();
    });
    return true;
  }

  /** Resolves when the window is open, or when Atalaya cannot start, has said why, and exits. */
  async start(): Promise<void> {
    await this.#options.electron.app.whenReady();
    try {
      await this.#open();
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** Closes the engine, and with it every segment, then exits. Safe to call twice. */
  async close(exitCode = 0): Promise<void> {
    if (this.#life === 'quitting' || this.#life === 'ended') return;
    this.#life = 'quitting';
    const { electron, log, closeLog } = this.#options;
    // An app that cannot be quit is worse than a segment that is re-indexed at the next start.
    setTimeout(() => electron.app.exit(1), CLOSE_LIMIT_MS).unref();
    try {
      await this.#closeParts();
    } catch (error) {
      log.error({ err: error }, 'a part of the desktop app did not close');
    }
    await closeLog().catch(() => {
      // There is no log any more to say so.
    });
    this.#life = 'ended';
    electron.app.exit(exitCode);
  }

  async #open(): Promise<void> {
    const { electron, platform, createEngine, launchToken, preloadPath, iconsDir, log } = this.#options;
    const texts = shellTexts(electron.app.getLocale());
    const engine = createEngine({
      launcher: createUtilityProcessLauncher(electron.utilityProcess),
      keyProtector: createKeyProtector(electron.safeStorage, platform),
    });
    this.#engine = engine;
    const { url } = await engine.start();
    // The user quit while the engine was starting.
    if (this.#life !== 'starting') return;
    const { origin } = new URL(url);
    const { exports, feed, system } = engine.ports;

    const window = new MainWindow({
      electron,
      origin,
      entryUrl: `${origin}/?token=${encodeURIComponent(launchToken)}`,
      preloadPath,
      iconPath: join(iconsDir, 'icon-256.png'),
      placePath: join(electron.app.getPath('userData'), 'window.json'),
      log,
    });
    this.#window = window;
    this.#ipc = new DesktopIpc({ electron, origin, exports, texts, window: () => window.browserWindow });
    this.#ipc.start();
    this.#tray = new StatusTray({
      electron,
      iconPath: join(iconsDir, 'tray.png'),
      texts,
      onOpen: () => window.show(),
      onQuit: () => electron.app.quit(),
    });
    this.#tray.start(system.health());
    this.#stopFeed = feed.subscribe((message) => this.#onFeed(message));
    await window.start();
    this.#life = 'running';
  }

  #onFeed(message: FeedMessage): void {
    if (message.type === 'health') this.#tray?.update(message.health);
  }

  async #fail(error: unknown): Promise<void> {
    const { electron, log } = this.#options;
    if (this.#life !== 'starting') return;
    log.error({ err: error }, 'the desktop app cannot start');
    const sentence = error instanceof StartError ? error.message : String(error);
    electron.dialog.showErrorBox(shellTexts(electron.app.getLocale()).cannotStart, sentence);
    await this.close(1);
  }

  async #closeParts(): Promise<void> {
    try {
      this.#stopFeed?.();
      this.#ipc?.close();
      this.#tray?.close();
      this.#window?.close();
    } finally {
      await this.#engine?.close();
    }
  }
}
