/** The contract's own rule (electron/contract/session.ts), told before the server has to. */
export const SHORTEST_PASSWORD = 8;
