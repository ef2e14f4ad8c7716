import type { AppRun } from '../store/app-run-queries.ts';
import { cameraLives } from '../store/camera-life-queries.ts';
import type { CameraLife } from '../store/camera-life-queries.ts';
import { lastGapEnd, lastingGap } from '../store/gap-queries.ts';
import { segmentBefore } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { GapLedger, GapReason } from './gap-ledger.ts';
import { fillHoles } from './ledger-holes.ts';

/** How far before the last heartbeat a crash can have left time unaccounted for, with a wide margin. */
const DOUBTFUL_MS = 86_400_000;

/**
 * Accounts for the time in which the app did not run. Call at start, after the files that a crash left are indexed.
 *
 * A clean stop counts from its own time; a crash from the end of what was recorded, or from the last heartbeat where
 * nothing was. Afterwards every camera has a lasting gap, until the engine says what the camera does now.
 */
export function resumeLives(store: Store, ledger: GapLedger, previous: AppRun | undefined, nowMs: number): void {
  const wasKilled = previous !== undefined && previous.stoppedMs === null;
  const reason: GapReason = { cause: wasKilled ? 'app-crashed' : 'app-stopped' };
  const lastKnownMs = previous?.stoppedMs ?? previous?.heartbeatMs ?? nowMs;
  for (const life of cameraLives(store)) {
    if (life.removedMs !== null) continue;
    const { cameraKey } = life;
    if (lastingGap(store, cameraKey) === undefined) ledger.open(cameraKey, accountedUntil(store, life), reason);
    else ledger.setReason(cameraKey, Math.min(lastKnownMs, nowMs), reason);

    const fromMs = Math.max(life.createdMs, Math.min(lastKnownMs, nowMs) - DOUBTFUL_MS);
    const toMs = lastingGap(store, cameraKey)?.startMs ?? nowMs;
    fillHoles(store, ledger, cameraKey, { fromMs, toMs }, { cause: 'app-crashed' });
  }
}

function accountedUntil(store: Store, { cameraKey, createdMs }: CameraLife): number {
  const segment = segmentBefore(store, cameraKey, 'main', Number.MAX_SAFE_INTEGER);
  return Math.max(createdMs, segment?.endMs ?? 0, lastGapEnd(store, cameraKey) ?? 0);
}
