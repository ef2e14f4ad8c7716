import type { FastifyRequest } from 'fastify';
import { RefusedError } from '../contract/refused-error.ts';
import type { App } from './app.ts';
import { SESSION_COOKIE, type ActiveSession, type Sessions } from './sessions.ts';

/**
 * Refuses every request of this scope that has no session, unknown addresses included, unless the route says
 * `config: { public: true }`.
 */
export function addAuthorisation(api: App, sessions: Sessions): void {
  api.addHook('onRequest', (request, _reply, done) => {
    request.session = sessionOf(request, sessions) ?? null;
    if (request.session === null && request.routeOptions.config.public !== true) {
      done(new RefusedError('unauthenticated', 'Log in first.'));
    } else {
      done();
    }
  });
}

/** The session that the hook has found; for routes which are not public. */
export function requireSession(request: FastifyRequest): ActiveSession {
  if (request.session === null) throw new RefusedError('unauthenticated', 'Log in first.');
  return request.session;
}

export function sessionOf(request: FastifyRequest, sessions: Sessions): ActiveSession | undefined {
  const token = request.cookies[SESSION_COOKIE];
  return token === undefined ? undefined : sessions.find(token);
}
