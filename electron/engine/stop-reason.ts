import type { StreamFailure } from '../contract/camera.ts';
import type { GapCause } from '../contract/gap.ts';
import type { GapReason } from './gap-ledger.ts';

/** What each failure of a stream is called in the gap ledger. */
const CAUSES: Record<StreamFailure, GapCause> = {
  unreachable: 'camera-offline',
  'auth-failed': 'auth-failed',
  'not-found': 'camera-offline',
  timeout: 'camera-offline',
  unsupported: 'camera-offline',
  stalled: 'stream-stalled',
  garbage: 'stream-stalled',
  'refused-url': 'camera-offline',
  'ffmpeg-missing': 'camera-offline',
  'disk-full': 'disk-full',
  'disk-error': 'disk-error',
  clock: 'clock',
  'worker-crashed': 'app-crashed',
};

/** Why a stream that failed so is not recorded. */
export function reasonOf(failure: StreamFailure, message: string | undefined): GapReason {
  return { cause: CAUSES[failure], detail: message === '' ? undefined : message };
}

/**
 * Why recording stopped. Undefined for 'removed': the engine took the camera away from the worker and has said why
 * (it was disabled, or its settings changed).
 */
export function stopReasonOf(failure: StreamFailure | 'removed' | 'closing', message: string): GapReason | undefined {
  if (failure === 'removed') return undefined;
  return failure === 'closing' ? { cause: 'app-stopped' } : reasonOf(failure, message);
}
