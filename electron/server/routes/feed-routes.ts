import { z } from 'zod';
import { RefusedError } from '../../contract/refused-error.ts';
import type { App } from '../app.ts';
import { requireSession } from '../authorise.ts';
import type { FeedHub } from '../feed-hub.ts';
import { guardSocket } from '../guard-socket.ts';
import type { Sessions } from '../sessions.ts';

/** `GET /feed`: what changes, over a WebSocket. */
export function addFeedRoutes(app: App, hub: FeedHub, sessions: Sessions): void {
  app.route({
    method: 'GET',
    url: '/feed',
    schema: {
      summary: 'What changes, as it changes (WebSocket)',
      description:
        'Text messages. The first is a `snapshot`; the rest say what changed since. Closed with 1013 when the reader ' +
        'is too slow: connect again for a new snapshot.',
      tags: ['feed'],
      response: { 101: z.undefined().describe('WebSocket') },
    },
    handler: () => {
      throw new RefusedError('invalid-request', 'This address speaks WebSocket only.');
    },
    wsHandler: (socket, request) => {
      guardSocket(socket);
      sessions.attach(requireSession(request), socket);
      hub.join(socket);
    },
  });
}
