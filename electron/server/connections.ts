import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { App } from './app.ts';

/** How long peers may take to answer the close frame before their sockets are cut. */
const CLOSE_GRACE_MS = 300;
/** RFC 6455 7.4.1: going away. */
const GOING_AWAY = 1001;
/** An upgrade that was refused leaves a socket which Node no longer looks after. Accepted ones lift the limit. */
const UPGRADE_TIMEOUT_MS = 10_000;

/** All open sockets of a server, those of WebSockets included, so that closing never waits for a peer. */
export class Connections {
  readonly #sockets = new Set<Socket>();

  constructor(server: HttpServer) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Before the listener that accepts it.
    server.prependListener('upgrade', (_request, socket: Socket) => {
      socket.setTimeout(UPGRADE_TIMEOUT_MS, () => socket.destroy());
    });
  }

  /** Closes the server: WebSockets are told, answers under way are cut. */
  async end(app: App): Promise<void> {
    const closed = app.close();
    for (const client of app.websocketServer.clients) client.close(GOING_AWAY, 'Atalaya is closing');
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_GRACE_MS);
    try {
      await closed;
    } finally {
      clearTimeout(cut);
    }
  }
}
