import { contextBridge, ipcRenderer } from 'electron';
import { DESKTOP_CHANNELS, type DesktopBridge, type SavedExport } from './contract/desktop.ts';

const desktop: DesktopBridge = {
  platform: process.platform,
  pickFolder: () => ipcRenderer.invoke(DESKTOP_CHANNELS.pickFolder) as Promise<string | undefined>,
  revealFile: (path) => ipcRenderer.invoke(DESKTOP_CHANNELS.revealFile, path) as Promise<boolean>,
  saveExportAs: (exportId, name) =>
    ipcRenderer.invoke(DESKTOP_CHANNELS.saveExportAs, exportId, name) as Promise<SavedExport>,
};

contextBridge.exposeInMainWorld('desktop', desktop);
