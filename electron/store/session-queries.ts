import type { SessionsTable, UsersTable } from './schema.ts';
import type { Store } from './store.ts';

export interface SessionWithUser {
  lastUsedMs: number;
  user: Pick<UsersTable, 'id' | 'username' | 'role'>;
}

export function insertSession(store: Store, session: SessionsTable): void {
  store.run(store.db.insertInto('sessions').values(session));
}

/** The session of that token hash and its user, unless it has expired. */
export function findSession(store: Store, tokenHash: Buffer, nowMs: number): SessionWithUser | undefined {
  const row = store.first(
    store.db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.userId')
      .select(['sessions.lastUsedMs', 'users.id', 'users.username', 'users.role'])
      .where('sessions.tokenHash', '=', tokenHash)
      .where('sessions.expiresMs', '>', nowMs),
  );
  if (row === undefined) return undefined;
  const { lastUsedMs, ...user } = row;
  return { lastUsedMs, user };
}

/** Written without waiting for the disk: at worst a power cut forgets the last hour of use. */
export function extendSession(store: Store, tokenHash: Buffer, lastUsedMs: number, expiresMs: number): void {
  store.relaxed(() =>
    store.run(store.db.updateTable('sessions').set({ lastUsedMs, expiresMs }).where('tokenHash', '=', tokenHash)),
  );
}

export function deleteSession(store: Store, tokenHash: Buffer): void {
  store.run(store.db.deleteFrom('sessions').where('tokenHash', '=', tokenHash));
}

/** Deletes all sessions of the user but one; returns the token hashes of those deleted. */
export function deleteOtherSessions(store: Store, userId: string, keptTokenHash: Buffer): Buffer[] {
  return store
    .all(
      store.db
        .deleteFrom('sessions')
        .where('userId', '=', userId)
        .where('tokenHash', '!=', keptTokenHash)
        .returning('tokenHash'),
    )
    .map((row) => row.tokenHash);
}

/** Deletes what has expired; returns the token hashes of those deleted. */
export function deleteExpiredSessions(store: Store, nowMs: number): Buffer[] {
  return store
    .all(store.db.deleteFrom('sessions').where('expiresMs', '<=', nowMs).returning('tokenHash'))
    .map((row) => row.tokenHash);
}
