import { SetupRequest } from '../contract/session.ts';
import { createAdministrator, isSetUp } from '../server/accounts.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { StartError } from './start-error.ts';

/** For unattended installs: creates `admin` with this password, unless there is a user already. */
export async function createFirstAdministrator(store: Store, clock: Clock, password: string): Promise<void> {
  if (isSetUp(store)) return;
  const request = SetupRequest.safeParse({ username: 'admin', password });
  if (!request.success) throw new StartError('ATALAYA_ADMIN_PASSWORD must have 8 to 256 characters.');
  await createAdministrator(store, clock, request.data);
}
