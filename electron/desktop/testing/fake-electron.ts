import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import type { ElectronApi } from '../electron-api.ts';

type Handler = (event: unknown, ...args: unknown[]) => Promise<unknown>;

/** An event that remembers whether it was prevented, as Electron's. */
export function cancellable<Rest extends object>(rest: Rest) {
  return {
    ...rest,
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}

export class FakeContents extends EventEmitter {
  reloads = 0;
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly done: string[] = [];
  loaded: string | undefined;
  destroyed = false;
  minimized = false;
  maximized = false;
  visible = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  loadURL(url: string): Promise<void> {
    this.loaded = url;
    this.emit('ready-to-show');
    return Promise.resolve();
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.done.push('focus');
  }
  restore(): void {
    this.minimized = false;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds() {
    return { x: 5, y: 30, width: 1000, height: 700 };
  }
  close(): void {
    const event = cancellable({});
    this.emit('close', event);
    this.destroyed = !event.defaultPrevented;
  }
}

export class FakeTray extends EventEmitter {
  toolTip = '';
  menu: MenuItemConstructorOptions[] = [];
  destroyed = false;
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: MenuItemConstructorOptions[]): void {
    this.menu = menu;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

export class FakeUtilityProcess extends EventEmitter {
  pid: number | undefined;
  readonly stderr = new PassThrough();
  readonly posted: unknown[] = [];
  terminated = false;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): boolean {
    return (this.terminated = true);
  }
}

/** Electron as the shell sees it, with everything it did laid open. */
export class FakeElectron {
  readonly windows: FakeWindow[] = [];
  readonly trays: FakeTray[] = [];
  readonly children: FakeUtilityProcess[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly revealed: string[] = [];
  readonly errors: string[] = [];
  exitCode: number | undefined;
  isFirst = true;
  locale = 'en-GB';
  folder: string;
  keyring: 'none' | 'basic_text' | 'gnome_libsecret' = 'none';
  saveAnswer = { canceled: true, filePath: '' };
  openAnswer: { canceled: boolean; filePaths: string[] } = { canceled: true, filePaths: [] };
  permission: Record<string, (...args: never[]) => unknown> = {};
  readonly app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => this.isFirst,
    enableSandbox: () => {},
    whenReady: () => Promise.resolve(),
    getLocale: () => this.locale,
    getPath: () => this.folder,
    exit: (code: number) => (this.exitCode = code),
    quit: () => this.app.emit('before-quit', cancellable({})),
  });

  constructor(folder: string) {
    this.folder = folder;
  }

  /** As the type that the shell asks for; what is missing here is not used there. */
  get api(): ElectronApi {
    const { windows, trays, children } = this;
    return {
      app: this.app,
      BrowserWindow: function (options: BrowserWindowConstructorOptions) {
        const window = new FakeWindow(options);
        windows.push(window);
        return window;
      },
      Tray: function () {
        const tray = new FakeTray();
        trays.push(tray);
        return tray;
      },
      Menu: { buildFromTemplate: (template: MenuItemConstructorOptions[]) => template },
      nativeImage: { createFromPath: (path: string) => path },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
      session: {
        defaultSession: {
          setPermissionRequestHandler: (handler: () => void) => (this.permission['request'] = handler),
          setPermissionCheckHandler: (handler: () => boolean) => (this.permission['check'] = handler),
          setDevicePermissionHandler: (handler: () => boolean) => (this.permission['device'] = handler),
        },
      },
      dialog: {
        showErrorBox: (title: string, text: string) => this.errors.push(`${title}: ${text}`),
        showOpenDialog: () => Promise.resolve(this.openAnswer),
        showSaveDialog: () => Promise.resolve(this.saveAnswer),
      },
      shell: { showItemInFolder: (path: string) => this.revealed.push(path) },
      ipcMain: {
        handle: (channel: string, handler: Handler) => this.handlers.set(channel, handler),
        removeHandler: (channel: string) => this.handlers.delete(channel),
      },
      safeStorage: {
        isEncryptionAvailable: () => this.keyring !== 'none',
        getSelectedStorageBackend: () => this.keyring,
        encryptString: (text: string) => Buffer.from(`locked ${text}`),
        decryptString: (bytes: Buffer) => bytes.toString().slice('locked '.length),
      },
      utilityProcess: {
        fork: () => {
          const child = new FakeUtilityProcess();
          children.push(child);
          return child;
        },
      },
    } as unknown as ElectronApi;
  }
}
