import { createHash, randomBytes } from 'node:crypto';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyBaseLogger } from 'fastify';
import type { Session } from '../contract/session.ts';
import {
  deleteExpiredSessions,
  deleteOtherSessions,
  deleteSession,
  extendSession,
  findSession,
  insertSession,
} from '../store/session-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './ports.ts';

export type SessionUser = NonNullable<Session['user']>;

export interface ActiveSession {
  /** SHA-256 of the cookie's token. */
  tokenHash: Buffer;
  user: SessionUser;
}

export interface SessionsOptions {
  store: Store;
  clock: Clock;
  log: FastifyBaseLogger;
}

export const SESSION_COOKIE = 'atalaya_session';

/** A session ends after this time without a request. */
const LIFETIME_MS = 30 * 86_400_000;
/** How stale the last use in the database may get: one write an hour instead of one a request. */
const EXTEND_AFTER_MS = 3_600_000;
const TOKEN_BYTES = 32;
/** Shown in lists of sessions; longer ones are padding. */
const LONGEST_USER_AGENT = 300;
/** RFC 6455 7.4.1: policy violation. */
const POLICY_VIOLATION = 1008;

/**
 * Server-side sessions. The browser holds a random token, the database only its hash: who reads the database cannot log
 * in with it. A session that is revoked takes its open WebSockets with it.
 */
export class Sessions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: FastifyBaseLogger;
  readonly #sockets = new Map<string, { tokenHash: Buffer; open: Set<WebSocket> }>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ store, clock, log }: SessionsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  start(): Promise<void> {
    this.#tidy();
    this.#timer = setInterval(() => {
      try {
        this.#tidy();
      } catch (error) {
        this.#log.error({ err: error }, 'sessions could not be tidied');
      }
    }, EXTEND_AFTER_MS);
    return Promise.resolve();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    return Promise.resolve();
  }

  /** Opens a session and returns the token for the cookie. */
  open(user: SessionUser, userAgent: string | undefined): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const nowMs = this.#clock.nowMs();
    insertSession(this.#store, {
      tokenHash: hashOf(token),
      userId: user.id,
      createdMs: nowMs,
      lastUsedMs: nowMs,
      expiresMs: nowMs + LIFETIME_MS,
      userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
    });
    return token;
  }

  /** The session of a cookie's token, extended; undefined when there is none or it has expired. */
  find(token: string): ActiveSession | undefined {
    const tokenHash = hashOf(token);
    const nowMs = this.#clock.nowMs();
    const found = findSession(this.#store, tokenHash, nowMs);
    if (found === undefined) return undefined;
    if (Math.abs(nowMs - found.lastUsedMs) >= EXTEND_AFTER_MS) this.#extend(tokenHash, nowMs);
    return { tokenHash, user: found.user };
  }

  revoke(session: ActiveSession): void {
    deleteSession(this.#store, session.tokenHash);
    this.#closeSockets(session.tokenHash);
  }

  /** Ends all other sessions of the user: whoever knew the old password is out. */
  revokeOthers(session: ActiveSession): void {
    for (const tokenHash of deleteOtherSessions(this.#store, session.user.id, session.tokenHash)) {
      this.#closeSockets(tokenHash);
    }
  }

  /** Ties a WebSocket to its session: it is closed when the session is revoked, and keeps the session alive. */
  attach(session: ActiveSession, socket: WebSocket): void {
    // The session may have been revoked between the check of the request and the end of the upgrade.
    if (findSession(this.#store, session.tokenHash, this.#clock.nowMs()) === undefined) {
      socket.close(POLICY_VIOLATION, 'logged out');
      return;
    }
    const key = session.tokenHash.toString('hex');
    const sockets = this.#sockets.get(key) ?? { tokenHash: session.tokenHash, open: new Set<WebSocket>() };
    this.#sockets.set(key, sockets);
    sockets.open.add(socket);
    socket.once('close', () => {
      sockets.open.delete(socket);
      if (sockets.open.size === 0 && this.#sockets.get(key) === sockets) this.#sockets.delete(key);
    });
  }

  #tidy(): void {
    const nowMs = this.#clock.nowMs();
    for (const { tokenHash } of this.#sockets.values()) this.#extend(tokenHash, nowMs);
    for (const tokenHash of deleteExpiredSessions(this.#store, nowMs)) this.#closeSockets(tokenHash);
  }

  #extend(tokenHash: Buffer, nowMs: number): void {
    extendSession(this.#store, tokenHash, nowMs, nowMs + LIFETIME_MS);
  }

  #closeSockets(tokenHash: Buffer): void {
    const sockets = this.#sockets.get(tokenHash.toString('hex'));
    if (sockets === undefined) return;
    for (const socket of [...sockets.open]) socket.close(POLICY_VIOLATION, 'logged out');
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
