import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The bare-metal line: one `ffmpeg -c copy -f segment` per camera, nothing else. */
export class BareRecorder {
  readonly #children: ChildProcess[];

  constructor(ffmpegPath: string, urls: readonly string[], dir: string) {
    this.#children = urls.map((url, at) => {
      const folder = join(dir, `camera-${at + 1}`);
      mkdirSync(folder, { recursive: true });
      const input = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-rtsp_transport', 'tcp', '-i', url];
      const output = ['-c', 'copy', '-f', 'segment', '-segment_time', '60', '-reset_timestamps', '1'];
      // Its last words on SIGTERM are of no interest.
      return spawn(ffmpegPath, [...input, ...output, join(folder, '%03d.mp4')], { stdio: 'ignore' });
    });
  }

  get pids(): number[] {
    return this.#children.map(({ pid }) => pid ?? 0);
  }

  async close(): Promise<void> {
    const running = this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const exits = running.map((child) => once(child, 'exit'));
    for (const child of running) child.kill('SIGTERM');
    await Promise.all(exits);
  }
}
