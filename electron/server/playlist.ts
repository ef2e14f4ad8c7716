import type { PlayableSegment } from './ports.ts';

/** A GOP as the player fetches it: one byte range of a recorded file. */
interface PlayableGop {
  segment: PlayableSegment;
  startMs: number;
  endMs: number;
  offsetBytes: number;
  bytes: number;
}

/** Two files of one run may lie this far apart before we call it a hole: rounding, not loss. */
const LONGEST_SEAM_MS = 250;

/**
 * An HLS media playlist (RFC 8216, version 7) of what the segments hold of [fromMs, toMs): one byte range per GOP, from
 * the GOP that contains fromMs to the one that contains toMs. Undefined when they hold nothing of it.
 *
 * Segments of one FFmpeg run share one media timeline; where a run, the codec or the picture size changes, and where
 * footage is missing, a discontinuity tells the player to start a new one. EXTINF values are wall-clock
 * milliseconds, so that they add up to the covered time without rounding.
 *
 * @param segments ascending, of one stream
 * @param addressOf where the client finds the segment's file
 */
export function createPlaylist(
  segments: PlayableSegment[],
  fromMs: number,
  toMs: number,
  addressOf: (segmentId: string) => string,
): string | undefined {
  const gops = playableGops(segments).filter((gop) => gop.endMs > fromMs && gop.startMs < toMs);
  if (gops.length === 0) return undefined;
  const longestMs = gops.reduce((longest, gop) => Math.max(longest, gop.endMs - gop.startMs), 0);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    // RFC 8216 4.3.3.1: EXTINF, rounded to whole seconds, must not exceed it.
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longestMs / 1000))}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MEDIA-SEQUENCE:0',
  ];
  let previous: PlayableSegment | undefined;
  for (const gop of gops) {
    const { segment } = gop;
    const address = addressOf(segment.id);
    if (segment !== previous) {
      if (previous !== undefined && !isContinuous(previous, segment)) lines.push('#EXT-X-DISCONTINUITY');
      lines.push(`#EXT-X-MAP:URI="${address}",BYTERANGE="${segment.initBytes}@0"`);
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(gop.startMs).toISOString()}`);
      previous = segment;
    }
    lines.push(`#EXTINF:${((gop.endMs - gop.startMs) / 1000).toFixed(3)},`);
    lines.push(`#EXT-X-BYTERANGE:${gop.bytes}@${gop.offsetBytes}`);
    lines.push(address);
  }
  lines.push('#EXT-X-ENDLIST', '');
  return lines.join('\n');
}

function playableGops(segments: PlayableSegment[]): PlayableGop[] {
  return segments.flatMap((segment, index) => {
    const next = segments[index + 1];
    // Within a run the last GOP lasts until the next file begins: seams must not add up.
    const endMs = next !== undefined && isContinuous(segment, next) ? next.startMs : segment.endMs;
    return gopsOf(segment, endMs);
  });
}

function gopsOf(segment: PlayableSegment, endMs: number): PlayableGop[] {
  // A key frame that is not later than the one before it (a clock set back) joins that one's GOP, and one whose frames
  // are not all written yet waits for them.
  let latestMs = -Infinity;
  const starts = segment.keyFrames.filter((keyFrame) => {
    const isLater = keyFrame.timeMs > latestMs && keyFrame.timeMs < endMs && keyFrame.offsetBytes < segment.bytes;
    if (isLater) latestMs = keyFrame.timeMs;
    return isLater;
  });
  return starts.map((keyFrame, index) => {
    const next = starts[index + 1];
    return {
      segment,
      startMs: keyFrame.timeMs,
      endMs: next?.timeMs ?? endMs,
      offsetBytes: keyFrame.offsetBytes,
      bytes: (next?.offsetBytes ?? segment.bytes) - keyFrame.offsetBytes,
    };
  });
}

/** Whether media timestamps run on from one file to the next. */
function isContinuous(before: PlayableSegment, after: PlayableSegment): boolean {
  return (
    before.runId === after.runId &&
    before.mimeType === after.mimeType &&
    before.width === after.width &&
    before.height === after.height &&
    Math.abs(after.startMs - before.endMs) <= LONGEST_SEAM_MS
  );
}
