import type { Readable } from 'node:stream';

/** What one stream of a paced worker can ask for. */
export interface PacedReading {
  /** Somebody watches: every frame is wanted at once. */
  setHurried(hurried: boolean): void;
}

/**
 * Time between two turns. A fifth of a second of waiting is nothing to a file that is written once a second. It is no
 * multiple of any usual frame interval: so each turn finds the newest frame at another age, and some find it new, from
 * which the media clock takes the time of day.
 */
const TURN_MS = 190;
/** A new stream is read at once until the media clock is anchored on it and has seen a whole window. */
const UNPACED_MS = 6_000;
/**
 * A pipe holds about 190 kB on Linux. A turn that finds more than this may have found FFmpeg waiting for room: so fast
 * a stream is read at once until the next turn.
 */
const MOST_BYTES_A_TURN = 128 * 1024;

/**
 * Reads the frames of all streams of a worker in common turns, five a second, as long as nobody watches them: to wake
 * up for each frame of each camera is a third of a worker's work (design/performance.md).
 */
export class ReadPacer {
  readonly #turnMs: number;
  readonly #unpacedTurns: number;
  readonly #readings = new Set<Reading>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ turnMs = TURN_MS, unpacedMs = UNPACED_MS }: { turnMs?: number; unpacedMs?: number } = {}) {
    this.#turnMs = turnMs;
    this.#unpacedTurns = Math.ceil(unpacedMs / turnMs);
  }

  /** Paces a stream that has a `data` listener, until it closes. Chunks must come at once when the stream flows. */
  add(stream: Readable): PacedReading {
    const reading = new Reading(stream, this.#unpacedTurns);
    this.#readings.add(reading);
    this.#timer ??= setInterval(() => this.#turn(), this.#turnMs);
    stream.once('close', () => {
      this.#readings.delete(reading);
      if (this.#readings.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
    return reading;
  }

  #turn(): void {
    const waiting = [...this.#readings].filter((reading) => reading.begin());
    // Once the event loop has polled, all that was there has been read.
    if (waiting.length > 0) setImmediate(() => waiting.forEach((reading) => reading.rest()));
  }
}

class Reading implements PacedReading {
  readonly #stream: Readable;
  #hurried = false;
  #turnBytes = 0;
  #unpacedTurns: number;

  constructor(stream: Readable, unpacedTurns: number) {
    this.#stream = stream;
    this.#unpacedTurns = unpacedTurns;
    stream.on('data', (chunk: Buffer) => {
      this.#turnBytes += chunk.length;
    });
  }

  setHurried(hurried: boolean): void {
    this.#hurried = hurried;
    if (hurried) this.#stream.resume();
  }

  /** Lets the stream flow; returns whether it should rest after this turn. */
  begin(): boolean {
    const bytes = this.#turnBytes;
    this.#turnBytes = 0;
    // Turns before the first frame do not count: a camera may take longer than all of them to answer.
    if (bytes > 0) this.#unpacedTurns = Math.max(0, this.#unpacedTurns - 1);
    this.#stream.resume();
    return !this.#hurried && this.#unpacedTurns === 0 && bytes <= MOST_BYTES_A_TURN;
  }

  rest(): void {
    if (!this.#hurried) this.#stream.pause();
  }
}
