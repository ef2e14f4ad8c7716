import { describe, expect, it } from 'vitest';
import { readPlaylist } from './playlist.ts';

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MAP:URI="/a.mp4",BYTERANGE="800@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T10:00:00.000Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:100@800
/a.mp4
#EXTINF:2.000,
#EXT-X-BYTERANGE:100@900
/a.mp4
#EXT-X-MAP:URI="/b.mp4",BYTERANGE="800@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T10:00:04.000Z
#EXTINF:1.500,
#EXT-X-BYTERANGE:100@800
/b.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="/c.mp4",BYTERANGE="800@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T10:03:00.000Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:100@800
/c.mp4
#EXT-X-ENDLIST
`;
const TEN = Date.UTC(2026, 10, 20, 10);

describe('playback clock', () => {
  const clock = readPlaylist(PLAYLIST).clock;

  it('joins files that follow each other and parts at the gap', () => {
    expect(clock.spans).toEqual([
      { startMs: TEN, endMs: TEN + 5500, startSeconds: 0 },
      { startMs: TEN + 180_000, endMs: TEN + 182_000, startSeconds: 5.5 },
    ]);
  });

  it('maps both ways', () => {
    expect(clock.wallMsOf(4.25)).toBe(TEN + 4250);
    expect(clock.wallMsOf(6)).toBe(TEN + 180_500);
    expect(clock.wallMsOf(99)).toBe(TEN + 182_000);
    expect(clock.seekTo(TEN + 4250)).toEqual({ playerSeconds: 4.25, skippedMs: 0 });
    expect(clock.seekTo(TEN + 181_000)).toEqual({ playerSeconds: 6.5, skippedMs: 0 });
  });

  it('lands behind a gap and says how much it skipped', () => {
    expect(clock.seekTo(TEN + 60_000)).toEqual({ playerSeconds: 5.5, skippedMs: 120_000 });
    expect(clock.seekTo(TEN - 1000)).toEqual({ playerSeconds: 0, skippedMs: 1000 });
    expect(clock.seekTo(TEN + 182_000)).toBeUndefined();
  });

  it('finds the gap that playback went over', () => {
    expect(clock.gapBetween(TEN + 5480, TEN + 180_020)).toEqual({ startMs: TEN + 5500, endMs: TEN + 180_000 });
    expect(clock.gapBetween(TEN + 1000, TEN + 1040)).toBeUndefined();
    expect(clock.gapBetween(TEN + 180_020, TEN + 181_000)).toBeUndefined();
  });

  it('is empty for an empty playlist', () => {
    expect(readPlaylist('#EXTM3U\n').clock.wallMsOf(1)).toBeUndefined();
  });
});
