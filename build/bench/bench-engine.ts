import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Camera } from '../../electron/contract/camera.ts';
import { ApiClient } from '../../electron/test/api-client.ts';
import type { BenchContext } from './bench-context.ts';

/** Kept data folders are opened again by later runs. */
const PASSWORD = 'only for measuring';

/** The built engine, headless, as users run it. */
export class BenchEngine {
  readonly url: string;
  readonly api: ApiClient;
  /** From the start of the process until it said that it is ready. */
  readonly readyMs: number;
  readonly #child: ChildProcess;

  private constructor(url: string, readyMs: number, child: ChildProcess) {
    this.url = url;
    this.api = new ApiClient(url);
    this.readyMs = readyMs;
    this.#child = child;
  }

  static async start({ nodePath, distDir, ffmpegPath, workDir }: BenchContext, dataDir: string): Promise<BenchEngine> {
    const startedMs = performance.now();
    const child = spawn(nodePath, [join(distDir, 'headless.js'), '--port', '0', '--data-dir', dataDir], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: workDir,
        ATALAYA_ADMIN_PASSWORD: PASSWORD,
        ATALAYA_FFMPEG: ffmpegPath,
        ATALAYA_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^Atalaya is ready at (http:\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`The engine exited with ${code} before it was ready.`)));
    const url = await promise;
    const engine = new BenchEngine(url, performance.now() - startedMs, child);
    try {
      await engine.api.logIn('admin', PASSWORD);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Adds a camera for each address and waits until all are recorded. */
  async record(urls: readonly string[]): Promise<Camera[]> {
    for (const [at, url] of urls.entries()) {
      await this.api.addCamera({ name: `Camera ${at + 1}`, source: { url }, recording: { mode: 'continuous' } });
    }
    return until('all cameras to be recorded', async () => {
      const cameras = await this.api.cameras();
      return cameras.every(({ status }) => status.recording) ? cameras : undefined;
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}

/** Asks every 100 ms. */
export async function until<Value>(what: string, ask: () => Promise<Value | undefined>): Promise<Value> {
  const endMs = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`Waited a minute for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
