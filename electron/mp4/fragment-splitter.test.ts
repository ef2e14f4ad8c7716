import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Mp4FormatError, readBoxes } from './box-reader.ts';
import { FragmentSplitter, parseFragment, type Fragment } from './fragment-splitter.ts';
import { parseInitSegment, sameConfiguration, videoOnlyInit, type InitSegment } from './init-segment.ts';
import { TestMedia, countPictures, decodeErrors, h264WithBFrames, h265 } from './test-media.ts';

let media: TestMedia;
let audioVideo: Buffer;
let hevc: Buffer;

beforeAll(async () => {
  media = await TestMedia.create();
  audioVideo = await readFile(
    await media.createClip({ name: 'av.mp4', frames: 30, video: h264WithBFrames, withAudio: true }),
  );
  hevc = await readFile(await media.createClip({ name: 'hevc.mp4', frames: 12, video: h265 }));
});

afterAll(() => media.close());

describe('what FFmpeg writes', () => {
  test('H.264 with AAC', () => {
    const { init, fragments } = split([audioVideo]);
    expect(init?.mimeType).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6},mp4a\.40\.2"$/);
    expect(init?.tracks).toMatchObject([
      { kind: 'video', width: 64, height: 48 },
      { kind: 'audio', timescale: 16000, sampleRate: 16000, channels: 1 },
    ]);
    const runs = fragments.flatMap((fragment) => fragment.runs);
    const video = runs.filter((run) => run.trackId === init?.tracks[0]?.trackId);
    expect(video).toHaveLength(30);
    expect(video.map((run) => run.keyFrame)).toEqual(video.map((_, index) => index % 10 === 0));
    for (const [index, run] of video.entries()) {
      expect(run.sampleCount).toBe(1);
      if (index > 0) expect(run.decodeTime).toBe(video[index - 1]!.decodeTime + video[index - 1]!.duration);
    }
  });

  test('H.265', () => {
    const { init, fragments } = split([hevc]);
    expect(init?.mimeType).toMatch(/^video\/mp4; codecs="hvc1\.1\.6\.L\d+\.90"$/);
    expect(fragments).toHaveLength(12);
    expect(fragments.every((fragment) => fragment.bytes.length > fragment.runs[0]!.sampleBytes)).toBe(true);
  });

  test('the init segment and the fragments are the stream, byte for byte', () => {
    const { init, fragments } = split([audioVideo]);
    expect(Buffer.concat([init!.bytes, ...fragments.map((fragment) => fragment.bytes)]).equals(audioVideo)).toBe(true);
  });

  test('video alone, with an init segment made for it, decodes', async () => {
    const { init, fragments } = split([audioVideo]);
    const videoInit = videoOnlyInit(init!);
    expect(videoInit.tracks.map((track) => track.kind)).toEqual(['video']);
    expect(videoInit.mimeType).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}"$/);
    const videoId = videoInit.tracks[0]!.trackId;
    const videoFragments = fragments.filter((fragment) => fragment.runs[0]!.trackId === videoId);
    const path = media.path('video-only.mp4');
    await writeFile(path, Buffer.concat([videoInit.bytes, ...videoFragments.map((fragment) => fragment.bytes)]));
    expect(await decodeErrors(path)).toBe('');
    expect(await countPictures(path)).toBe(30);
  });
});

describe('configurations', () => {
  test('are the same for two runs on one stream, whatever bit rate was estimated', () => {
    const init = split([audioVideo]).init!;
    const other = Buffer.from(init.bytes);
    const at = other.indexOf('btrt', 0, 'latin1');
    expect(at).toBeGreaterThan(0);
    other.writeUInt32BE(12345, at + 12);
    expect(sameConfiguration(init, parseInitSegment(other))).toBe(true);
  });

  test('differ by codec', () => {
    expect(sameConfiguration(split([audioVideo]).init!, split([hevc]).init!)).toBe(false);
  });
});

