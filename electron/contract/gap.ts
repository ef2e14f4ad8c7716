import { z } from 'zod';

/** Why a second was not recorded. The order is stored nowhere; the words are. */
export const GapCause = z.enum([
  'camera-offline',
  'auth-failed',
  'stream-stalled',
  'disk-full',
  'disk-error',
  'app-stopped',
  'app-crashed',
  'schedule',
  'disabled',
  'clock',
  'deleted-retention',
  'deleted-user',
]);
export type GapCause = z.infer<typeof GapCause>;

export const Gap = z.object({
  startMs: z.number().int(),
  endMs: z.number().int().describe('for a gap that still lasts: the time of the answer'),
  cause: GapCause,
  detail: z.string().optional(),
});
export type Gap = z.infer<typeof Gap>;
