import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import Fastify, { LogController, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { RefusedError } from '../contract/refused-error.ts';
import { addApi, type ServerParts } from './api.ts';
import type { App } from './app.ts';
import { Connections } from './connections.ts';
import { FeedHub } from './feed-hub.ts';
import { LaunchToken } from './launch-token.ts';
import { LiveHub } from './live-hub.ts';
import { sendProblem, TooManyAttemptsError } from './problem-reply.ts';
import { isLoopback, refuseRequest } from './request-guard.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { ServerOptions } from './server-options.ts';
import { Sessions } from './sessions.ts';
import { addUserInterface } from './user-interface.ts';

export interface Server {
  /** Listens; port 0 takes a free one. */
  start(address: { host: string; port: number }): Promise<{ port: number }>;
  /** Ends all connections, WebSockets included, at once. Safe to call twice. */
  close(): Promise<void>;
}

/** No request of ours is larger: footage goes out, not in. */
const LARGEST_BODY_BYTES = 1024 * 1024;
/** To receive a whole request. Answers (footage, probes) may take longer. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Clients send nothing over WebSockets but pongs. */
const LARGEST_MESSAGE_BYTES = 1024;
/** Per address and minute: well over what a person scrubbing a wall of sixteen cameras causes. */
const MOST_REQUESTS_PER_MINUTE = 30_000;

/** The HTTP and WebSocket server: the API under `/api/v1`, and the UI. */
export function createServer(options: ServerOptions): Server {
  const { log, clock, store, ports } = options;
  const sessions = new Sessions({ store, clock, log });
  const liveHub = new LiveHub({ source: ports.live, feed: ports.feed, clock });
  const feedHub = new FeedHub(ports.feed);
  const parts: ServerParts = { sessions, liveHub, feedHub };
  let running: { app: App; connections: Connections } | undefined;
  let closing: Promise<void> | undefined;

  return {
    async start({ host, port }) {
      const app = await buildApp(options, parts, host);
      running = { app, connections: new Connections(app.server) };
      await Promise.all([sessions.start(), liveHub.start(), feedHub.start()]);
      await app.listen({ host, port });
      const address = app.server.address();
      if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
      return { port: address.port };
    },
    close() {
      closing ??= (async () => {
        await running?.connections.end(running.app);
        await Promise.all([sessions.close(), liveHub.close(), feedHub.close()]);
      })();
      return closing;
    },
  };
}

async function buildApp(options: ServerOptions, parts: ServerParts, host: string): Promise<App> {
  const { log } = options;
  const app: App = Fastify({
    loggerInstance: log,
    // Requests are many and their addresses may hold the launch token: what matters is logged where it happens.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
    http: {
      // An offer of HTTP/2 (`Upgrade: h2c`, as curl makes it) is not ours to take up: the request is answered as it is.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    frameworkErrors: (error, request, reply) => sendProblem(log, error, request as FastifyRequest, reply),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(log, error, request, reply));
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('session', null);

  // First: it marks upgrades, so that the socket of one that a later hook refuses is destroyed.
  await app.register(websocket, {
    options: { maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false },
    errorHandler: (error, socket) => {
      // A code means that the peer broke the protocol or the connection. Its socket ends, nothing else does.
      if ('code' in error) log.debug({ err: error }, 'websocket failed');
      else log.error({ err: error }, 'websocket failed');
      socket.terminate();
    },
    // Connections sees to it.
    preClose: (done) => done(),
  });
  await addSecurityHeaders(app);
  addRequestGuard(app, host);
  await app.register(cookie);
  await app.register(rateLimit, {
    max: MOST_REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    addHeadersOnExceeding: NO_RATE_HEADERS,
    addHeaders: { ...NO_RATE_HEADERS, 'retry-after': false },
    errorResponseBuilder: (_request, context) => new TooManyAttemptsError(context.ttl),
  });
  await addApi(app, options, parts);
  await addUserInterface(app, {
    rendererDir: options.rendererDir,
    store: options.store,
    sessions: parts.sessions,
    launchToken: new LaunchToken(options.launchToken),
  });
  return app;
}

const NO_RATE_HEADERS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };

function addRequestGuard(app: App, listeningHost: string): void {
  const isOwnHost = (hostname: string) => isLoopback(hostname) || hostname === listeningHost.toLowerCase();
  app.addHook('onRequest', (request, _reply, done) => {
    const guarded = {
      method: request.method,
      isUpgrade: request.headers.upgrade !== undefined,
      scheme: request.protocol,
      headers: request.headers,
    };
    const refusal = refuseRequest(guarded, isOwnHost);
    done(refusal === undefined ? undefined : new RefusedError('forbidden', refusal));
  });
}
