import { RefusedError } from '../../contract/refused-error.ts';
import { Session, SetupRequest } from '../../contract/session.ts';
import type { Store } from '../../store/store.ts';
import { createAdministrator } from '../accounts.ts';
import type { App } from '../app.ts';
import type { Clock } from '../ports.ts';
import { isLoopback } from '../request-guard.ts';
import { setSessionCookie } from '../session-cookie.ts';
import type { Sessions } from '../sessions.ts';

/** `POST /setup`: the first administrator, from this machine only, who is logged in at once. */
export function addSetupRoutes(app: App, store: Store, clock: Clock, sessions: Sessions): void {
  app.post(
    '/setup',
    {
      config: { public: true, rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: {
        summary: 'Create the first administrator',
        description: 'From this machine only. 409 once an administrator exists. Logs in.',
        tags: ['session'],
        body: SetupRequest,
        response: { 201: Session },
      },
    },
    async (request, reply) => {
      // A proxy on this machine would make the whole network look local.
      const isProxied = 'forwarded' in request.headers || 'x-forwarded-for' in request.headers;
      if (!isLoopback(request.socket.remoteAddress ?? '') || isProxied) {
        throw new RefusedError('forbidden', 'Atalaya can be set up only on the machine that it runs on.');
      }
      const user = await createAdministrator(store, clock, request.body);
      setSessionCookie(request, reply, sessions.open(user, request.headers['user-agent']));
      request.log.info({ username: user.username }, 'administrator created');
      return reply.code(201).send({ setupNeeded: false, user });
    },
  );
}
