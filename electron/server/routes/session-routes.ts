import { z } from 'zod';
import { RefusedError } from '../../contract/refused-error.ts';
import { LoginRequest, PasswordChange, Session } from '../../contract/session.ts';
import type { Store } from '../../store/store.ts';
import { authenticate, changePassword, isSetUp } from '../accounts.ts';
import type { App } from '../app.ts';
import { requireSession } from '../authorise.ts';
import type { LoginThrottle } from '../login-throttle.ts';
import { TooManyAttemptsError } from '../problem-reply.ts';
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts';
import type { Sessions } from '../sessions.ts';

/** Log in, log out, who am I, change the password. */
export function addSessionRoutes(app: App, store: Store, sessions: Sessions, throttle: LoginThrottle): void {
  app.get(
    '/session',
    {
      config: { public: true },
      schema: {
        summary: 'Who is logged in, and whether the set-up is still to be done',
        tags: ['session'],
        response: { 200: Session },
      },
    },
    (request) => ({
      setupNeeded: !isSetUp(store),
      ...(request.session === null ? {} : { user: request.session.user }),
    }),
  );

  app.post(
    '/session',
    {
      config: { public: true, rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        summary: 'Log in',
        description: 'Sets the session cookie. Repeated failures must wait longer each time (429, Retry-After).',
        tags: ['session'],
        body: LoginRequest,
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      const { username } = request.body;
      const waitMs = throttle.attempt(request.ip, username);
      if (waitMs > 0) throw new TooManyAttemptsError(waitMs);
      const user = await authenticate(store, request.body);
      if (user === undefined) {
        // Not the name: people type passwords into that field.
        request.log.warn({ address: request.ip }, 'login refused');
        throw new RefusedError('unauthenticated', 'Wrong user name or password.');
      }
      throttle.succeeded(request.ip, username);
      // The browser changes over to the new session; the old one must not live on unseen.
      if (request.session !== null) sessions.revoke(request.session);
      setSessionCookie(request, reply, sessions.open(user, request.headers['user-agent']));
      request.log.info({ username: user.username, address: request.ip }, 'logged in');
      return { setupNeeded: false, user };
    },
  );

  app.delete(
    '/session',
    {
      config: { public: true },
      schema: {
        summary: 'Log out',
        description: 'Ends the session and closes its WebSockets.',
        tags: ['session'],
        response: { 204: z.undefined() },
      },
    },
    (request, reply) => {
      if (request.session !== null) sessions.revoke(request.session);
      clearSessionCookie(request, reply);
      return reply.code(204).send();
    },
  );

  app.put(
    '/session/password',
    {
      schema: {
        summary: 'Change the own password',
        description: 'Ends all other sessions of the user.',
        tags: ['session'],
        body: PasswordChange,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const session = requireSession(request);
      const waitMs = throttle.attempt(request.ip, session.user.username);
      if (waitMs > 0) throw new TooManyAttemptsError(waitMs);
      if (!(await changePassword(store, session.user.id, request.body))) {
        throw new RefusedError('forbidden', 'The current password is wrong. Nothing was changed.');
      }
      throttle.succeeded(request.ip, session.user.username);
      sessions.revokeOthers(session);
      request.log.info({ username: session.user.username }, 'password changed');
      return reply.code(204).send();
    },
  );
}
