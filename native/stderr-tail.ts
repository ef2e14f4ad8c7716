import { redactUrls } from './redact-urls.ts';

/** Keeps the last 40 lines of what FFmpeg says, without credentials. Bounded, however much it says. */
export class StderrTail {
  readonly #lines: string[] = [];
  readonly #decoder = new TextDecoder();
  #partial = '';

  push(chunk: Uint8Array): void {
    // A progress line ends in a bare carriage return.
    const parts = (this.#partial + this.#decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/);
    this.#partial = redactUrls(parts.pop() ?? '').slice(-MAX_LINE_LENGTH);
    for (const line of parts) {
      if (line.trim() !== '') this.#lines.push(redactUrls(line).slice(0, MAX_LINE_LENGTH));
    }
    this.#lines.splice(0, this.#lines.length - MAX_LINES);
  }

  lines(): string[] {
    const partial = this.#partial.trim() === '' ? [] : [this.#partial];
    return [...this.#lines, ...partial].slice(-MAX_LINES);
  }
}

/** Enough to hold FFmpeg's description of its inputs and the errors after it. */
const MAX_LINES = 40;
const MAX_LINE_LENGTH = 2000;
