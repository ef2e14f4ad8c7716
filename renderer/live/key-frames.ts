/** Played pictures are kept this long, for a pause or a seek of the browser's own. */
const KEPT_S = 4;
/** Removing costs the decoder a little; it is done in pieces of at least this. */
const LEAST_REMOVED_S = 6;
/** Less than any frame: takes care of rounding between media time and the buffer's own clock. */
const ROUNDING_S = 0.005;

/**
 * The key frames in a source buffer, to say what may be removed from it. Removing removes up to the next key frame, and
 * everything where there is none (Media Source Extensions 3.5.7): so only what lies before a known one may go.
 */
export class KeyFrames {
  #timesS: number[] = [];

  add(timeS: number): void {
    // Media time that ran backwards: what was known no longer helps.
    if (timeS < (this.#timesS.at(-1) ?? -Infinity)) this.#timesS = [];
    this.#timesS.push(timeS);
  }

  /**
   * Up to where the buffer may be cleared while the picture stands at `currentS`; undefined while it is not worth it.
   * With `must`, whatever can go goes: the browser has no more room.
   */
  removableEndS(bufferStartS: number, currentS: number, must = false): number | undefined {
    const keptS = must ? 0 : KEPT_S;
    const timeS = this.#timesS.findLast((candidate) => candidate <= currentS - keptS);
    if (timeS === undefined) return undefined;
    this.#timesS = this.#timesS.filter((candidate) => candidate >= timeS);
    const endS = timeS - ROUNDING_S;
    return endS - bufferStartS > (must ? 0 : LEAST_REMOVED_S) ? endS : undefined;
  }
}
