import type { Locator } from 'playwright-core';
import { readStrip, stripTop } from '../../simulator/counter-strip.ts';
import { eventually } from './browser.ts';

export interface Picture {
  /** The number burnt into the frame on screen; null where it cannot be read. */
  counter: number | null;
  width: number;
  height: number;
}

/** Reads back what a video element shows at this moment; undefined before its first picture. */
export async function readPicture(video: Locator): Promise<Picture | undefined> {
  const strip = await video.evaluate((element: HTMLVideoElement) => {
    const { videoWidth: width, videoHeight: height, readyState } = element;
    if (width === 0 || readyState < element.HAVE_CURRENT_DATA) return undefined;
    // Only the foot of the picture is fetched: a whole one takes longer than a frame lasts.
    const rows = Math.ceil(height / 20);
    const canvas = new OffscreenCanvas(width, rows);
    const context = canvas.getContext('2d')!;
    context.drawImage(element, 0, height - rows, width, rows, 0, 0, width, rows);
    const { data } = context.getImageData(0, 0, width, rows);
    // The strip is black and white: green is as good as luma.
    const green = data.filter((_, index) => index % 4 === 1);
    return { width, height, rows, base64: btoa(String.fromCharCode(...green)) };
  });
  if (strip === undefined) return undefined;
  const { width, height, rows, base64 } = strip;
  const counter = readStrip(Buffer.from(base64, 'base64'), width, stripTop(height) - (height - rows), rows);
  return { counter, width, height };
}

/** Waits until the picture has gone on by at least so many frames, each later than the one before it. */
export async function expectMoving(
  video: Locator,
  { clipFrames, frames = 15 }: { clipFrames: number; frames?: number },
) {
  let last: number | undefined;
  let moved = 0;
  await eventually(async () => {
    const counter = (await readPicture(video))?.counter ?? undefined;
    if (counter === undefined) return moved;
    const step = last === undefined ? 0 : (counter - last + clipFrames) % clipFrames;
    // Half a clip forward is a step back.
    if (step > clipFrames / 2) throw new Error(`the picture went back from frame ${last} to ${counter}`);
    last = counter;
    return (moved += step);
  }).toBeGreaterThanOrEqual(frames);
}
