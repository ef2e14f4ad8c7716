import type { DesktopBridge } from '../../electron/contract/desktop.ts';

/** What only the desktop window offers; undefined in a browser. */
export function desktopBridge(): DesktopBridge | undefined {
  return (window as { desktop?: DesktopBridge }).desktop;
}
