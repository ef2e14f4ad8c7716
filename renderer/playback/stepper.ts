import type { Shown } from './picture.ts';

interface StepperOptions {
  /** Shows a moment on every picture; answers once all of them have done what they can. */
  show: (atMs: number) => Promise<Shown[]>;
  onPosition: (atMs: number) => void;
  /** No picture has footage of this moment. */
  onGap: (atMs: number) => void;
  /** The latest moment that can be shown was reached. */
  onLatest: () => void;
  latestMs: () => number;
}

/** So that pictures which fail at once do not keep the page busy. */
const PAUSE_MS = 40;

/**
 * Shows single pictures, as fast as they come, where the clock would stand: for playing backward, and forward faster
 * than the browser can.
 */
export class Stepper {
  readonly #options: StepperOptions;
  #run: { fromMs: number; sinceMs: number; speed: number } | undefined;

  constructor(options: StepperOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Begins at a moment; `speed` is in wall-clock seconds per second, negative for backward. */
  start(fromMs: number, speed: number): void {
    const run = { fromMs, sinceMs: performance.now(), speed };
    this.#run = run;
    void this.#step(run);
  }

  stop(): void {
    this.#run = undefined;
  }

  async #step(run: { fromMs: number; sinceMs: number; speed: number }): Promise<void> {
    const { show, onPosition, onGap, onLatest, latestMs } = this.#options;
    while (this.#run === run) {
      const atMs = Math.round(run.fromMs + (performance.now() - run.sinceMs) * run.speed);
      if (atMs > latestMs()) {
        this.#run = undefined;
        onLatest();
        return;
      }
      const shown = await show(atMs);
      if (this.#run !== run) return;
      onPosition(atMs);
      if (shown.includes('shown')) continue;
      if (shown.length > 0 && shown.every((one) => one === 'gap')) {
        this.#run = undefined;
        onGap(atMs);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
