import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Camera } from '../../electron/contract/camera.ts';
import { BenchBrowser } from './bench-browser.ts';
import type { BenchContext } from './bench-context.ts';
import type { BenchEngine } from './bench-engine.ts';
import { percentile, type Figure } from './figures.ts';

/** The server stays at a stream for 5 s after its last viewer; no camera's turn comes again sooner. */
const UNWATCHED_MS = 6_000;
const DELAY_MS = 8_000;

/** The same in a browser: from the key that turns the page of the grid to the picture, and the delay of the picture. */
export async function measureOnScreen(
  { options, chromiumPath, say }: BenchContext,
  engine: BenchEngine,
  cameras: readonly Camera[],
): Promise<Figure[]> {
  if (chromiumPath === undefined) {
    say('live: no Chromium, so that nothing is measured on a screen');
    return [];
  }
  const browser = await BenchBrowser.open(engine, chromiumPath, '/live');
  try {
    const { page } = browser;
    await page.waitForSelector('[data-first-picture-ms]', { state: 'attached' });
    const times: number[] = [];
    for (let opening = 0; opening < options.openings; opening += 1) {
      await pause(UNWATCHED_MS / cameras.length + Math.random() * 250);
      times.push(await turnPage(page));
    }
    const delays = await measureDelays(page);
    return [
      { what: 'opening until the picture is on screen, p50', value: percentile(times, 50), unit: 'ms' },
      {
        ...{ what: 'opening until the picture is on screen, p95', value: percentile(times, 95), unit: 'ms' },
        bound: { most: 300, of: 'value' },
      },
      {
        ...{ what: 'from the camera to the screen, p50', value: percentile(delays, 50), unit: 'ms' },
        bound: { most: 250, of: 'value' },
        note: `${delays.length} pictures`,
      },
      { what: 'from the camera to the screen, p95', value: percentile(delays, 95), unit: 'ms' },
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds from the key to the moment at which the first picture of the next camera is shown. */
function turnPage(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const shown = () => document.querySelector('[data-first-picture-ms]')?.closest('[data-camera]');
    const before = shown();
    const startedMs = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true }));
    for (;;) {
      await new Promise(requestAnimationFrame);
      const now = shown();
      if (now && now !== before) return performance.now() - startedMs;
      if (performance.now() - startedMs > 20_000) throw new Error('No picture came within 20 s.');
    }
  });
}

/**
 * Milliseconds from the camera to the screen, of each picture shown during some seconds. The page's own messages are
 * listened to: a fragment says when its frame was sent (SEI) and its media time (`tfdt`), which the video element says
 * of each picture it shows.
 */
async function measureDelays(page: Page): Promise<number[]> {
  await page.addInitScript(() => {
    const sent = new Map<number, number>();
    const uuid = [0xa7, 0xa1, 0xa9, 0xa0, 0xca, 0x3e, 0x4d, 0x5f, 0x8b, 0x1c, 0x5e, 0x1c, 0x0a, 0x7e, 0x4a, 0x11];
    const find = (bytes: Uint8Array, wanted: readonly number[]): number => {
      const last = Math.min(bytes.length - wanted.length, 4096);
      for (let at = 0; at <= last; at += 1) if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
      return -1;
    };
    const codes = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
    const tfdt = codes('tfdt');
    const mdhd = codes('mdhd');
    let timescale = 0;
    const take = (bytes: Uint8Array): void => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const header = find(bytes, mdhd);
      if (header >= 0) timescale = view.getUint32(header + (bytes[header + 4] === 1 ? 24 : 16));
      const decodeTime = find(bytes, tfdt);
      const counter = find(bytes, uuid);
      if (decodeTime < 0 || counter < 0 || timescale === 0) return;
      const isLong = bytes[decodeTime + 4] === 1;
      const ticks = isLong ? Number(view.getBigUint64(decodeTime + 8)) : view.getUint32(decodeTime + 8);
      const digits = String.fromCharCode(...bytes.subarray(counter + 32, counter + 48));
      sent.set(Math.round((ticks * 1000) / timescale), Number.parseInt(digits, 16));
    };
    const Native = window.WebSocket;
    window.WebSocket = class extends Native {
      constructor(...args: ConstructorParameters<typeof Native>) {
        super(...args);
        this.addEventListener('message', (event: MessageEvent<unknown>) => {
          if (event.data instanceof ArrayBuffer) take(new Uint8Array(event.data));
        });
      }
    };
    Object.assign(window, { sentMsByMediaMs: sent });
  });
  await page.reload();
  await page.waitForSelector('[data-first-picture-ms]', { state: 'attached' });
  return page.evaluate(async (lastsMs) => {
    const { sentMsByMediaMs: sent } = window as unknown as { sentMsByMediaMs: Map<number, number> };
    const video = document.querySelector('video');
    if (video === null) throw new Error('There is no video element.');
    const delays: number[] = [];
    const startedMs = performance.now();
    await new Promise<void>((resolve) => {
      const onFrame = (_: number, { expectedDisplayTime, mediaTime }: VideoFrameCallbackMetadata): void => {
        const mediaMs = Math.round(mediaTime * 1000);
        const sentMs = sent.get(mediaMs) ?? sent.get(mediaMs - 1) ?? sent.get(mediaMs + 1);
        if (sentMs !== undefined) delays.push(performance.timeOrigin + expectedDisplayTime - sentMs);
        if (performance.now() - startedMs > lastsMs) resolve();
        else video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
    });
    return delays;
  }, DELAY_MS);
}
