import { copyFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron';
import { DESKTOP_CHANNELS, type SavedExport } from '../contract/desktop.ts';
import type { Engine } from '../engine/engine.ts';
import type { ElectronApi } from './electron-api.ts';
import { isWithin } from './main-window.ts';
import type { ShellTexts } from './texts.ts';

export interface DesktopIpcOptions {
  electron: Pick<ElectronApi, 'app' | 'dialog' | 'ipcMain' | 'shell'>;
  /** Only this origin's top frame may ask for anything. */
  origin: string;
  exports: Pick<Engine['ports']['exports'], 'get' | 'file'>;
  texts: ShellTexts;
  /** The dialogs' parent. */
  window(): BrowserWindow | undefined;
}

/** Answers what `window.desktop` asks. Arguments come from a page and are checked like those of any request. */
export class DesktopIpc {
  readonly #options: DesktopIpcOptions;
  /** What was saved since the start: the only files that may be revealed. */
  readonly #saved = new Set<string>();

  constructor(options: DesktopIpcOptions) {
    this.#options = options;
  }

  start(): void {
    this.#handle(DESKTOP_CHANNELS.pickFolder, () => this.#pickFolder());
    this.#handle(DESKTOP_CHANNELS.revealFile, (path) => this.#revealFile(path));
    this.#handle(DESKTOP_CHANNELS.saveExportAs, (id, name) => this.#saveExportAs(id, name));
  }

  close(): void {
    for (const channel of Object.values(DESKTOP_CHANNELS)) this.#options.electron.ipcMain.removeHandler(channel);
  }

  #handle(channel: string, answer: (...args: unknown[]) => Promise<unknown>): void {
    this.#options.electron.ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      if (!this.#isOurs(event)) throw new Error(`${channel} was asked from outside the window`);
      return answer(...args);
    });
  }

  #isOurs({ senderFrame }: IpcMainInvokeEvent): boolean {
    return senderFrame !== null && senderFrame.parent === null && isWithin(senderFrame.url, this.#options.origin);
  }

  async #pickFolder(): Promise<string | undefined> {
    const { electron, texts } = this.#options;
    const answer = await electron.dialog.showOpenDialog(
      ...this.#parented({
        title: texts.pickFolder,
        properties: ['openDirectory' as const, 'createDirectory' as const],
      }),
    );
    return answer.canceled ? undefined : answer.filePaths[0];
  }

  async #revealFile(path: unknown): Promise<boolean> {
    if (typeof path !== 'string') throw new TypeError('revealFile needs a path');
    if (!this.#saved.has(path) || !(await isFile(path))) return false;
    this.#options.electron.shell.showItemInFolder(path);
    return true;
  }

  async #saveExportAs(id: unknown, name: unknown): Promise<SavedExport> {
    if (typeof id !== 'string' || typeof name !== 'string') throw new TypeError('saveExportAs needs an id and a name');
    const { electron, exports, texts } = this.#options;
    const index = exports.get(id)?.files.findIndex((file) => file.name === name) ?? -1;
    const file = index < 0 ? undefined : exports.file(id, index);
    if (file === undefined) throw new Error('there is no such exported file');
    const answer = await electron.dialog.showSaveDialog(
      ...this.#parented({
        title: texts.saveExport,
        defaultPath: join(electron.app.getPath('downloads'), basename(file.name)),
      }),
    );
    if (answer.canceled || answer.filePath === '') return { state: 'cancelled' };
    try {
      await copyFile(file.path, answer.filePath);
    } catch (error) {
      return { state: 'failed', message: (error as Error).message };
    }
    this.#saved.add(answer.filePath);
    return { state: 'saved', path: answer.filePath };
  }

  /** Dialogs belong to the window where there is one, so that they cannot get lost behind it. */
  #parented<Options>(options: Options): [BrowserWindow, Options] {
    return [this.#options.window() as BrowserWindow, options];
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Moved or deleted since: nothing to show.
    return false;
  }
}
