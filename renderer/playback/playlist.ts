import { PlaybackClock, type PlaybackSpan } from './playback-clock.ts';

interface ByteRange {
  offset: number;
  length: number;
}

/** One entry of a playlist in the words of video.js' HLS engine. */
interface ManifestSegment {
  uri: string;
  duration: number;
  byterange: ByteRange;
  map: { uri: string; byterange: ByteRange };
  /** Counts the discontinuities before it. */
  timeline: number;
  discontinuity?: boolean;
}

/** A media playlist as video.js takes it ready-made (`application/vnd.videojs.vhs+json`). */
interface Manifest {
  allowCache: boolean;
  endList: true;
  playlistType: 'VOD';
  mediaSequence: 0;
  discontinuitySequence: 0;
  discontinuityStarts: number[];
  targetDuration: number;
  segments: ManifestSegment[];
}

export interface Playlist {
  clock: PlaybackClock;
  /** Wall clock and nominal player time of the beginning of each entry. */
  entries: readonly PlaylistEntry[];
  manifest: Manifest;
}

export interface PlaylistEntry {
  startMs: number;
  startSeconds: number;
}

/** Two stretches this close are one: rounding of EXTINF, or a session that came back at once. */
const LONGEST_SEAM_MS = 20;

/**
 * Reads the media playlist of our own server (RFC 8216): EXTINF gives lengths, EXT-X-PROGRAM-DATE-TIME anchors them to
 * wall-clock time (4.3.2.6); a date that does not follow from the one before it begins a new span of the clock. The
 * playlist is read here, and not by video.js, so that it is asked for once only: the clock must be known before the
 * player starts.
 */
export function readPlaylist(text: string): Playlist {
  const spans: PlaybackSpan[] = [];
  const segments: ManifestSegment[] = [];
  const entries: PlaylistEntry[] = [];
  const discontinuityStarts: number[] = [];
  let targetDuration = 1;
  let seconds = 0;
  let dateMs: number | undefined;
  let lengthSeconds = 0;
  let byterange: ByteRange | undefined;
  let map: ManifestSegment['map'] | undefined;
  let discontinuity = false;
  for (const line of text.split('\n')) {
    const [tag, value] = splitTag(line);
    switch (tag) {
      case '':
        if (line === '' || line.startsWith('#') || byterange === undefined || map === undefined) break;
        if (discontinuity) discontinuityStarts.push(segments.length);
        segments.push({
          uri: line,
          duration: lengthSeconds,
          byterange,
          map,
          timeline: discontinuityStarts.length,
          ...(discontinuity && { discontinuity }),
        });
        entries.push({ startMs: addToSpans(spans, { dateMs, seconds, lengthSeconds }), startSeconds: seconds });
        seconds += lengthSeconds;
        discontinuity = false;
        dateMs = undefined;
        break;
      case '#EXT-X-TARGETDURATION':
        targetDuration = Number(value);
        break;
      case '#EXT-X-PROGRAM-DATE-TIME':
        dateMs = Date.parse(value);
        break;
      case '#EXTINF':
        lengthSeconds = Number.parseFloat(value);
        break;
      case '#EXT-X-BYTERANGE':
        byterange = readByteRange(value);
        break;
      case '#EXT-X-MAP':
        map = readMap(value);
        break;
      case '#EXT-X-DISCONTINUITY':
        discontinuity = true;
        break;
    }
  }
  return {
    clock: new PlaybackClock(spans.map((span) => ({ ...span, endMs: Math.round(span.endMs) }))),
    entries,
    manifest: {
      allowCache: true,
      endList: true,
      playlistType: 'VOD',
      mediaSequence: 0,
      discontinuitySequence: 0,
      discontinuityStarts,
      targetDuration,
      segments,
    },
  };
}

/** Returns the wall clock of the entry's beginning. */
function addToSpans(
  spans: PlaybackSpan[],
  entry: { dateMs: number | undefined; seconds: number; lengthSeconds: number },
): number {
  const { dateMs, seconds, lengthSeconds } = entry;
  const last = spans.at(-1);
  if (last !== undefined && (dateMs === undefined || Math.abs(dateMs - last.endMs) <= LONGEST_SEAM_MS)) {
    const startMs = last.endMs;
    last.endMs += lengthSeconds * 1000;
    return startMs;
  }
  const startMs = dateMs ?? 0;
  spans.push({ startMs, endMs: startMs + lengthSeconds * 1000, startSeconds: seconds });
  return startMs;
}

/** Only tags that carry a value or mean something by themselves; an address gives an empty tag. */
function splitTag(line: string): [tag: string, value: string] {
  if (!line.startsWith('#EXT')) return ['', ''];
  const colon = line.indexOf(':');
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
}

/** `<length>@<offset>`: our server always writes both (RFC 8216 4.3.2.2). */
function readByteRange(value: string): ByteRange {
  const [length, offset] = value.split('@').map(Number);
  return { length: length ?? 0, offset: offset ?? 0 };
}

function readMap(value: string): ManifestSegment['map'] | undefined {
  const match = /URI="([^"]*)",BYTERANGE="([^"]*)"/.exec(value);
  const [, uri, byterange] = match ?? [];
  return uri === undefined || byterange === undefined ? undefined : { uri, byterange: readByteRange(byterange) };
}
