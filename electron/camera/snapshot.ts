import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import { videoOnlyInit } from '../mp4/init-segment.ts';
import { snapshotArguments } from './ffmpeg-arguments.ts';
import type { LiveTap } from './live-tap.ts';

/** Decoding one key frame takes some 0.2 s; more means that it cannot be decoded. */
const DECODE_LIMIT_MS = 6_000;
/** Tiles, notifications and tests ask at the same time; a picture this old is still the latest. */
const FRESH_MS = 1_000;

/** JPEGs of a stream's latest key frame. Requests at the same time share one FFmpeg. */
export class Snapshot {
  readonly #ffmpegPath: string;
  readonly #monotonicMs: () => number;
  #latest: { atMs: number; jpeg: Promise<Buffer> } | undefined;

  constructor(ffmpegPath: string, monotonicMs: () => number) {
    this.#ffmpegPath = ffmpegPath;
    this.#monotonicMs = monotonicMs;
  }

  /** Rejects with FfmpegError when the picture cannot be decoded. */
  take(keyFrame: NonNullable<LiveTap['keyFrame']>): Promise<Buffer> {
    const nowMs = this.#monotonicMs();
    if (this.#latest !== undefined && nowMs - this.#latest.atMs < FRESH_MS) return this.#latest.jpeg;
    const jpeg = this.#decode(keyFrame);
    const latest = { atMs: nowMs, jpeg };
    this.#latest = latest;
    // A failure is not kept; the caller hears of it.
    jpeg.catch(() => {
      if (this.#latest === latest) this.#latest = undefined;
    });
    return jpeg;
  }

  async #decode({ configuration, fragment }: NonNullable<LiveTap['keyFrame']>): Promise<Buffer> {
    const { stdout } = await runFfmpeg({
      ffmpegPath: this.#ffmpegPath,
      args: snapshotArguments(),
      stdin: Buffer.concat([videoOnlyInit(configuration.init).bytes, fragment.bytes]),
      timeLimitMs: DECODE_LIMIT_MS,
    });
    if (stdout.length === 0) throw new Error('the key frame gives no picture');
    return stdout;
  }
}
