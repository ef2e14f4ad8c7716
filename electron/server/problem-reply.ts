import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Problem, ProblemKind } from '../contract/problem.ts';
import { ProbeError, RefusedError } from '../contract/refused-error.ts';
import { isDiskFull } from '../store/database.ts';

/** The media type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal that says after how many seconds another try makes sense (RFC 9110 10.2.3). */
export class TooManyAttemptsError extends RefusedError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterMs: number) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    super('too-many-attempts', `Too many attempts. Try again in ${seconds} s.`);
    this.retryAfterSeconds = seconds;
  }
}

/** What the user is told about an error: refusals as they are, surprises without their details. */
export function problemFor(error: unknown): Problem {
  if (error instanceof ProbeError) {
    return { ...problemOf('probe-failed', error.message), cause: error.failure };
  }
  if (error instanceof RefusedError) return problemOf(error.kind, error.message);
  if (hasZodFastifySchemaValidationErrors(error)) {
    // An address with an id of another form names nothing, as does one with an unknown id.
    if ('validationContext' in error && error.validationContext === 'params') return notFound();
    const errors = error.validation.map((issue) => ({
      path: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: issue.message ?? 'is not valid',
    }));
    return { ...problemOf('invalid-request', 'The request is not valid; nothing was changed.'), errors };
  }
  const status = clientStatusOf(error);
  if (status !== undefined) {
    const detail = error instanceof Error ? error.message : undefined;
    if (status === 404) return notFound();
    return { ...problemOf(status === 429 ? 'too-many-attempts' : 'invalid-request', detail), status };
  }
  if (isDiskFull(error)) {
    return problemOf('insufficient-space', 'The disk is full, so that nothing can be changed. Free some space on it.');
  }
  return problemOf('internal', 'Something went wrong inside Atalaya. Its log says what.');
}

/** Sends the error as problem+json. Surprises are logged here, once, with the route that they happened in. */
export function sendProblem(
  log: FastifyBaseLogger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemFor(error);
  if (problem.status >= 500 && !(error instanceof RefusedError)) {
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'request failed');
  }
  if (error instanceof TooManyAttemptsError) reply.header('retry-after', error.retryAfterSeconds);
  // Headers which a handler set for the body that did not come.
  for (const name of ['etag', 'content-range', 'content-length', 'content-disposition', 'accept-ranges']) {
    if (name !== 'content-range' || problem.status !== 416) reply.removeHeader(name);
  }
  reply.code(problem.status).header('cache-control', 'no-store').type(PROBLEM_TYPE).send(problem);
}

export function problemOf(kind: ProblemKind, detail?: string): Problem {
  const { status, title } = KINDS[kind];
  return { type: `/problems/${kind}`, title, status, ...(detail === undefined ? {} : { detail }) };
}

const KINDS: Record<ProblemKind, { status: number; title: string }> = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Not logged in' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Not possible in the present state' },
  'already-set-up': { status: 409, title: 'Already set up' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'probe-failed': { status: 422, title: 'The camera could not be used' },
  'not-ready': { status: 503, title: 'Not ready' },
  'ffmpeg-missing': { status: 503, title: 'FFmpeg is missing' },
  'insufficient-space': { status: 507, title: 'Not enough space' },
  internal: { status: 500, title: 'Internal error' },
};

function notFound(): Problem {
  return problemOf('not-found', 'There is nothing at this address.');
}

/** Fastify's own refusals (body too large, not JSON, wrong media type) carry a status below 500. */
function clientStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
