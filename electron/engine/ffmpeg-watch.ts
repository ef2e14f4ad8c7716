import type { FoundFfmpeg, MissingFfmpeg } from '../../native/ffmpeg-path.ts';

export type FfmpegLookup = FoundFfmpeg | MissingFfmpeg;

/** How soon recording begins after the user has installed what was missing. */
const LOOK_AGAIN_EVERY_MS = 30_000;

/** Looks for FFmpeg, and goes on looking while it is missing. */
export class FfmpegWatch {
  readonly #look: () => Promise<FfmpegLookup>;
  readonly #onFound: (ffmpeg: FoundFfmpeg) => void;
  #current: FfmpegLookup | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(look: () => Promise<FfmpegLookup>, onFound: (ffmpeg: FoundFfmpeg) => void) {
    this.#look = look;
    this.#onFound = onFound;
  }

  /** The result of the last look. Only after `start`. */
  get current(): FfmpegLookup {
    if (this.#current === undefined) throw new Error('nobody has looked for FFmpeg yet');
    return this.#current;
  }

  /** Looks once; `onFound` is called for what is found later only. */
  async start(): Promise<FfmpegLookup> {
    this.#current = await this.#look();
    if (this.#current.kind === 'missing') {
      this.#timer = setInterval(() => void this.#lookAgain(), LOOK_AGAIN_EVERY_MS);
    }
    return this.#current;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #lookAgain(): Promise<void> {
    const ffmpeg = await this.#look();
    // Closed meanwhile, or found by the look before this one.
    if (this.#timer === undefined) return;
    this.#current = ffmpeg;
    if (ffmpeg.kind === 'missing') return;
    this.close();
    this.#onFound(ffmpeg);
  }
}
