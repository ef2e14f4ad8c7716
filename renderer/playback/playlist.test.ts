import { describe, expect, it } from 'vitest';
import { readPlaylist } from './playlist.ts';

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:3
#EXT-X-MAP:URI="/api/v1/segments/a.mp4",BYTERANGE="800@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T10:00:00.000Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:100@800
/api/v1/segments/a.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="/api/v1/segments/c.mp4",BYTERANGE="820@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T10:03:00.000Z
#EXTINF:2.500,
#EXT-X-BYTERANGE:120@820
/api/v1/segments/c.mp4
#EXT-X-ENDLIST
`;

describe('playlist', () => {
  it('becomes the manifest that video.js takes', () => {
    expect(readPlaylist(PLAYLIST).manifest).toEqual({
      allowCache: true,
      endList: true,
      playlistType: 'VOD',
      mediaSequence: 0,
      discontinuitySequence: 0,
      discontinuityStarts: [1],
      targetDuration: 3,
      segments: [
        {
          uri: '/api/v1/segments/a.mp4',
          duration: 2,
          byterange: { length: 100, offset: 800 },
          map: { uri: '/api/v1/segments/a.mp4', byterange: { length: 800, offset: 0 } },
          timeline: 0,
        },
        {
          uri: '/api/v1/segments/c.mp4',
          duration: 2.5,
          byterange: { length: 120, offset: 820 },
          map: { uri: '/api/v1/segments/c.mp4', byterange: { length: 820, offset: 0 } },
          timeline: 1,
          discontinuity: true,
        },
      ],
    });
  });

  it('knows when each entry begins, by the wall clock and in the player', () => {
    const ten = Date.UTC(2026, 10, 20, 10);
    expect(readPlaylist(PLAYLIST).entries).toEqual([
      { startMs: ten, startSeconds: 0 },
      { startMs: ten + 180_000, startSeconds: 2 },
    ]);
  });

  it('holds nothing where nothing is recorded', () => {
    const { clock, manifest } = readPlaylist('#EXTM3U\n#EXT-X-ENDLIST\n');
    expect(clock.spans).toEqual([]);
    expect(manifest.segments).toEqual([]);
  });
});
