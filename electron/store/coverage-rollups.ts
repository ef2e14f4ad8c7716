import type { Store } from './store.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

const HOURS_A_DAY = 24;
const MINUTES_A_DAY = 1440;

export interface CoveredRange {
  startMs: number;
  endMs: number;
}

/** Adds recorded time to the rollups of a camera, or takes it away. Call within the segment's transaction. */
export function changeCoverage(store: Store, cameraKey: number, range: CoveredRange, sign: 1 | -1): void {
  for (let day = Math.floor(range.startMs / DAY_MS); day * DAY_MS < range.endMs; day++) {
    changeDay(store, cameraKey, day, range, sign);
  }
}

/** Adds a segment's bytes to the day it begins on, or takes them away. */
export function changeDayBytes(store: Store, cameraKey: number, startMs: number, bytes: number, sign: 1 | -1): void {
  const day = Math.floor(startMs / DAY_MS);
  ensureDay(store, cameraKey, day);
  store.run(
    store.db
      .updateTable('coverageDays')
      .set((of) => ({ bytes: of('bytes', '+', sign * bytes), segments: of('segments', '+', sign as number) }))
      .where('cameraKey', '=', cameraKey)
      .where('day', '=', day),
  );
  dropEmptyDay(store, cameraKey, day);
}

function changeDay(store: Store, cameraKey: number, day: number, range: CoveredRange, sign: 1 | -1): void {
  ensureDay(store, cameraKey, day);
  ensureMinutes(store, cameraKey, day);
  const dayStartMs = day * DAY_MS;
  const startMs = Math.max(range.startMs - dayStartMs, 0);
  const endMs = Math.min(range.endMs - dayStartMs, DAY_MS);
  const row = store.first(
    store.db
      .selectFrom('coverageDays')
      .innerJoin('coverageMinutes', (join) =>
        join
          .onRef('coverageMinutes.cameraKey', '=', 'coverageDays.cameraKey')
          .onRef('coverageMinutes.day', '=', 'coverageDays.day'),
      )
      .select(['coveredMs', 'hours', 'minutes'])
      .where('coverageDays.cameraKey', '=', cameraKey)
      .where('coverageDays.day', '=', day),
  );
  if (row === undefined) throw new Error('a coverage day without its minutes');
  const coveredMs = row.coveredMs + sign * (endMs - startMs);
  forEachBucket(startMs, endMs, HOUR_MS, (hour, ms) => {
    row.hours.writeUInt32LE(row.hours.readUInt32LE(hour * 4) + sign * ms, hour * 4);
  });
  forEachBucket(startMs, endMs, MINUTE_MS, (minute, ms) => {
    row.minutes.writeUInt16LE(row.minutes.readUInt16LE(minute * 2) + sign * ms, minute * 2);
  });
  const { db } = store;
  store.run(
    db
      .updateTable('coverageDays')
      .set({ coveredMs, hours: row.hours })
      .where('cameraKey', '=', cameraKey)
      .where('day', '=', day),
  );
  store.run(
    coveredMs === 0
      ? db.deleteFrom('coverageMinutes').where('cameraKey', '=', cameraKey).where('day', '=', day)
      : db
          .updateTable('coverageMinutes')
          .set({ minutes: row.minutes })
          .where('cameraKey', '=', cameraKey)
          .where('day', '=', day),
  );
  if (coveredMs === 0) dropEmptyDay(store, cameraKey, day);
}

function dropEmptyDay(store: Store, cameraKey: number, day: number): void {
  store.run(
    store.db
      .deleteFrom('coverageDays')
      .where('cameraKey', '=', cameraKey)
      .where('day', '=', day)
      .where('segments', '=', 0)
      .where('coveredMs', '=', 0),
  );
}

function ensureDay(store: Store, cameraKey: number, day: number): void {
  store.run(
    store.db
      .insertInto('coverageDays')
      .values({ cameraKey, day, coveredMs: 0, bytes: 0, segments: 0, hours: Buffer.alloc(HOURS_A_DAY * 4) })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

function ensureMinutes(store: Store, cameraKey: number, day: number): void {
  store.run(
    store.db
      .insertInto('coverageMinutes')
      .values({ cameraKey, day, minutes: Buffer.alloc(MINUTES_A_DAY * 2) })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

/** Calls back with each bucket that [startMs, endMs) touches and how much of it. */
function forEachBucket(startMs: number, endMs: number, bucketMs: number, visit: (index: number, ms: number) => void) {
  for (let index = Math.floor(startMs / bucketMs); index * bucketMs < endMs; index++) {
    visit(index, Math.min(endMs, (index + 1) * bucketMs) - Math.max(startMs, index * bucketMs));
  }
}
