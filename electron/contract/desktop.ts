/**
 * What the desktop window offers on top of a browser: `window.desktop`, absent everywhere else.
 */
export interface DesktopBridge {
  /** As `process.platform`. */
  readonly platform: string;
  /** Lets the user choose a folder; undefined when the dialog was cancelled. */
  pickFolder(): Promise<string | undefined>;
  /** Shows a file that `saveExportAs` has saved in the system's file manager; false when it is not there any more. */
  revealFile(path: string): Promise<boolean>;
  /** Asks where, and copies one file of a finished export there. `name` is the file's name in the job. */
  saveExportAs(exportId: string, name: string): Promise<SavedExport>;
}

export type SavedExport =
  | { state: 'saved'; path: string }
  | { state: 'cancelled' }
  /** `message` is what the system said (no room, no permission). */
  | { state: 'failed'; message: string };

/** Names of the channels between preload script and main process. */
export const DESKTOP_CHANNELS = {
  pickFolder: 'desktop:pickFolder',
  revealFile: 'desktop:revealFile',
  saveExportAs: 'desktop:saveExportAs',
} as const;
