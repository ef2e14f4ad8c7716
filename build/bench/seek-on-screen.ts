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
    // The page says how long its last seek took, from the wish to the picture.
    const shown = page.locator('[data-last-seek-ms]');
    await shown.waitFor({ state: 'attached' });
    const times: number[] = [];
    while (times.length < options.openings) {
      await shown.evaluate((element) => delete (element as HTMLElement).dataset['lastSeekMs']);
      await page.evaluate(
        (address) => {
          history.pushState(null, '', address);
          dispatchEvent(new PopStateEvent('popstate'));
        },
        addressOf(randomInstant(footage)),
      );
      await shown.waitFor({ state: 'attached' });
      times.push(Number(await shown.getAttribute('data-last-seek-ms')));
    }
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
