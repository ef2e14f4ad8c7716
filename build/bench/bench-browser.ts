import { chromium, type Browser, type Page } from 'playwright-core';
import type { BenchEngine } from './bench-engine.ts';

/** The built UI in a real browser, logged in. */
export class BenchBrowser {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  static async open({ url, api }: BenchEngine, executablePath: string, firstPath: string): Promise<BenchBrowser> {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 } });
    const [name = '', value = ''] = (api.headers['cookie'] ?? '').split('=');
    await context.addCookies([{ name, value, url }]);
    // One tile a page: what is measured is one picture, not sixteen at once.
    await context.addInitScript(() => {
      localStorage.setItem('atalaya.preferences', '{"state":{"liveLayout":"1"},"version":0}');
    });
    const page = await context.newPage();
    await page.goto(firstPath);
    return new BenchBrowser(browser, page);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
