import { DAY_MS, HOUR_MS, MINUTE_MS, PERIOD_DAYS } from './coverage-rollups.ts';
import { coverageInRange } from './segment-queries.ts';
import type { Store } from './store.ts';

export type CoverageLevel = 'segment' | 'minute' | 'hour';

/**
 * Calls back with recorded time of a camera's main stream within [fromMs, toMs).
 *
 * Exact at level `segment`. At the others the covered time of each unit is reported as if it lay at the unit's
 * beginning, which makes no difference to a caller whose buckets are whole units; units without a hole between them
 * come as one stretch.
 */
export function visitCoverage(
  store: Store,
  cameraKey: number,
  range: { fromMs: number; toMs: number; level: CoverageLevel },
  visit: (startMs: number, endMs: number) => void,
): void {
  const { fromMs, toMs, level } = range;
  const { db } = store;
  const firstDay = Math.floor(fromMs / DAY_MS);
  const lastDay = Math.ceil(toMs / DAY_MS);
  switch (level) {
    case 'segment':
      for (const { startMs, endMs } of coverageInRange(store, cameraKey, fromMs, toMs)) visit(startMs, endMs);
      return;
    case 'minute': {
      const minutes = db.selectFrom('coverageMinutes').select(['day', 'minutes']).where('cameraKey', '=', cameraKey);
      for (const row of store.all(minutes.where('day', '>=', firstDay).where('day', '<', lastDay))) {
        visitUnits(row.minutes, 2, row.day * DAY_MS, MINUTE_MS, visit);
      }
      return;
    }
    case 'hour': {
      const periodMs = PERIOD_DAYS * DAY_MS;
      const hours = db.selectFrom('coverageHours').select(['period', 'hours']).where('cameraKey', '=', cameraKey);
      const touched = hours
        .where('period', '>=', Math.floor(fromMs / periodMs))
        .where('period', '<', Math.ceil(toMs / periodMs));
      for (const row of store.all(touched)) visitUnits(row.hours, 4, row.period * periodMs, HOUR_MS, visit);
    }
  }
}

function visitUnits(
  counts: Buffer,
  width: 2 | 4,
  startMs: number,
  unitMs: number,
  visit: (startMs: number, endMs: number) => void,
): void {
  // A month of 16 cameras has 700,000 minutes and hardly any holes: stretches are few.
  let stretchMs = startMs;
  let stretchEndMs = startMs;
  for (let index = 0; index * width < counts.length; index++) {
    const coveredMs = width === 2 ? counts.readUInt16LE(index * 2) : counts.readUInt32LE(index * 4);
    if (coveredMs === 0) continue;
    const unitStartMs = startMs + index * unitMs;
    if (unitStartMs !== stretchEndMs) {
      if (stretchEndMs > stretchMs) visit(stretchMs, stretchEndMs);
      stretchMs = unitStartMs;
    }
    stretchEndMs = unitStartMs + coveredMs;
  }
  if (stretchEndMs > stretchMs) visit(stretchMs, stretchEndMs);
}
