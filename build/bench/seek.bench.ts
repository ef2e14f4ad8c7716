import type { BenchContext } from './bench-context.ts';
import { BenchEngine } from './bench-engine.ts';
import { percentile, type Figure, type Measurement } from './figures.ts';
import { prepareFootage, type Footage } from './footage.ts';
import { measureSeeksOnScreen } from './seek-on-screen.ts';

/** What the page loads around a moment. */
const BEFORE_MS = 15 * 60_000;
const PLAYLIST_MS = 60 * 60_000;
const REQUESTS_PER_OPENING = 5;

/** From choosing an instant of recorded footage to its bytes, and to its picture. */
export async function seekBench(context: BenchContext): Promise<Measurement[]> {
  const { openings } = context.options;
  const footage = await prepareFootage(context);
  context.say(`seek: ${openings} instants`);
  const engine = await BenchEngine.start(context, footage.dataDir);
  try {
    const playlists: number[] = [];
    const ranges: number[] = [];
    for (let at = 0; at < openings * REQUESTS_PER_OPENING; at += 1) {
      const { playlistMs, rangeMs } = await seek(engine, footage, randomInstant(footage));
      playlists.push(playlistMs);
      ranges.push(playlistMs + rangeMs);
    }
    const figures: Figure[] = [
      { what: 'playlist of an hour, p95', value: percentile(playlists, 95), unit: 'ms' },
      { what: 'playlist and first byte range, p50', value: percentile(ranges, 50), unit: 'ms' },
      {
        ...{ what: 'playlist and first byte range, p95', value: percentile(ranges, 95), unit: 'ms' },
        bound: { most: 50, of: 'value' },
      },
      ...(await measureSeeksOnScreen(context, engine, footage, randomInstant)),
    ];
    return [{ title: `Seeking in ${context.options.minutes} minutes of footage`, figures }];
  } finally {
    await engine.close();
  }
}

function randomInstant({ startMs, endMs }: Footage): number {
  return Math.floor(startMs + Math.random() * (endMs - startMs - 1000));
}

async function seek(engine: BenchEngine, footage: Footage, atMs: number) {
  const startedMs = performance.now();
  const fromMs = atMs - BEFORE_MS;
  const path = `/api/v1/cameras/${footage.cameraId}/playback.m3u8?fromMs=${fromMs}&toMs=${fromMs + PLAYLIST_MS}`;
  const response = await fetch(engine.url + path, { headers: engine.api.headers });
  const playlist = await response.text();
  if (!response.ok) throw new Error(`GET playback.m3u8 answered ${response.status}.`);
  const playlistMs = performance.now() - startedMs;
  const { address, offsetBytes, bytes } = findGop(playlist, atMs);
  const range = `bytes=${offsetBytes}-${offsetBytes + bytes - 1}`;
  const file = await fetch(engine.url + address, { headers: { ...engine.api.headers, range } });
  const body = await file.arrayBuffer();
  if (file.status !== 206 || body.byteLength !== bytes) throw new Error(`The byte range answered ${file.status}.`);
  return { playlistMs, rangeMs: performance.now() - startedMs - playlistMs };
}

/** The byte range that holds the instant (RFC 8216 4.3.2). */
function findGop(playlist: string, atMs: number): { address: string; offsetBytes: number; bytes: number } {
  let startMs = 0;
  let durationMs = 0;
  let range = { bytes: 0, offsetBytes: 0 };
  for (const line of playlist.split('\n')) {
    const [, tag = '', value = ''] = /^#([A-Z-]+):(.*)$/.exec(line) ?? [];
    if (tag === 'EXT-X-PROGRAM-DATE-TIME') startMs = Date.parse(value);
    else if (tag === 'EXTINF') durationMs = Math.round(Number.parseFloat(value) * 1000);
    else if (tag === 'EXT-X-BYTERANGE') {
      const [bytes = 0, offsetBytes = 0] = value.split('@').map(Number);
      range = { bytes, offsetBytes };
    } else if (line.startsWith('/')) {
      if (atMs < startMs + durationMs) return { address: line, ...range };
      startMs += durationMs;
    }
  }
  throw new Error('The playlist does not hold the instant.');
}
