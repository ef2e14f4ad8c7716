import type { Tray } from 'electron';
import type { Health } from '../contract/storage.ts';
import type { ElectronApi } from './electron-api.ts';
import type { ShellTexts } from './texts.ts';

export interface StatusTrayOptions {
  electron: Pick<ElectronApi, 'Menu' | 'Tray' | 'nativeImage'>;
  iconPath: string;
  texts: ShellTexts;
  onOpen(): void;
  onQuit(): void;
}

/** The icon in the system's tray: says how many cameras are recorded, opens the window, quits. */
export class StatusTray {
  readonly #options: StatusTrayOptions;
  #tray: Tray | undefined;
  #shown = '';

  constructor(options: StatusTrayOptions) {
    this.#options = options;
  }

  start(health: Health): void {
    const { electron, iconPath, onOpen } = this.#options;
    this.#tray = new electron.Tray(electron.nativeImage.createFromPath(iconPath));
    this.#tray.on('click', onOpen);
    this.update(health);
  }

  update(health: Health): void {
    const { electron, texts, onOpen, onQuit } = this.#options;
    const { camerasEnabled, camerasRecording } = health;
    const status = camerasEnabled === 0 ? texts.noCameras : texts.recording(camerasRecording, camerasEnabled);
    // Menus are rebuilt only on a change: an open one would close under the user's pointer.
    if (this.#tray === undefined || status === this.#shown) return;
    this.#shown = status;
    this.#tray.setToolTip(`Atalaya: ${status}`);
    this.#tray.setContextMenu(
      electron.Menu.buildFromTemplate([
        { label: status, enabled: false },
        { type: 'separator' },
        { label: texts.open, click: onOpen },
        { label: texts.quit, click: onQuit },
      ]),
    );
  }

  close(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }
}
