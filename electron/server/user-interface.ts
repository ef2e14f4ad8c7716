import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { desktopUser } from './accounts.ts';
import type { App } from './app.ts';
import { sessionOf } from './authorise.ts';
import type { LaunchToken } from './launch-token.ts';
import { PROBLEM_TYPE, problemOf } from './problem-reply.ts';
import { setSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface UserInterfaceOptions {
  /** The built renderer; undefined, or without an index.html, when there is none. */
  rendererDir: string | undefined;
  store: Store;
  sessions: Sessions;
  launchToken: LaunchToken;
}

/** A year: the names of these files change with their content. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Serves the built UI: files, `/` with the desktop window's token, and index.html for the UI's own addresses. */
export async function addUserInterface(app: App, options: UserInterfaceOptions): Promise<void> {
  const { rendererDir } = options;
  const isBuilt = rendererDir !== undefined && (await isFile(join(rendererDir, 'index.html')));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: rendererDir,
      // One route per file that is there at the start: no request ever becomes a path.
      wildcard: false,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isHashed = path.slice(rendererDir.length).replaceAll('\\', '/').startsWith('/assets/');
        reply.header('cache-control', isHashed ? IMMUTABLE : 'no-cache');
      },
    });
  }

  app.get(
    '/',
    {
      schema: { hide: true, querystring: z.object({ token: z.string().max(200).optional() }) },
    },
    (request, reply) => {
      const { token } = request.query;
      if (token !== undefined) {
        const user = desktopUser(options.store);
        // Before the set-up there is nobody to log in as; the token keeps for later.
        const isFirst = user !== undefined && options.launchToken.spend(token);
        if (isFirst && sessionOf(request, options.sessions) === undefined) {
          setSessionCookie(request, reply, options.sessions.open(user, request.headers['user-agent']));
        }
        // The token must not stay in the address, where it could be copied or logged.
        return reply.header('cache-control', 'no-store').redirect('/', 303);
      }
      if (!isBuilt) return reply.type('text/plain; charset=utf-8').send('The user interface is not built.\n');
      return reply.sendFile('index.html');
    },
  );

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && /^\/(?!api(\/|$))[^.]*$/.test(path);
    if (isBuilt && isPage) return reply.sendFile('index.html');
    return reply.code(404).type(PROBLEM_TYPE).send(problemOf('not-found', 'There is nothing at this address.'));
  });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Not there, or not readable: either way it cannot be served.
    return false;
  }
}
