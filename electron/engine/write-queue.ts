import { isTransientFailure } from '../store/database.ts';
import type { Log } from './log.ts';

/**
 * Runs steps that write to the database, in order and at once. When the database cannot take one now (its disk is
 * full), that one and all later ones wait until `retry`. A step must change memory only after its transaction, so that
 * it can be repeated.
 */
export class WriteQueue {
  readonly #log: Log;
  readonly #waiting: (() => void)[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  attempt(step: () => void): void {
    this.#waiting.push(step);
    // Others wait already, or a step asks for another one: the loop below comes to it in turn.
    if (this.#waiting.length === 1) this.retry();
  }

  retry(): void {
    for (let step = this.#waiting[0]; step !== undefined; step = this.#waiting[0]) {
      try {
        step();
      } catch (error) {
        this.#log.error({ err: error, waiting: this.#waiting.length }, 'the index could not be written');
        // What is no passing failure would fail for ever; the segment's file is indexed at the next start.
        if (isTransientFailure(error)) return;
      }
      this.#waiting.shift();
    }
  }
}
