import type { Selectable } from 'kysely';
import type { GarbageTable } from './schema.ts';
import type { Store } from './store.ts';

export type GarbageRow = Selectable<GarbageTable>;

/** Marks a file as to be unlinked. Naming it twice is no error. */
export function insertGarbage(store: Store, garbage: Omit<GarbageRow, 'garbageKey'>): void {
  store.run(
    store.db
      .insertInto('garbage')
      .values(garbage)
      .onConflict((conflict) => conflict.doNothing()),
  );
}

/** The next files to unlink, after the given key. */
export function nextGarbage(store: Store, afterKey: number, limit: number): GarbageRow[] {
  return store.all(
    store.db.selectFrom('garbage').selectAll().where('garbageKey', '>', afterKey).orderBy('garbageKey').limit(limit),
  );
}

export function isGarbage(store: Store, path: string): boolean {
  return store.first(store.db.selectFrom('garbage').select('garbageKey').where('path', '=', path)) !== undefined;
}

export function dropGarbage(store: Store, garbageKeys: readonly number[]): void {
  store.run(store.db.deleteFrom('garbage').where('garbageKey', 'in', garbageKeys));
}

/** Bytes that will be free once all garbage is unlinked. */
export function garbageBytes(store: Store): number {
  const row = store.first(store.db.selectFrom('garbage').select((of) => of.fn.sum<number | null>('bytes').as('bytes')));
  return row?.bytes ?? 0;
}
