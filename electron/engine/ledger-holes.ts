import { gapsInRange } from '../store/gap-queries.ts';
import { coverageInRange } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { GapLedger, GapReason } from './gap-ledger.ts';

/** Accounts for what neither a row nor a gap accounts for in [fromMs, toMs). Returns how many holes there were. */
export function fillHoles(
  store: Store,
  ledger: GapLedger,
  cameraKey: number,
  range: { fromMs: number; toMs: number },
  reason: GapReason,
): number {
  const holes = findHoles(store, cameraKey, range.fromMs, range.toMs);
  for (const hole of holes) ledger.add(cameraKey, hole.startMs, hole.endMs, reason);
  return holes.length;
}

function findHoles(store: Store, cameraKey: number, fromMs: number, toMs: number) {
  const accounted = [
    ...coverageInRange(store, cameraKey, fromMs, toMs),
    ...gapsInRange(store, cameraKey, fromMs, toMs).map((gap) => ({ ...gap, endMs: gap.endMs ?? toMs })),
  ].sort((a, b) => a.startMs - b.startMs);
  const holes: { startMs: number; endMs: number }[] = [];
  let reachedMs = fromMs;
  for (const { startMs, endMs } of accounted) {
    if (startMs > reachedMs) holes.push({ startMs: reachedMs, endMs: startMs });
    reachedMs = Math.max(reachedMs, endMs);
  }
  if (reachedMs < toMs) holes.push({ startMs: reachedMs, endMs: toMs });
  return holes;
}
