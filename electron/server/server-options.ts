import type { FastifyBaseLogger } from 'fastify';
import type { Store } from '../store/store.ts';
import type { Clock, EnginePorts } from './ports.ts';

/** What the server is given by whoever builds it. */
export interface ServerOptions {
  ports: EnginePorts;
  store: Store;
  clock: Clock;
  log: FastifyBaseLogger;
  /** Folder of the built UI; undefined when there is none. */
  rendererDir: string | undefined;
  version: string;
  /** Lets the desktop window in without a password, once. */
  launchToken?: string;
}
