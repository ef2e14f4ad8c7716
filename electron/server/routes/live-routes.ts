import { z } from 'zod';
import { Id } from '../../contract/ids.ts';
import { LiveQuery } from '../../contract/live.ts';
import { RefusedError } from '../../contract/refused-error.ts';
import type { App } from '../app.ts';
import { requireSession } from '../authorise.ts';
import { guardSocket } from '../guard-socket.ts';
import type { LiveHub } from '../live-hub.ts';
import type { CameraControl } from '../ports.ts';
import { requireCamera, requireStream } from '../require-camera.ts';
import type { Sessions } from '../sessions.ts';

/** `GET /cameras/:id/live`: a camera's stream over a WebSocket. */
export function addLiveRoutes(app: App, cameras: CameraControl, hub: LiveHub, sessions: Sessions): void {
  app.route({
    method: 'GET',
    url: '/cameras/:id/live',
    schema: {
      summary: 'Live picture and sound (WebSocket)',
      description:
        'Text messages: `init`, `dropped`, `ended`. Binary messages: the init segment after each `init`, then ' +
        'fragments (fMP4), beginning with the GOP that is under way. The socket stays open when the camera goes away.',
      tags: ['live'],
      params: z.strictObject({ id: Id }),
      querystring: LiveQuery,
      response: { 101: z.undefined().describe('WebSocket') },
    },
    // Before the upgrade, so that an unknown camera or stream is an ordinary 404.
    preHandler: (request, _reply, done) => {
      requireStream(cameras, request.params.id, request.query.stream);
      done();
    },
    handler: () => {
      throw new RefusedError('invalid-request', 'This address speaks WebSocket only.');
    },
    wsHandler: (socket, request) => {
      guardSocket(socket);
      sessions.attach(requireSession(request), socket);
      const { stream, audio } = request.query;
      hub.join(requireCamera(cameras, request.params.id), stream, socket, audio === 'on');
    },
  });
}
