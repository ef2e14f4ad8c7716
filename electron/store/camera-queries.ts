import type { Selectable } from 'kysely';
import type { CamerasTable } from './schema.ts';
import type { Store } from './store.ts';

export type CameraRow = Selectable<CamerasTable>;

/** What the user set; the rest of the row is the store's own. */
export type CameraSettings = Pick<
  CameraRow,
  'name' | 'enabled' | 'url' | 'subUrl' | 'transport' | 'recordingMode' | 'credentials'
>;

/** Cameras in the order of lists, without those that were removed. */
export function listCameraRows(store: Store): CameraRow[] {
  return store.all(
    store.db.selectFrom('cameras').selectAll().where('removedMs', 'is', null).orderBy('position').orderBy('cameraKey'),
  );
}

/** Adds a camera at the end of the list. */
export function insertCamera(store: Store, id: string, createdMs: number, settings: CameraSettings): CameraRow {
  return store.transaction(() => {
    const last = store.first(store.db.selectFrom('cameras').select((of) => of.fn.max('position').as('position')));
    const position = (last?.position ?? 0) + 1;
    const row = store.first(
      store.db
        .insertInto('cameras')
        .values({ ...settings, id, createdMs, position, removedMs: null })
        .returningAll(),
    );
    if (row === undefined) throw new Error('the inserted camera was not returned');
    return row;
  });
}

export function updateCamera(store: Store, id: string, settings: CameraSettings): void {
  store.run(store.db.updateTable('cameras').set(settings).where('id', '=', id));
}
