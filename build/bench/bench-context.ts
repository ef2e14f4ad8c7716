import type { BenchOptions } from './bench-options.ts';

/** What a bench is run with. */
export interface BenchContext {
  options: BenchOptions;
  ffmpegPath: string;
  /** Undefined where there is none: pictures on screen are then not measured. */
  chromiumPath: string | undefined;
  /** A copy of Node which only what is measured runs on. */
  nodePath: string;
  /** dist/, as it is shipped. */
  distDir: string;
  /** Removed after the run. */
  workDir: string;
  /** Says what goes on, on the terminal. */
  say(line: string): void;
}