describe('any chunking', () => {
  test('gives the same fragments', () => {
    const whole = split([audioVideo]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const { init, fragments } = split(chunksOf(audioVideo, sizes));
        expect(init!.bytes.equals(whole.init!.bytes)).toBe(true);
        expect(fragments.map(fingerprint)).toEqual(whole.fragments.map(fingerprint));
      }),
      { numRuns: 60 },
    );
  });

  test('down to single bytes', () => {
    expect(split(chunksOf(hevc, [1])).fragments.map(fingerprint)).toEqual(split([hevc]).fragments.map(fingerprint));
  });
});

describe('garbage', () => {
  test('never does worse than an Mp4FormatError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        throwsAtMostFormatError(() => split([Buffer.from(bytes)]));
      }),
    );
  });

  test('nor does a stream with damaged bytes', () => {
    const damage = fc.array(fc.tuple(fc.nat(audioVideo.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const headDamage = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(damage, headDamage), (changes) => {
        const bytes = Buffer.from(audioVideo);
        for (const [offset, value] of changes) bytes[offset] = value;
        throwsAtMostFormatError(() => {
          const { init } = split(chunksOf(bytes, [1000]));
          if (init?.tracks.some((track) => track.kind === 'video')) videoOnlyInit(init);
          if (init) sameConfiguration(init, init);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('an oversize box is refused before its bytes arrive', () => {
    const splitter = new FragmentSplitter({ onInit: () => undefined, onFragment: () => undefined, maxBoxBytes: 1000 });
    expect(() => splitter.push(Buffer.from('00000400667479700000', 'hex'))).toThrow(Mp4FormatError);
  });

  test('a fragment before the init segment, a second moov and an mdat of its own are refused', () => {
    const { init, fragments } = split([hevc]);
    const [first] = fragments;
    expect(() => split([first!.bytes])).toThrow('before the init');
    expect(() => split([init!.bytes, init!.bytes])).toThrow('second moov');
    const mdat = [...readBoxes(first!.bytes)][1]!;
    expect(() => split([init!.bytes, first!.bytes.subarray(mdat.offset)])).toThrow('without moof');
  });
});

test('a moof with several runs of both tracks is read as a whole', async () => {
  const bytes = await readFile(await createGroupedClip());
  const boxes = [...readBoxes(bytes)];
  const moof = boxes.find((box) => box.type === 'moof')!;
  const runs = parseFragment(bytes.subarray(moof.offset));
  const { fragments } = split([bytes]);
  expect(fragments[0]!.runs).toEqual(runs);
  expect(new Set(runs.map((run) => run.trackId)).size).toBe(2);
  expect(runs[0]).toMatchObject({ sampleCount: 10, keyFrame: true });
  const mdat = boxes.find((box) => box.type === 'mdat')!;
  expect(runs.reduce((total, run) => total + run.sampleBytes, 0)).toBe(mdat.endOffset - mdat.contentOffset);
});

/** One fragment per key frame, as other writers make them. */
async function createGroupedClip(): Promise<string> {
  const { execFileSync } = await import('node:child_process');
  const path = media.path('grouped.mp4');
  const flags = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+skip_trailer'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', media.path('av.mp4'), '-c', 'copy', ...flags, path]);
  return path;
}

function split(chunks: readonly Buffer[]): { init: InitSegment | undefined; fragments: Fragment[] } {
  const fragments: Fragment[] = [];
  let init: InitSegment | undefined;
  const splitter = new FragmentSplitter({
    onInit: (parsed) => (init = parsed),
    onFragment: (fragment) => fragments.push(fragment),
  });
  for (const chunk of chunks) splitter.push(chunk);
  return { init, fragments };
}

/** Cuts `bytes` into copies of the given sizes, over and over. */
function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let offset = 0, index = 0; offset < bytes.length; index += 1) {
    const size = sizes[index % sizes.length]!;
    chunks.push(Buffer.from(bytes.subarray(offset, offset + size)));
    offset += size;
  }
  return chunks;
}

function fingerprint(fragment: Fragment): unknown {
  return { bytes: fragment.bytes.toString('base64'), runs: fragment.runs };
}

function throwsAtMostFormatError(action: () => void): void {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(Mp4FormatError);
  }
}
