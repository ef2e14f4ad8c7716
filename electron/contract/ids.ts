import { z } from 'zod';

/** UUIDv7, lower case: sortable by creation time (RFC 9562 5.7). */
export const Id = z.uuid({ version: 'v7' }).describe('UUIDv7');
export type Id = z.infer<typeof Id>;

export const StreamName = z.enum(['main', 'sub']);
export type StreamName = z.infer<typeof StreamName>;
