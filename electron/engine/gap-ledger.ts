import type { GapCause } from '../contract/gap.ts';
import {
  deleteGap,
  gapBefore,
  gapsInRange,
  gapStartingAt,
  insertGap,
  lastingGap,
  updateGap,
} from '../store/gap-queries.ts';
import type { GapRow } from '../store/gap-queries.ts';
import type { Store } from '../store/store.ts';

/** Why nothing is recorded. */
export interface GapReason {
  cause: GapCause;
  detail?: string | undefined;
}

/**
 * The gap rows of the cameras: where there is no coverage, there is exactly one of them.
 *
 * Every method is one step of the invariant and belongs into the transaction of what it goes with. Neighbours with the
 * same reason are one row, so the ledger stays as short as its story.
 */
export class GapLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** A gap begins at atMs and lasts. Where one lasts already, only its reason changes. */
  open(cameraKey: number, atMs: number, reason: GapReason): void {
    if (lastingGap(this.#store, cameraKey) !== undefined) {
      this.setReason(cameraKey, atMs, reason);
      return;
    }
    const before = gapBefore(this.#store, cameraKey, atMs);
    if (before?.endMs === atMs && isSameReason(before, reason)) {
      updateGap(this.#store, before.gapKey, { endMs: null });
    } else {
      insertGap(this.#store, { cameraKey, startMs: atMs, endMs: null, ...toColumns(reason) });
    }
  }

  /**
   * From atMs on the lasting gap has another reason. A new detail of the same cause (the camera refuses instead of
   * staying silent) replaces the old one: retries must not fill the ledger. Does nothing while nothing lasts.
   */
  setReason(cameraKey: number, atMs: number, reason: GapReason): void {
    const lasting = lastingGap(this.#store, cameraKey);
    if (lasting === undefined) return;
    if (lasting.cause === reason.cause) {
      const isNews = reason.detail !== undefined && reason.detail !== lasting.detail;
      if (isNews) updateGap(this.#store, lasting.gapKey, { detail: reason.detail ?? null });
      return;
    }
    if (atMs > lasting.startMs) updateGap(this.#store, lasting.gapKey, { endMs: atMs });
    else deleteGap(this.#store, lasting.gapKey);
    this.open(cameraKey, Math.max(atMs, lasting.startMs), reason);
  }

  /** [startMs, endMs) is recorded after all: gaps give way. Without endMs recording goes on, and no gap lasts. */
  cover(cameraKey: number, startMs: number, endMs = Number.MAX_SAFE_INTEGER): void {
    for (const gap of gapsInRange(this.#store, cameraKey, startMs, endMs)) {
      const gapEndMs = gap.endMs ?? Number.MAX_SAFE_INTEGER;
      const isCutOff = gapEndMs > endMs;
      if (gap.startMs < startMs) {
        updateGap(this.#store, gap.gapKey, { endMs: startMs });
        if (isCutOff) insertGap(this.#store, { ...withoutKey(gap), startMs: endMs });
      } else if (isCutOff) {
        updateGap(this.#store, gap.gapKey, { startMs: endMs });
      } else {
        deleteGap(this.#store, gap.gapKey);
      }
    }
  }

  /** Nothing is recorded in [startMs, endMs), which neither coverage nor a gap accounts for yet. */
  add(cameraKey: number, startMs: number, endMs: number, reason: GapReason): void {
    if (endMs <= startMs) return;
    const before = gapBefore(this.#store, cameraKey, startMs);
    const after = gapStartingAt(this.#store, cameraKey, endMs);
    const joinsBefore = before?.endMs === startMs && isSameReason(before, reason);
    const joinsAfter = after !== undefined && isSameReason(after, reason);
    if (joinsAfter) deleteGap(this.#store, after.gapKey);
    const lastMs = joinsAfter ? after.endMs : endMs;
    if (joinsBefore) updateGap(this.#store, before.gapKey, { endMs: lastMs });
    else insertGap(this.#store, { cameraKey, startMs, endMs: lastMs, ...toColumns(reason) });
  }
}

function isSameReason(gap: GapRow, reason: GapReason): boolean {
  return gap.cause === reason.cause && gap.detail === (reason.detail ?? null);
}

function toColumns(reason: GapReason): Pick<GapRow, 'cause' | 'detail'> {
  return { cause: reason.cause, detail: reason.detail ?? null };
}

function withoutKey({ gapKey: _gapKey, ...gap }: GapRow): Omit<GapRow, 'gapKey'> {
  return gap;
}
