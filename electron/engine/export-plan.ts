import type { Gap } from '../contract/gap.ts';
import type { ClipSource } from '../mp4/progressive-writer.ts';
import type { PlayableSegment, RecordingLibrary } from '../server/ports.ts';

/** What of one camera goes into one clip of an export. */
export interface CameraExportPlan {
  cameraId: string;
  segmentIds: string[];
  sources: ClipSource[];
  /** Of the fragments; the clip is a little smaller. */
  bytes: number;
  gaps: Gap[];
}

/**
 * Chooses the fragments of a camera from the key frame at or before fromMs up to the last frame before toMs. Nothing
 * when nothing is recorded in the range. Where the camera changed between H.264 and H.265 another clip begins: most
 * players show only what is of the first codec of a track.
 */
export function planCameraExport(
  library: RecordingLibrary,
  cameraId: string,
  fromMs: number,
  toMs: number,
): CameraExportPlan[] {
  const segments = library.segments(cameraId, 'main', fromMs, toMs);
  const parts = segments.flatMap((segment) => {
    const file = library.segmentFile(segment.id);
    const range = chooseRange(segment, fromMs, toMs);
    if (file === undefined || range === undefined) return [];
    return [{ id: segment.id, codec: videoCodec(segment.mimeType), source: { path: file.path, ...range } }];
  });
  const clips = splitWhere(parts, (part, before) => part.codec !== before.codec);
  const gaps = library.gaps(cameraId, fromMs, toMs);
  return clips.map((clip, index) => {
    const clipFromMs = index === 0 ? -Infinity : (clip[0]?.source.startMs ?? -Infinity);
    const clipToMs = clips[index + 1]?.[0]?.source.startMs ?? Infinity;
    return {
      cameraId,
      segmentIds: clip.map((part) => part.id),
      sources: clip.map((part) => part.source),
      bytes: clip.reduce((sum, { source }) => sum + source.toOffsetBytes - source.fromOffsetBytes, 0),
      gaps: gaps.filter((gap) => gap.startMs >= clipFromMs && gap.startMs < clipToMs),
    };
  });
}

/** `avc1` of `video/mp4; codecs="avc1.64001f,mp4a.40.2"`: video comes first (RFC 6381). */
function videoCodec(mimeType: string): string | undefined {
  return /codecs="([^".,]+)/.exec(mimeType)?.[1];
}

function splitWhere<Item>(items: readonly Item[], begins: (item: Item, before: Item) => boolean): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group === undefined || before === undefined || begins(item, before)) groups.push([item]);
    else group.push(item);
  }
  return groups;
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
