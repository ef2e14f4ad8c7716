import { v7 as uuidv7 } from 'uuid';
import { RefusedError } from '../contract/refused-error.ts';
import type { Store } from '../store/store.ts';
import {
  findUserById,
  findUserByName,
  firstAdministrator,
  hasUsers,
  insertFirstUser,
  updatePasswordHash,
} from '../store/user-queries.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { Clock } from './ports.ts';
import type { SessionUser } from './sessions.ts';

/**
 * Creates the first administrator, also for unattended installs.
 *
 * @throws {RefusedError} `already-set-up` when there is a user already; of two calls at once one succeeds.
 */
export async function createAdministrator(
  store: Store,
  clock: Clock,
  credentials: { username: string; password: string },
): Promise<SessionUser> {
  // Before the hash is computed, so that a repeated request costs nothing; the insert decides.
  if (hasUsers(store)) throw alreadySetUp();
  const user = {
    id: uuidv7(),
    username: credentials.username,
    passwordHash: await hashPassword(credentials.password),
    role: 'administrator' as const,
    createdMs: clock.nowMs(),
  };
  if (!insertFirstUser(store, user)) throw alreadySetUp();
  return { id: user.id, username: user.username, role: user.role };
}

/** The user of that name and password, or undefined; both answers take the same work. */
export async function authenticate(
  store: Store,
  credentials: { username: string; password: string },
): Promise<SessionUser | undefined> {
  const user = findUserByName(store, credentials.username);
  if (!(await verifyPassword(user?.passwordHash, credentials.password)) || user === undefined) return undefined;
  return { id: user.id, username: user.username, role: user.role };
}

/** False, and nothing is changed, when the current password is wrong. */
export async function changePassword(
  store: Store,
  userId: string,
  change: { currentPassword: string; newPassword: string },
): Promise<boolean> {
  const user = findUserById(store, userId);
  if (!(await verifyPassword(user?.passwordHash, change.currentPassword))) return false;
  updatePasswordHash(store, userId, await hashPassword(change.newPassword));
  return true;
}

/** Whom the desktop window logs in as; undefined before the set-up. */
export function desktopUser(store: Store): SessionUser | undefined {
  const user = firstAdministrator(store);
  return user === undefined ? undefined : { id: user.id, username: user.username, role: user.role };
}

export function isSetUp(store: Store): boolean {
  return hasUsers(store);
}

function alreadySetUp(): RefusedError {
  return new RefusedError('already-set-up', 'Atalaya is set up already. Log in instead.');
}
