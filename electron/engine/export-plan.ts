import type { Gap } from '../contract/gap.ts';
import type { ClipSource } from '../mp4/progressive-writer.ts';
import type { PlayableSegment, RecordingLibrary } from '../server/ports.ts';

/** What of one camera goes into an export. */
export interface CameraExportPlan {
  cameraId: string;
  segmentIds: string[];
  sources: ClipSource[];
  /** Of the fragments; the clip is a little smaller. */
  bytes: number;
  gaps: Gap[];
}

/**
 * Chooses the fragments of a camera from the key frame at or before fromMs up to the last frame before toMs. Undefined
 * when nothing is recorded in the range.
 */
export function planCameraExport(
  library: RecordingLibrary,
  cameraId: string,
  fromMs: number,
  toMs: number,
): CameraExportPlan | undefined {
  const segments = library.segments(cameraId, 'main', fromMs, toMs);
  const parts = segments.flatMap((segment) => {
    const file = library.segmentFile(segment.id);
    const range = chooseRange(segment, fromMs, toMs);
    return file === undefined || range === undefined ? [] : [{ id: segment.id, source: { path: file.path, ...range } }];
  });
  if (parts.length === 0) return undefined;
  return {
    cameraId,
    segmentIds: parts.map((part) => part.id),
    sources: parts.map((part) => part.source),
    bytes: parts.reduce((sum, { source }) => sum + source.toOffsetBytes - source.fromOffsetBytes, 0),
    gaps: library.gaps(cameraId, fromMs, toMs),
  };
}

function chooseRange(segment: PlayableSegment, fromMs: number, toMs: number): Omit<ClipSource, 'path'> | undefined {
  const { keyFrames, bytes } = segment;
  const first = keyFrames.findLast((keyFrame) => keyFrame.timeMs <= fromMs) ?? keyFrames[0];
  if (first === undefined) return undefined;
  const behind = keyFrames.find((keyFrame) => keyFrame.timeMs >= toMs && keyFrame.offsetBytes > first.offsetBytes);
  const toOffsetBytes = behind?.offsetBytes ?? bytes;
  const isCut = segment.endMs > toMs;
  return { fromOffsetBytes: first.offsetBytes, toOffsetBytes, startMs: first.timeMs, ...(isCut && { endMs: toMs }) };
}
