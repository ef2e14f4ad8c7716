import type { Page } from 'playwright-core';
import { BenchBrowser } from './bench-browser.ts';
import type { BenchContext } from './bench-context.ts';
import type { BenchEngine } from './bench-engine.ts';
import { percentile, type Figure } from './figures.ts';
import type { Footage } from './footage.ts';

/** From choosing an instant on the page of the timeline to its picture. */
export async function measureSeeksOnScreen(
  { options, chromiumPath, say }: BenchContext,
  engine: BenchEngine,
  footage: Footage,
  randomInstant: (footage: Footage) => number,
): Promise<Figure[]> {
  if (chromiumPath === undefined) {
    say('seek: no Chromium, so that nothing is measured on a screen');
    return [];
  }
  const addressOf = (atMs: number) => `/timeline?camera=${footage.cameraId}&at=${atMs}`;
  const browser = await BenchBrowser.open(engine, chromiumPath, addressOf(randomInstant(footage)));
  try {
    const { page } = browser;
    await page.waitForSelector('[data-last-seek-ms]', { state: 'attached' });
    const times: number[] = [];
    while (times.length < options.openings) times.push(await seekTo(page, addressOf(randomInstant(footage))));
    return [
      { what: 'instant chosen until its picture is on screen, p50', value: percentile(times, 50), unit: 'ms' },
      {
        ...{ what: 'instant chosen until its picture is on screen, p95', value: percentile(times, 95), unit: 'ms' },
        bound: { most: 300, of: 'value' },
      },
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds from the wish to the moment at which the page shows the picture that belongs to it. */
function seekTo(page: Page, address: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const state = () => document.querySelector<HTMLElement>('[data-last-seek-ms]')?.dataset['state'];
    const startedMs = performance.now();
    history.pushState(null, '', wanted);
    dispatchEvent(new PopStateEvent('popstate'));
    let hasBegun = false;
    for (;;) {
      await new Promise(requestAnimationFrame);
      if (state() === 'seeking') hasBegun = true;
      else if (hasBegun && (state() === 'paused' || state() === 'playing')) return performance.now() - startedMs;
      if (performance.now() - startedMs > 20_000) throw new Error(`No picture came within 20 s: ${state()}.`);
    }
  }, address);
}
