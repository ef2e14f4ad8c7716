import { z } from 'zod';
import { Gap } from './gap.ts';
import { Id } from './ids.ts';
import { isOrdered, UtcMs } from './times.ts';

/** A day: longer clips do not open in common players. */
const LONGEST_EXPORT_MS = 86_400_000;

export const ExportFormat = z
  .enum(['mp4', 'zip'])
  .describe('one MP4 per camera, two where its codec changed; or all of them in one ZIP');
export type ExportFormat = z.infer<typeof ExportFormat>;

export const ExportRequest = z
  .strictObject({
    cameraIds: z.array(Id).min(1).max(64),
    fromMs: UtcMs,
    toMs: UtcMs,
    format: ExportFormat,
  })
  .refine(isOrdered, { message: 'fromMs must lie before toMs', path: ['toMs'] })
  .refine((request) => request.toMs - request.fromMs <= LONGEST_EXPORT_MS, {
    message: 'an export spans 24 hours at most',
    path: ['toMs'],
  })
  .refine((request) => new Set(request.cameraIds).size === request.cameraIds.length, {
    message: 'a camera is named twice',
    path: ['cameraIds'],
  });
export type ExportRequest = z.infer<typeof ExportRequest>;

export const ExportState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);
export type ExportState = z.infer<typeof ExportState>;

/** Why an export failed, told apart because each asks for another step of the user. */
export const ExportFailure = z.enum(['stopped', 'disk-full', 'deleted', 'not-recorded', 'unreadable', 'other']);
export type ExportFailure = z.infer<typeof ExportFailure>;

export const ExportJob = z.object({
  id: Id,
  cameraIds: z.array(Id),
  fromMs: z.number().int(),
  toMs: z.number().int(),
  format: ExportFormat,
  state: ExportState,
  progress: z.number().describe('0 to 1'),
  bytes: z.number().int().describe('written so far, all files'),
  createdMs: z.number().int(),
  finishedMs: z.number().int().optional(),
  failure: ExportFailure.optional().describe('when failed'),
  error: z.string().optional().describe('when failed: a sentence that says what to do next'),
  files: z
    .array(
      z.object({
        name: z.string(),
        cameraId: Id.optional().describe('absent for a ZIP'),
        bytes: z.number().int(),
        startMs: z.number().int().describe('the key frame at or before the range'),
        durationMs: z.number().int(),
        gaps: z.array(Gap),
      }),
    )
    .describe('when done; GET /exports/:id/file?index=N gives one, index 0 without'),
});
export type ExportJob = z.infer<typeof ExportJob>;
