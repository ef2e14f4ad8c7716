import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { ADMIN_PASSWORD, TestEngine, TestFolder, type EngineRun } from '../harness.ts';

export interface OpenOptions {
  /** Where the page begins, `/` unless told. */
  path?: string;
  /** False: nobody is logged in. */
  loggedIn?: boolean;
  /** What the browser may complain about in this test: answers that it is there to see. */
  expectedComplaints?: RegExp[];
  context?: BrowserContextOptions;
}

export const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** Hardware of the machine that runs the tests must not decide what they find. */
const FLAGS = ['--mute-audio', '--disable-features=PlatformHEVCDecoderSupport'];

/** The system's Chromium. Every page of it has a context of its own, and is watched for complaints. */
export class TestBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch({ executablePath: CHROMIUM, args: FLAGS }));
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /**
   * Opens a page on an engine, until the end of the test. The test fails when the page throws, or writes an error to
   * its console; when it fails, a screenshot and the console are kept in a folder that the error names.
   */
  async open(engine: { url: string }, options: OpenOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      ...DESKTOP,
      baseURL: engine.url,
      locale: 'en-GB',
      timezoneId: 'Europe/Madrid',
      ...options.context,
    });
    const page = await context.newPage();
    const watch = watchConsole(page, options.expectedComplaints ?? []);
    onTestFinished(async ({ task }) => {
      try {
        if (task.result?.state === 'fail') throw new Error(`What the browser showed: ${await keepTraces(page, watch)}`);
        expect(watch.complaints, 'complaints of the browser').toEqual([]);
      } finally {
        await context.close();
      }
    });
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
        console.error(`content security policy: ${violatedDirective} ${blockedURI} in ${sourceFile}`),
      ),
    );
    if (options.loggedIn !== false) await logIn(page);
    await page.goto(options.path ?? '/');
    return page;
  }
}

/** An engine for one test, in a folder of its own; both go at the end of the test. */
export async function startEngine(run: EngineRun = {}): Promise<TestEngine> {
  const folder = await TestFolder.create();
  onTestFinished(() => folder.dispose());
  const engine = await TestEngine.start(folder, run);
  onTestFinished(() => engine.dispose());
  return engine;
}

/** Gives the page a session of its own without showing it the form. */
async function logIn(page: Page): Promise<void> {
  const data = { username: 'admin', password: ADMIN_PASSWORD };
  const answer = await page.request.post('/api/v1/session', { data });
  if (!answer.ok()) throw new Error(`log-in answered ${answer.status()}`);
}

/** Asks until the answer is as the assertion wants it, for as long as a busy machine may take. */
export function eventually<Value>(ask: () => Value | Promise<Value>, limitMs = 30_000) {
  return expect.poll(ask, { timeout: limitMs, interval: 100 });
}

interface Watch {
  lines: string[];
  complaints: string[];
}

function watchConsole(page: Page, expected: readonly RegExp[]): Watch {
  const watch: Watch = { lines: [], complaints: [] };
  const complain = (text: string): void => {
    watch.lines.push(text);
    if (!expected.some((pattern) => pattern.test(text))) watch.complaints.push(text);
  };
  page.on('pageerror', (error) => complain(`thrown: ${error.stack ?? error.message}`));
  page.on('crash', () => complain('the page crashed'));
  page.on('console', (message) => {
    const text = `${message.type()}: ${message.text()} (${message.location().url})`;
    if (message.type() === 'error') complain(text);
    else watch.lines.push(text);
  });
  return watch;
}

async function keepTraces(page: Page, watch: Watch): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-e2e-'));
  await writeFile(join(folder, 'console.txt'), [page.url(), ...watch.lines].join('\n'));
  // A page that hangs has no picture; the console is all there is then.
  await page.screenshot({ path: join(folder, 'page.png'), timeout: 5_000 }).catch(() => undefined);
  return folder;
}
