import type { Store } from './store.ts';

/** The value of a setting as it was written; undefined when it never was. The caller validates it. */
export function readSetting(store: Store, key: string): unknown {
  const row = store.first(store.db.selectFrom('settings').select('value').where('key', '=', key));
  return row === undefined ? undefined : (JSON.parse(row.value) as unknown);
}

/** @param value anything that JSON can hold */
export function writeSetting(store: Store, key: string, value: unknown): void {
  const text = JSON.stringify(value);
  store.run(
    store.db
      .insertInto('settings')
      .values({ key, value: text })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text })),
  );
}
