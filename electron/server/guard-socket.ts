import type { WebSocket } from '@fastify/websocket';

/** Two intervals without a pong: the peer is gone, whatever TCP believes. */
const PING_INTERVAL_MS = 15_000;
/** Clients have nothing to say. A few messages are ignored, a flood is not. */
const MOST_MESSAGES = 100;
/** RFC 6455 7.4.1: policy violation. */
const POLICY_VIOLATION = 1008;

/** Ends a WebSocket whose peer has gone silent or talks too much. */
export function guardSocket(socket: WebSocket, pingIntervalMs = PING_INTERVAL_MS): void {
  let isAlive = true;
  let messages = 0;
  const timer = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, pingIntervalMs);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', () => {
    messages += 1;
    if (messages > MOST_MESSAGES) socket.close(POLICY_VIOLATION, 'too many messages');
  });
  socket.once('close', () => clearInterval(timer));
}
