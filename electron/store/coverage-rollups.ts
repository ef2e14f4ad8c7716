import type { Store } from './store.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Hours are packed by this many days, so that a year of a camera is a dozen rows. */
export const PERIOD_DAYS = 32;

const HOURS_BYTES = PERIOD_DAYS * 24 * 4;
const MINUTES_BYTES = 1440 * 2;

export interface CoveredRange {
  startMs: number;
  endMs: number;
}

/** Adds recorded time to the rollups of a camera, or takes it away. Call within the segment's transaction. */
export function changeCoverage(store: Store, cameraKey: number, range: CoveredRange, sign: 1 | -1): void {
  for (const part of splitAt(range, DAY_MS)) {
    changeDay(store, cameraKey, part, sign);
    changeMinutes(store, cameraKey, part, sign);
  }
  for (const part of splitAt(range, PERIOD_DAYS * DAY_MS)) changeHours(store, cameraKey, part, sign);
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

function changeDay(store: Store, cameraKey: number, part: RangePart, sign: 1 | -1): void {
  const day = part.index;
  ensureDay(store, cameraKey, day);
  store.run(
    store.db
      .updateTable('coverageDays')
      .set((of) => ({ coveredMs: of('coveredMs', '+', sign * (part.endMs - part.startMs)) }))
      .where('cameraKey', '=', cameraKey)
      .where('day', '=', day),
  );
  dropEmptyDay(store, cameraKey, day);
}

function changeMinutes(store: Store, cameraKey: number, part: RangePart, sign: 1 | -1): void {
  const { db } = store;
  const day = part.index;
  const known = store.first(
    db.selectFrom('coverageMinutes').select('minutes').where('cameraKey', '=', cameraKey).where('day', '=', day),
  );
  const minutes = known?.minutes ?? Buffer.alloc(MINUTES_BYTES);
  for (const { index, startMs, endMs } of splitAt(part, MINUTE_MS)) {
    minutes.writeUInt16LE(minutes.readUInt16LE(index * 2) + sign * (endMs - startMs), index * 2);
  }
  if (isZero(minutes)) {
    store.run(db.deleteFrom('coverageMinutes').where('cameraKey', '=', cameraKey).where('day', '=', day));
  } else {
    store.run(
      db
        .insertInto('coverageMinutes')
        .values({ cameraKey, day, minutes })
        .onConflict((conflict) => conflict.columns(['cameraKey', 'day']).doUpdateSet({ minutes })),
    );
  }
}

function changeHours(store: Store, cameraKey: number, part: RangePart, sign: 1 | -1): void {
  const { db } = store;
  const period = part.index;
  const known = store.first(
    db.selectFrom('coverageHours').select('hours').where('cameraKey', '=', cameraKey).where('period', '=', period),
  );
  const hours = known?.hours ?? Buffer.alloc(HOURS_BYTES);
  for (const { index, startMs, endMs } of splitAt(part, HOUR_MS)) {
    hours.writeUInt32LE(hours.readUInt32LE(index * 4) + sign * (endMs - startMs), index * 4);
  }
  if (isZero(hours)) {
    store.run(db.deleteFrom('coverageHours').where('cameraKey', '=', cameraKey).where('period', '=', period));
  } else {
    store.run(
      db
        .insertInto('coverageHours')
        .values({ cameraKey, period, hours })
        .onConflict((conflict) => conflict.columns(['cameraKey', 'period']).doUpdateSet({ hours })),
    );
  }
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
      .values({ cameraKey, day, coveredMs: 0, bytes: 0, segments: 0 })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

/** A part of a range that lies in unit `index`; its times count from the unit's beginning. */
interface RangePart extends CoveredRange {
  index: number;
}

function* splitAt({ startMs, endMs }: CoveredRange, unitMs: number): Generator<RangePart> {
  for (let index = Math.floor(startMs / unitMs); index * unitMs < endMs; index++) {
    const unitStartMs = index * unitMs;
    yield {
      index,
      startMs: Math.max(startMs - unitStartMs, 0),
      endMs: Math.min(endMs - unitStartMs, unitMs),
    };
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
