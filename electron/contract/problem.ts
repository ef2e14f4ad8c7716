import { z } from 'zod';

/**
 * Kinds of refusal, stable for clients. The `type` of a problem is the relative URI reference `/problems/<kind>`
 * (RFC 9457 3.1.1).
 */
export const ProblemKind = z.enum([
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'already-set-up',
  'too-many-attempts',
  'probe-failed',
  'not-ready',
  'ffmpeg-missing',
  'insufficient-space',
  'internal',
]);
export type ProblemKind = z.infer<typeof ProblemKind>;

/** `application/problem+json`, RFC 9457. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional().describe('a sentence that says what to do next'),
  cause: z.string().optional().describe('for probe-failed: the cause'),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
