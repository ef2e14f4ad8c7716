import { readFile, rename, writeFile } from 'node:fs/promises';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowPlace {
  /** Undefined: the system chooses, at the default size. */
  bounds: Rectangle | undefined;
  maximized: boolean;
}

export const SMALLEST_WINDOW = { width: 800, height: 560 };

/** So much of the title bar must lie on a display for the user to take hold of the window. */
const GRIP_WIDTH = 120;
const GRIP_HEIGHT = 30;

/** Where the window was when Atalaya ended; a default when that is unknown, damaged, or on a display that is gone. */
export async function loadWindowPlace(path: string, workAreas: readonly Rectangle[]): Promise<WindowPlace> {
  const unknown: WindowPlace = { bounds: undefined, maximized: false };
  let saved: unknown;
  try {
    saved = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // The first start, or a file cut short: the default is right for both.
    return unknown;
  }
  if (!isPlace(saved)) return unknown;
  const { bounds, maximized } = saved;
  return { bounds: bounds !== undefined && isReachable(bounds, workAreas) ? bounds : undefined, maximized };
}

export async function saveWindowPlace(path: string, place: WindowPlace): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(place));
  await rename(`${path}.new`, path);
}

/** Whether a part of the title bar large enough to drag lies on one of the displays. */
export function isReachable(bounds: Rectangle, workAreas: readonly Rectangle[]): boolean {
  return workAreas.some((area) => {
    const widthOn = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
    const heightOn = Math.min(bounds.y + GRIP_HEIGHT, area.y + area.height) - Math.max(bounds.y, area.y);
    return widthOn >= GRIP_WIDTH && heightOn >= GRIP_HEIGHT;
  });
}

function isPlace(value: unknown): value is WindowPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { bounds, maximized } = value as Partial<WindowPlace>;
  return typeof maximized === 'boolean' && (bounds === undefined || isRectangle(bounds));
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Partial<Rectangle>;
  if (![x, y, width, height].every(Number.isInteger)) return false;
  return (width ?? 0) >= SMALLEST_WINDOW.width && (height ?? 0) >= SMALLEST_WINDOW.height;
}
