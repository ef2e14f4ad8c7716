import type { CameraFootage } from '../contract/camera.ts';
import type { Store } from './store.ts';

/** What the index of recordings needs to know of a camera, also of one whose footage is still being deleted. */
export interface CameraLife {
  cameraKey: number;
  id: string;
  name: string;
  createdMs: number;
  removedMs: number | null;
}

export function cameraLives(store: Store): CameraLife[] {
  return store.all(
    store.db.selectFrom('cameras').select(['cameraKey', 'id', 'name', 'createdMs', 'removedMs']).orderBy('cameraKey'),
  );
}

export function cameraLife(store: Store, cameraId: string): CameraLife | undefined {
  return store.first(
    store.db
      .selectFrom('cameras')
      .select(['cameraKey', 'id', 'name', 'createdMs', 'removedMs'])
      .where('id', '=', cameraId),
  );
}

/** From now on the camera is shown to nobody; its rows go once its footage is gone. */
export function markCameraRemoved(store: Store, cameraId: string, removedMs: number): boolean {
  const query = store.db.updateTable('cameras').set({ removedMs, credentials: null }).where('id', '=', cameraId);
  return store.run(query.where('removedMs', 'is', null)).changes > 0;
}

/** Deletes what is left of a camera that has no segments any more. */
export function forgetCamera(store: Store, cameraKey: number): void {
  store.transaction(() => {
    for (const table of ['gaps', 'coverageMinutes', 'coverageHours', 'coverageDays', 'cameras'] as const) {
      store.run(store.db.deleteFrom(table).where('cameraKey', '=', cameraKey));
    }
  });
}

/** Closed segments of a camera, all streams. */
export function cameraFootage(store: Store, cameraKey: number): CameraFootage {
  const sums = store.first(
    store.db
      .selectFrom('coverageDays')
      .select((of) => [
        of.fn.sum<number | null>('segments').as('segments'),
        of.fn.sum<number | null>('bytes').as('bytes'),
      ])
      .where('cameraKey', '=', cameraKey),
  );
  const edges = store.first(
    store.db
      .selectFrom('segments')
      .select((of) => [of.fn.min('startMs').as('fromMs')])
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', 0),
  );
  const last = store.first(
    store.db
      .selectFrom('segments')
      .select('endMs')
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', 0)
      .orderBy('startMs', 'desc')
      .limit(1),
  );
  return {
    segments: sums?.segments ?? 0,
    bytes: sums?.bytes ?? 0,
    ...(edges?.fromMs != null && { fromMs: edges.fromMs }),
    ...(last !== undefined && { toMs: last.endMs }),
  };
}

/** Bytes of all segments that begin on days from fromDay (days since 1970) on. */
export function bytesSinceDay(store: Store, cameraKey: number, fromDay: number): { day: number; bytes: number }[] {
  return store.all(
    store.db
      .selectFrom('coverageDays')
      .select(['day', 'bytes'])
      .where('cameraKey', '=', cameraKey)
      .where('day', '>=', fromDay)
      .orderBy('day'),
  );
}
