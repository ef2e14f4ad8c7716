import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ActiveSession } from './sessions.ts';

/** Fastify with the schemas of `contract/` as its types. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a session. Every other route of the API is refused without one. */
    public?: boolean;
  }
  interface FastifyRequest {
    /** Who is asking; null without a session. */
    session: ActiveSession | null;
  }
}
