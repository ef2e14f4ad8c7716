import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchContext } from './bench-context.ts';

/** 1080p, 25 frames per second, 4 Mbit/s, a key frame every 2 s: the camera that the design's bounds speak of. */
const STREAM = ['--size', '1920x1080', '--fps', '25', '--kbps', '4000', '--gop', '50', '--seconds', '8', '--sei'];

/** Simulated cameras in a process of their own, whose cost is nobody's. Each frame carries its number and time. */
export class BenchCameras {
  readonly urls: readonly string[];
  readonly #child: ChildProcess;

  private constructor(urls: readonly string[], child: ChildProcess) {
    this.urls = urls;
    this.#child = child;
  }

  /** The first start makes the clips, which takes a minute. */
  static async start({ options, distDir, ffmpegPath }: BenchContext, count: number): Promise<BenchCameras> {
    const clips = ['--ffmpeg', ffmpegPath, '--cache-dir', join(options.cacheDir, 'clips')];
    const args = [join(distDir, 'simulator.js'), '--cameras', String(count), '--port', '0', ...STREAM, ...clips];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const urls: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('rtsp://')) urls.push(line);
      if (urls.length === count) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The camera simulator exited with ${code}.`)));
    await promise;
    return new BenchCameras(urls, child);
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
