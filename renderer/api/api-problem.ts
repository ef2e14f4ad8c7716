import { Problem, ProblemKind } from '../../electron/contract/problem.ts';

/** `no-answer`: the server could not be reached; `unreadable`: it answered what this version cannot read. */
export type ApiProblemKind = ProblemKind | 'no-answer' | 'unreadable';

interface ApiProblemDetails {
  detail?: string | undefined;
  cause?: string | undefined;
  fieldErrors?: Record<string, string>;
}

/** A request that failed, with the kind that chooses the sentence shown and the server's own sentence in `detail`. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly kind: ApiProblemKind;
  readonly status: number;
  readonly detail: string | undefined;
  /** For `probe-failed`: one of ProbeFailure. */
  readonly problemCause: string | undefined;
  /** Field path, as `source.url`, to what is wrong with it. */
  readonly fieldErrors: Record<string, string>;

  constructor(kind: ApiProblemKind, status: number, details: ApiProblemDetails = {}) {
    super(details.detail ?? kind);
    this.kind = kind;
    this.status = status;
    this.detail = details.detail;
    this.problemCause = details.cause;
    this.fieldErrors = details.fieldErrors ?? {};
  }
}

/** Reads an RFC 9457 body; anything else becomes `internal` or `unreadable` by its status. */
export function toApiProblem(status: number, body: unknown): ApiProblem {
  const parsed = Problem.safeParse(body);
  if (!parsed.success) return new ApiProblem(status >= 500 ? 'internal' : 'unreadable', status);
  const kind = ProblemKind.safeParse(parsed.data.type.split('/').at(-1));
  const fieldErrors = Object.fromEntries((parsed.data.errors ?? []).map((error) => [error.path, error.message]));
  return new ApiProblem(kind.success ? kind.data : 'internal', status, {
    detail: parsed.data.detail,
    cause: parsed.data.cause,
    fieldErrors,
  });
}
