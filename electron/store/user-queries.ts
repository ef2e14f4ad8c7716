import type { UsersTable } from './schema.ts';
import type { Store } from './store.ts';

export function hasUsers(store: Store): boolean {
  return store.first(store.db.selectFrom('users').select('id').limit(1)) !== undefined;
}

/** Inserts the first user of an installation; false, and nothing is written, when there is one already. */
export function insertFirstUser(store: Store, user: UsersTable): boolean {
  return store.transaction(() => {
    if (hasUsers(store)) return false;
    store.run(store.db.insertInto('users').values(user));
    return true;
  });
}

/** Whatever the case of its letters. */
export function findUserByName(store: Store, username: string): UsersTable | undefined {
  return store.first(store.db.selectFrom('users').selectAll().where('username', '=', username));
}

export function findUserById(store: Store, id: string): UsersTable | undefined {
  return store.first(store.db.selectFrom('users').selectAll().where('id', '=', id));
}

export function firstAdministrator(store: Store): UsersTable | undefined {
  return store.first(
    store.db.selectFrom('users').selectAll().where('role', '=', 'administrator').orderBy('createdMs').limit(1),
  );
}

export function updatePasswordHash(store: Store, userId: string, passwordHash: string): void {
  store.run(store.db.updateTable('users').set({ passwordHash }).where('id', '=', userId));
}
