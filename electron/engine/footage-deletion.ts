import { recordingPath } from '../contract/recording-path.ts';
import { insertGarbage } from '../store/garbage-queries.ts';
import { deleteSegment } from '../store/segment-queries.ts';
import type { StoredSegment } from '../store/segment-queries.ts';
import type { Store } from '../store/store.ts';
import type { GapLedger, GapReason } from './gap-ledger.ts';

/**
 * Turns segments of a camera into garbage and gaps, in one transaction. The files follow when the garbage is swept.
 *
 * @param reason undefined for a removed camera, whose ledger goes with it
 */
export function deleteFootage(
  store: Store,
  ledger: GapLedger,
  camera: { cameraKey: number; id: string },
  segments: readonly StoredSegment[],
  { reason, nowMs }: { reason: GapReason | undefined; nowMs: number },
): void {
  store.transaction(() => {
    for (const { segmentKey, stream, startMs, endMs, fileMs, bytes } of segments) {
      if (!deleteSegment(store, segmentKey)) continue;
      const path = recordingPath({ cameraId: camera.id, stream, startMs: fileMs });
      insertGarbage(store, { path, reason: reason?.cause ?? 'camera removed', bytes, createdMs: nowMs });
      if (stream === 'main' && reason !== undefined) ledger.add(camera.cameraKey, startMs, endMs, reason);
    }
  });
}
