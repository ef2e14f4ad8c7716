import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CameraSimulator } from '../simulator/camera-simulator.ts';
import type { CameraOptions } from '../simulator/simulated-camera.ts';
import { ApiClient } from './api-client.ts';

export const FFMPEG = process.env['ATALAYA_FFMPEG'] ?? 'ffmpeg';
export const ADMIN_PASSWORD = 'correct horse battery';

const HEADLESS = fileURLToPath(new URL('../headless.ts', import.meta.url));
/** Clips depend on nothing but their parameters, so all runs may share them. */
export const CLIP_CACHE = join(tmpdir(), 'atalaya-test-clips');
/** A start on a machine that runs other tests, too. */
const READY_LIMIT_MS = 30_000;

/** A folder for one installation; removed by `dispose`. */
export class TestFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), 'atalaya-test-')));
  }

  get dataDir(): string {
    return join(this.path, 'data');
  }

  get recordingsDir(): string {
    return join(this.dataDir, 'recordings');
  }

  /** Base directories for the engine, so that it leaves nothing elsewhere. */
  get env(): Record<string, string> {
    return { XDG_STATE_HOME: join(this.path, 'state'), XDG_CACHE_HOME: join(this.path, 'cache') };
  }

  dispose(): Promise<void> {
    return rm(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface EngineRun {
  args?: string[];
  env?: Record<string, string>;
  /** False: it starts without an administrator, and nobody is logged in. */
  isSetUp?: boolean;
}

/** The real engine, headless, as a child process. */
export class TestEngine {
  readonly url: string;
  readonly api: ApiClient;
  readonly #child: ChildProcess;
  readonly #output: string[];

  private constructor(url: string, child: ChildProcess, output: string[]) {
    this.url = url;
    this.api = new ApiClient(url);
    this.#child = child;
    this.#output = output;
  }

  /** Starts an engine in the folder and logs in as its administrator. */
  static async start(folder: TestFolder, run: EngineRun = {}): Promise<TestEngine> {
    const child = spawnEngine(folder, run);
    const output: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    createInterface({ input: child.stderr! }).on('line', (line) => output.push(line));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      output.push(line);
      const url = /^Atalaya is ready at (http:\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the engine exited with ${code}:\n${output.join('\n')}`)));
    const timer = setTimeout(() => reject(new Error(`the engine is not ready:\n${output.join('\n')}`)), READY_LIMIT_MS);
    try {
      const engine = new TestEngine(await promise, child, output);
      if (run.isSetUp !== false) await engine.api.logIn('admin', ADMIN_PASSWORD);
      return engine;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it wrote to standard output and error, a line each. */
  get output(): readonly string[] {
    return this.#output;
  }

  /** As when the terminal is closed, or the reader of a pipe ends. */
  stopReadingOutput(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }> {
    const sentMs = performance.now();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill(signal);
      await exited;
    }
    return { code: this.#child.exitCode, tookMs: performance.now() - sentMs };
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
  }
}

/** An engine that is expected to exit by itself. */
export async function runEngineToEnd(folder: TestFolder, run: EngineRun = {}) {
  const child = spawnEngine(folder, run);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function spawnEngine(folder: TestFolder, { args, env, isSetUp }: EngineRun): ChildProcess {
  return spawn(process.execPath, [HEADLESS, ...(args ?? ['--port', '0'])], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder.path,
      ATALAYA_DATA_DIR: folder.dataDir,
      ...(isSetUp !== false && { ATALAYA_ADMIN_PASSWORD: ADMIN_PASSWORD }),
      ATALAYA_FFMPEG: FFMPEG,
      ...folder.env,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The project's own cameras, inside the test's process: it can make them fail. */
export async function startCameras(cameras: CameraOptions[]): Promise<CameraSimulator> {
  const simulator = new CameraSimulator({ port: 0, ffmpegPath: FFMPEG, cacheDir: CLIP_CACHE, cameras });
  await simulator.start();
  return simulator;
}

/** Asks again until the answer is there, and gives it back; throws with `what` when it does not come in time. */
export async function waitFor<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false> | Value | undefined | false,
  limitMs = 30_000,
): Promise<Value> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
