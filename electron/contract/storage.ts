import { z } from 'zod';
import { Id } from './ids.ts';

export const Storage = z.object({
  volumes: z.array(
    z.object({
      path: z.string(),
      totalBytes: z.number().int(),
      freeBytes: z.number().int(),
      thresholdBytes: z.number().int().describe('oldest footage is deleted to keep this much free'),
      recordingsBytes: z.number().int(),
    }),
  ),
  cameras: z.array(
    z.object({
      cameraId: Id,
      bytes: z.number().int(),
      oldestMs: z.number().int().optional(),
      bytesPerDay: z.number().int(),
    }),
  ),
  forecastDays: z.number().optional().describe('days of footage that fit at the present rate; absent until known'),
});
export type Storage = z.infer<typeof Storage>;

export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  ffmpeg: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('found'), version: z.string() }),
    z.object({ kind: z.literal('missing'), installHint: z.string() }),
  ]),
  camerasEnabled: z.number().int(),
  camerasRecording: z.number().int(),
});
export type Health = z.infer<typeof Health>;
