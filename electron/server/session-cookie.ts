import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from './sessions.ts';

/** The longest that browsers keep a cookie. The server's own expiry is what counts. */
const COOKIE_SECONDS = 400 * 86_400;

/** Strict: no other site's link or form carries it. Secure once the connection is. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, { ...attributesOf(request), maxAge: COOKIE_SECONDS });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, attributesOf(request));
}

function attributesOf(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}
