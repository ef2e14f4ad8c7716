import { z } from 'zod';
import { Camera } from './camera.ts';
import { ExportJob } from './exports.ts';
import { Id } from './ids.ts';
import { Health, Storage } from './storage.ts';

/** What changes, as it changes. The first message is a snapshot, so that a viewer who reconnects has missed nothing. */
export const FeedMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    nowMs: z.number().int(),
    cameras: z.array(Camera),
    exports: z.array(ExportJob),
    health: Health,
  }),
  z.object({ type: z.literal('camera'), camera: Camera }),
  z.object({ type: z.literal('cameraRemoved'), cameraId: Id }),
  z.object({ type: z.literal('export'), job: ExportJob }),
  z.object({ type: z.literal('exportRemoved'), exportId: Id }),
  z.object({ type: z.literal('storage'), storage: Storage }),
  z.object({ type: z.literal('health'), health: Health }),
  z
    .object({ type: z.literal('recorded'), cameraId: Id, endMs: z.number().int() })
    .describe('coverage of a camera now reaches endMs; about once a second while recording'),
]);
export type FeedMessage = z.infer<typeof FeedMessage>;
