import { z } from 'zod';
import { Gap } from './gap.ts';
import { Id, StreamName } from './ids.ts';
import { isBounded, isOrdered, UtcMsQuery } from './times.ts';

/** Why a segment was recorded. */
export const Trigger = z.enum(['continuous', 'manual', 'event']);
export type Trigger = z.infer<typeof Trigger>;

export const Coverage = z.object({ startMs: z.number().int(), endMs: z.number().int(), trigger: Trigger });
export type Coverage = z.infer<typeof Coverage>;

/** Coverage and gaps of one camera, ascending, clipped to the range; together they tile the camera's life in it. */
export const Recordings = z.object({ coverage: z.array(Coverage), gaps: z.array(Gap) });
export type Recordings = z.infer<typeof Recordings>;

/** A day of 2 s GOPs is a playlist of 5 MB: what a player still loads without a pause. */
export const LONGEST_PLAYLIST_MS = 86_400_000;

/** `GET /cameras/:id/playback.m3u8`. 404 when nothing is recorded in the range. */
export const PlaybackQuery = z
  .strictObject({ fromMs: UtcMsQuery, toMs: UtcMsQuery, stream: StreamName.default('main') })
  .refine(isOrdered, { message: 'fromMs must lie before toMs', path: ['toMs'] })
  .refine((query) => query.toMs - query.fromMs <= LONGEST_PLAYLIST_MS, {
    message: 'a playlist spans 24 hours at most',
    path: ['toMs'],
  });
export type PlaybackQuery = z.infer<typeof PlaybackQuery>;

/** Most buckets one answer may hold: about one a pixel of a very wide screen. */
export const MOST_BUCKETS = 6000;

/** `cameraIds` is a comma-separated list. Buckets begin at whole multiples of bucketMs since 1970 (UTC). */
export const TimelineQuery = z
  .strictObject({
    cameraIds: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(Id).min(1).max(64)),
    fromMs: UtcMsQuery,
    toMs: UtcMsQuery,
    bucketMs: z.coerce
      .number()
      .int()
      .min(100)
      .max(31 * 86_400_000),
  })
  .refine(isOrdered, { message: 'fromMs must lie before toMs', path: ['toMs'] })
  .refine(isBounded, { message: 'the range is longer than two years', path: ['toMs'] })
  .refine((query) => (query.toMs - query.fromMs) / query.bucketMs <= MOST_BUCKETS, {
    message: `the range holds more than ${MOST_BUCKETS} buckets`,
    path: ['bucketMs'],
  });
export type TimelineQuery = z.infer<typeof TimelineQuery>;

/**
 * Timeline rows for any zoom. `coveredMs[i]` is how much of bucket i (from startMs + i * bucketMs) is recorded;
 * `bucketMs` may come back larger than asked (whole minutes or hours), where only rollups are fast enough.
 */
export const Timeline = z.object({
  startMs: z.number().int(),
  bucketMs: z.number().int(),
  cameras: z.array(
    z.object({
      cameraId: Id,
      lifeStartMs: z.number().int(),
      coveredMs: z.array(z.number().int()),
      gaps: z.array(Gap).describe('gaps at least one bucket long, ascending'),
      events: z.array(z.number().int()).describe('events that begin in the bucket'),
    }),
  ),
});
export type Timeline = z.infer<typeof Timeline>;
