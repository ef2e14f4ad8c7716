import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPlaylist } from './playlist.ts';
import type { PlayableSegment } from './ports.ts';

const T = Date.UTC(2026, 10, 20, 12);

function segment(fields: Partial<PlayableSegment>): PlayableSegment {
  return {
    id: 'a',
    stream: 'main',
    startMs: T,
    endMs: T + 4000,
    bytes: 5000,
    initBytes: 1000,
    runId: 'run 1',
    mimeType: 'video/mp4; codecs="avc1.64001f"',
    width: 1920,
    height: 1080,
    keyFrames: [
      { timeMs: T, offsetBytes: 1000 },
      { timeMs: T + 2000, offsetBytes: 3000 },
    ],
    trigger: 'continuous',
    ...fields,
  };
}

function playlist(segments: PlayableSegment[], fromMs = T, toMs = T + 3_600_000): string | undefined {
  return createPlaylist(segments, fromMs, toMs, (id) => `/api/v1/segments/${id}.mp4`);
}

test('golden: two files of one run, a hole, another run', () => {
  const next = segment({
    id: 'b',
    startMs: T + 4000,
    endMs: T + 6480,
    bytes: 4200,
    keyFrames: [{ timeMs: T + 4000, offsetBytes: 1000 }],
  });
  const later = segment({
    id: 'c',
    runId: 'run 2',
    startMs: T + 60_000,
    endMs: T + 61_040,
    bytes: 2600,
    initBytes: 1010,
    keyFrames: [{ timeMs: T + 60_000, offsetBytes: 1010 }],
  });
  expect(playlist([segment({}), next, later])).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:3
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="/api/v1/segments/a.mp4",BYTERANGE="1000@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:00:00.000Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:2000@1000
/api/v1/segments/a.mp4
#EXTINF:2.000,
#EXT-X-BYTERANGE:2000@3000
/api/v1/segments/a.mp4
#EXT-X-MAP:URI="/api/v1/segments/b.mp4",BYTERANGE="1000@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:00:04.000Z
#EXTINF:2.480,
#EXT-X-BYTERANGE:3200@1000
/api/v1/segments/b.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="/api/v1/segments/c.mp4",BYTERANGE="1010@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:01:00.000Z
#EXTINF:1.040,
#EXT-X-BYTERANGE:1590@1010
/api/v1/segments/c.mp4
#EXT-X-ENDLIST
`);
});

test('begins with the GOP that contains fromMs and ends with the one that contains toMs', () => {
  const text = playlist([segment({})], T + 2500, T + 2600);
  expect(text).toContain('#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:00:02.000Z');
  expect(text?.match(/#EXTINF/g)).toHaveLength(1);
  expect(playlist([segment({})], T, T + 2000)?.match(/#EXTINF/g)).toHaveLength(1);
  expect(playlist([segment({})], T, T + 2001)?.match(/#EXTINF/g)).toHaveLength(2);
});

test('nothing in the range is no playlist', () => {
  expect(playlist([])).toBeUndefined();
  expect(playlist([segment({})], T + 4000, T + 5000)).toBeUndefined();
  expect(playlist([segment({ keyFrames: [] })])).toBeUndefined();
});

test.each([
  ['another run', { runId: 'run 2' }],
  ['another codec', { mimeType: 'video/mp4; codecs="hvc1.1.6.L93.B0"' }],
  ['another size', { width: 1280, height: 720 }],
  [
    'a hole within the run',
    { startMs: T + 9000, endMs: T + 10_000, keyFrames: [{ timeMs: T + 9000, offsetBytes: 1000 }] },
  ],
  ['a clock set back', { startMs: T + 3000, endMs: T + 7000, keyFrames: [{ timeMs: T + 3000, offsetBytes: 1000 }] }],
])('%s is a discontinuity', (_name, fields) => {
  const next = segment({
    id: 'b',
    startMs: T + 4000,
    endMs: T + 8000,
    keyFrames: [{ timeMs: T + 4000, offsetBytes: 1000 }],
  });
  expect(playlist([segment({}), next])).not.toContain('DISCONTINUITY');
  expect(playlist([segment({}), { ...next, ...fields }])).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP');
});

test('a key frame whose bytes or duration are not there yet is left for later', () => {
  const growing = segment({
    endMs: T + 2000,
    bytes: 3000,
    keyFrames: [
      { timeMs: T, offsetBytes: 1000 },
      { timeMs: T + 2000, offsetBytes: 3000 },
    ],
  });
  expect(playlist([growing])?.match(/#EXT-X-BYTERANGE.*/g)).toEqual(['#EXT-X-BYTERANGE:2000@1000']);
});

/** Files of one stream, ascending, some of one run and adjacent, with GOPs of any length. */
const recorded = fc
  .array(
    fc.record({
      gops: fc.array(fc.record({ ms: fc.integer({ min: 1, max: 9000 }), bytes: fc.integer({ min: 1, max: 9999 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      holeMs: fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 100_000 })),
      newRun: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((files) => {
    let timeMs = T;
    let run = 0;
    return files.map(({ gops, holeMs, newRun }, index): PlayableSegment => {
      timeMs += holeMs;
      if (newRun) run += 1;
      const startMs = timeMs;
      let offsetBytes = 700;
      const keyFrames = gops.map((gop) => {
        const keyFrame = { timeMs, offsetBytes };
        timeMs += gop.ms;
        offsetBytes += gop.bytes;
        return keyFrame;
      });
      const fields = { id: `s${index}`, runId: `run ${run}`, startMs, endMs: timeMs, bytes: offsetBytes, keyFrames };
      return segment({ ...fields, initBytes: 700 });
    });
  });

test('durations add up to the covered time, byte ranges to the bytes of the files', () => {
  fc.assert(
    fc.property(recorded, (segments) => {
      const lines = playlist(segments, T, T + 10_000_000)!.split('\n');
      const durations = lines.filter((line) => line.startsWith('#EXTINF:')).map((line) => parseFloat(line.slice(8)));
      const coveredMs = segments.reduce((sum, one) => sum + one.endMs - one.startMs, 0);
      expect(durations.reduce((sum, seconds) => sum + Math.round(seconds * 1000), 0)).toBe(coveredMs);
      const target = Number(lines.find((line) => line.startsWith('#EXT-X-TARGETDURATION:'))?.split(':')[1]);
      for (const seconds of durations) expect(Math.round(seconds)).toBeLessThanOrEqual(target);

      const ranges = new Map<string, number>();
      lines.forEach((line, index) => {
        if (!line.startsWith('#EXT-X-BYTERANGE:')) return;
        const [bytes, offset] = line.slice(17).split('@').map(Number) as [number, number];
        const address = lines[index + 1]!;
        expect(offset).toBe(ranges.get(address) ?? 700);
        ranges.set(address, offset + bytes);
      });
      expect([...ranges.values()]).toEqual(segments.map((one) => one.bytes));
      const breaks = segments.filter((one, index) => {
        const before = segments[index - 1];
        return before !== undefined && (before.runId !== one.runId || before.endMs !== one.startMs);
      });
      expect(lines.filter((line) => line === '#EXT-X-DISCONTINUITY')).toHaveLength(breaks.length);
    }),
  );
});

test('any range within the footage begins at the GOP of its first instant and covers its last', () => {
  fc.assert(
    fc.property(recorded, fc.nat(), fc.nat(), (segments, a, b) => {
      const lifeMs = segments.at(-1)!.endMs - T;
      const fromMs = T + Math.min(a % lifeMs, b % lifeMs);
      const toMs = T + Math.max(a % lifeMs, b % lifeMs) + 1;
      const starts = segments.flatMap((one) => one.keyFrames.map((keyFrame) => keyFrame.timeMs));
      const ends = starts.map((start, index) => {
        const own = segments.find((one) => one.startMs <= start && start < one.endMs)!;
        return Math.min(starts[index + 1] ?? Infinity, own.endMs);
      });
      const expected = starts.filter((start, index) => ends[index]! > fromMs && start < toMs);
      const text = playlist(segments, fromMs, toMs);
      expect(text?.match(/#EXTINF/g)?.length ?? 0).toBe(expected.length);
      if (text !== undefined) {
        const first = /#EXT-X-PROGRAM-DATE-TIME:(.*)/.exec(text)![1]!;
        expect(Date.parse(first)).toBe(expected[0]);
      }
    }),
  );
});
