import type { Selectable } from 'kysely';
import type { GapsTable } from './schema.ts';
import type { Store } from './store.ts';

export type GapRow = Selectable<GapsTable>;

export function insertGap(store: Store, gap: Omit<GapRow, 'gapKey'>): void {
  store.run(store.db.insertInto('gaps').values(gap));
}

export function updateGap(store: Store, gapKey: number, change: Partial<Omit<GapRow, 'gapKey'>>): void {
  store.run(store.db.updateTable('gaps').set(change).where('gapKey', '=', gapKey));
}

export function deleteGap(store: Store, gapKey: number): void {
  store.run(store.db.deleteFrom('gaps').where('gapKey', '=', gapKey));
}

/** The gap that still lasts. */
export function lastingGap(store: Store, cameraKey: number): GapRow | undefined {
  return store.first(
    store.db.selectFrom('gaps').selectAll().where('cameraKey', '=', cameraKey).where('endMs', 'is', null),
  );
}

/** The last gap that begins before beforeMs. */
export function gapBefore(store: Store, cameraKey: number, beforeMs: number): GapRow | undefined {
  return store.first(
    store.db
      .selectFrom('gaps')
      .selectAll()
      .where('cameraKey', '=', cameraKey)
      .where('startMs', '<', beforeMs)
      .orderBy('startMs', 'desc')
      .limit(1),
  );
}

export function gapStartingAt(store: Store, cameraKey: number, startMs: number): GapRow | undefined {
  return store.first(
    store.db.selectFrom('gaps').selectAll().where('cameraKey', '=', cameraKey).where('startMs', '=', startMs),
  );
}

/** Gaps that touch [fromMs, toMs), ascending; at least shortestMs long where that is given. */
export function gapsInRange(store: Store, cameraKey: number, fromMs: number, toMs: number, shortestMs = 0): GapRow[] {
  const before = gapBefore(store, cameraKey, fromMs);
  const touchesBefore = before !== undefined && (before.endMs === null || before.endMs > fromMs);
  return store.all(
    store.db
      .selectFrom('gaps')
      .selectAll()
      .where('cameraKey', '=', cameraKey)
      .where('startMs', '>=', touchesBefore ? before.startMs : fromMs)
      .where('startMs', '<', toMs)
      .where((of) => of.or([of('endMs', 'is', null), of(of('endMs', '-', of.ref('startMs')), '>=', shortestMs)]))
      .orderBy('startMs'),
  );
}

/** End of the last gap that has one. */
export function lastGapEnd(store: Store, cameraKey: number): number | undefined {
  const row = store.first(
    store.db
      .selectFrom('gaps')
      .select('endMs')
      .where('cameraKey', '=', cameraKey)
      .where('endMs', 'is not', null)
      .orderBy('startMs', 'desc')
      .limit(1),
  );
  return row?.endMs ?? undefined;
}
