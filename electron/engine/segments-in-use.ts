/** Segments whose files somebody reads (an export): retention waits for them. */
export class SegmentsInUse {
  readonly #holders = new Map<string, number>();

  /** Returns the way to let go, which is safe to call twice. */
  hold(segmentIds: readonly string[]): () => void {
    for (const id of segmentIds) this.#holders.set(id, (this.#holders.get(id) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const id of segmentIds) {
        const left = (this.#holders.get(id) ?? 0) - 1;
        if (left > 0) this.#holders.set(id, left);
        else this.#holders.delete(id);
      }
    };
  }

  has(segmentId: string): boolean {
    return this.#holders.has(segmentId);
  }
}
