import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../contract/problem.ts';
import type { App } from './app.ts';
import { addAuthorisation } from './authorise.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PROBLEM_TYPE, problemOf } from './problem-reply.ts';
import { addCameraRoutes } from './routes/camera-routes.ts';
import { addExportRoutes } from './routes/export-routes.ts';
import { addFeedRoutes } from './routes/feed-routes.ts';
import { addLiveRoutes } from './routes/live-routes.ts';
import { addRecordingRoutes } from './routes/recording-routes.ts';
import { addSessionRoutes } from './routes/session-routes.ts';
import { addSetupRoutes } from './routes/setup-routes.ts';
import { addSystemRoutes } from './routes/system-routes.ts';
import { countResponses } from './server-metrics.ts';
import type { ServerOptions } from './server-options.ts';
import type { Sessions } from './sessions.ts';
import type { FeedHub } from './feed-hub.ts';
import type { LiveHub } from './live-hub.ts';

/** The long-lived parts behind the routes. */
export interface ServerParts {
  sessions: Sessions;
  liveHub: LiveHub;
  feedHub: FeedHub;
}

/** Everything under `/api/v1`. */
export async function addApi(app: App, options: ServerOptions, parts: ServerParts): Promise<void> {
  const { sessions, liveHub, feedHub } = parts;
  const { ports, store, clock, version } = options;
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Atalaya', version }, servers: [] },
    transform: jsonSchemaTransform,
  });
  const serverMetrics = countResponses(app, liveHub, feedHub);
  await app.register(
    (api: App, _options, done) => {
      addAuthorisation(api, sessions);
      addDefaults(api);
      addSetupRoutes(api, store, clock, sessions);
      addSessionRoutes(api, store, sessions, new LoginThrottle({ clock }));
      addCameraRoutes(api, ports.cameras);
      addLiveRoutes(api, ports.cameras, liveHub, sessions);
      addRecordingRoutes(api, ports.cameras, ports.library);
      addExportRoutes(api, ports.cameras, ports.exports);
      addSystemRoutes(api, ports.system, serverMetrics);
      addFeedRoutes(api, feedHub, sessions);
      api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
      done();
    },
    { prefix: '/api/v1' },
  );
}

const NoQuery = z.strictObject({});

/** What holds for every route of the API unless it says otherwise. */
function addDefaults(api: App): void {
  api.addHook('onRoute', (route) => {
    route.schema = { querystring: NoQuery, ...route.schema };
    route.schema.response = {
      '4xx': { content: { [PROBLEM_TYPE]: { schema: Problem } } },
      ...(route.schema.response as object | undefined),
    };
  });
  api.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done();
  });
  api.setNotFoundHandler((_request, reply) =>
    reply.code(404).type(PROBLEM_TYPE).send(problemOf('not-found', 'There is nothing at this address.')),
  );
}
