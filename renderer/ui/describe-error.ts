import type { TFunction } from 'i18next';
import { ApiProblem } from '../api/api-problem.ts';

/** The sentence for something that was thrown, in the user's language, with the next step in it. */
export function describeError(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiProblem)) return t('ui.error.unexpected', { detail: String(error) });
  switch (error.kind) {
    case 'no-answer':
      return t('ui.error.no-answer');
    case 'unreadable':
      return t('ui.error.unreadable');
    case 'internal':
      return t('ui.error.internal');
    case 'unauthenticated':
      return t('ui.error.unauthenticated');
    case 'forbidden':
      return t('ui.error.forbidden');
    case 'not-found':
      return t('ui.error.not-found');
    case 'too-many-attempts':
      return t('ui.error.too-many-attempts');
    case 'not-ready':
      return t('ui.error.not-ready');
    case 'ffmpeg-missing':
      return t('ui.error.ffmpeg-missing');
    case 'insufficient-space':
      return t('ui.error.insufficient-space');
    case 'already-set-up':
      return t('ui.error.already-set-up');
    case 'conflict':
    case 'invalid-request':
    case 'probe-failed':
      // What was wrong only the server knows; its sentence is the best there is.
      return error.detail ?? t('ui.error.refused');
  }
}
