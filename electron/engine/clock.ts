import type { Clock } from '../server/ports.ts';

/** Declared by the server, which needs it, too. */
export type { Clock };

export const systemClock: Clock = { nowMs: () => Date.now() };
