import type { ProbeFailure } from './camera.ts';
import type { ProblemKind } from './problem.ts';

/** An expected refusal: reaches the user as problem+json with this kind and sentence. Never holds a secret. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly kind: ProblemKind;

  constructor(kind: ProblemKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A probe that found no usable stream; `failure` says which of the causes the user can act on. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly failure: ProbeFailure;

  constructor(failure: ProbeFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
