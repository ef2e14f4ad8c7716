import type { Selectable } from 'kysely';
import type { AppRunsTable } from './schema.ts';
import type { Store } from './store.ts';

export type AppRun = Selectable<AppRunsTable>;

/** How many runs are remembered: a year of daily restarts. Only the last one matters. */
const KEPT_RUNS = 400;

export function lastAppRun(store: Store): AppRun | undefined {
  return store.first(store.db.selectFrom('appRuns').selectAll().orderBy('appRunKey', 'desc').limit(1));
}

export function beginAppRun(store: Store, startedMs: number): number {
  const { lastInsertRowid } = store.run(
    store.db.insertInto('appRuns').values({ startedMs, heartbeatMs: startedMs, stoppedMs: null }),
  );
  store.run(store.db.deleteFrom('appRuns').where('appRunKey', '<=', lastInsertRowid - KEPT_RUNS));
  return lastInsertRowid;
}

export function beatAppRun(store: Store, appRunKey: number, heartbeatMs: number): void {
  store.relaxed(() =>
    store.run(store.db.updateTable('appRuns').set({ heartbeatMs }).where('appRunKey', '=', appRunKey)),
  );
}

export function endAppRun(store: Store, appRunKey: number, stoppedMs: number): void {
  store.run(
    store.db.updateTable('appRuns').set({ stoppedMs, heartbeatMs: stoppedMs }).where('appRunKey', '=', appRunKey),
  );
}
