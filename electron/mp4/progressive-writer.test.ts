import { copyFile, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBox, readBoxes, requireBox } from './box-reader.ts';
import { writeProgressiveMp4, type ClipSource, type ProgressiveClip } from './progressive-writer.ts';
import { scanSegment, type SegmentScan } from './segment-scan.ts';
import { TestMedia, countPictures, decodeErrors, h264WithBFrames, h265, probePackets } from './test-media.ts';

const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);
/** A frame of AAC at 16 kHz. */
const audioFrameSeconds = 1024 / 16000;

let media: TestMedia;
let audioVideo: string;
let plain: string;

beforeAll(async () => {
  media = await TestMedia.create();
  audioVideo = await media.createClip({ name: 'av.mp4', frames: 50, video: h264WithBFrames, withAudio: true });
  plain = await media.createClip({ name: 'plain.mp4', frames: 30 });
});

afterAll(() => media.close());

describe('one file', () => {
  test('H.264 with B-frames and AAC', async () => {
    const { path, clip } = await write('one.mp4', [wholeOf(audioVideo)]);
    expect(clip).toMatchObject({ frames: 50, videoStartMs: startMs, damaged: [] });
    expect(clip.durationMs).toBe(2000);
    await expectPlayable(path, 50);
    const times = (await probePackets(path)).filter((packet) => packet.kind === 'video').map((p) => p.ptsSeconds);
    expect(Math.min(...times)).toBe(0);
    expect(new Set(times).size).toBe(50);
    await expectSynchronous(path, [audioVideo]);
  });

  test('H.265 without sound', async () => {
    const source = await media.createClip({ name: 'hevc.mp4', frames: 20, video: h265 });
    const { path, clip } = await write('hevc-out.mp4', [wholeOf(source)]);
    expect(clip).toMatchObject({ frames: 20, durationMs: 800 });
    await expectPlayable(path, 20);
  });

  test('moov stands before mdat, and tells when it was recorded', async () => {
    const { path, clip } = await write('head.mp4', [wholeOf(audioVideo)]);
    const bytes = await readFile(path);
    expect(clip.bytes).toBe(bytes.length);
    expect([...readBoxes(bytes)].map((box) => box.type)).toEqual(['ftyp', 'moov', 'mdat']);
    const moov = requireBox(bytes, 'moov', 0, bytes.length);
    const mvhd = requireBox(bytes, 'mvhd', moov.contentOffset, moov.endOffset);
    const from1904 = Number(bytes.readBigUInt64BE(mvhd.contentOffset + 4));
    expect((from1904 - 2_082_844_800) * 1000).toBe(startMs);
  });

  test('a part of it, from one key frame to another', async () => {
    const { keyFrames } = await scan(audioVideo);
    const [, second, , fourth] = keyFrames;
    const source = { path: audioVideo, fromOffsetBytes: second!.offsetBytes, toOffsetBytes: fourth!.offsetBytes };
    const { path, clip } = await write('part.mp4', [{ ...source, startMs }]);
    expect(clip).toMatchObject({ frames: 20, durationMs: 800 });
    await expectPlayable(path, 20);
    await expectSynchronous(path, [audioVideo]);
  });

  test('a start between key frames waits for the next one', async () => {
    const { keyFrames, initBytes } = await scan(plain);
    const [, second] = keyFrames;
    const bytes = await readFile(plain);
    const [firstMoof, firstMdat] = [...readBoxes(bytes.subarray(initBytes))];
    expect(firstMoof?.type).toBe('moof');
    const fromOffsetBytes = initBytes + firstMdat!.endOffset;
    expect(fromOffsetBytes).toBeLessThan(second!.offsetBytes);
    const { clip } = await write('late.mp4', [{ ...wholeOf(plain), fromOffsetBytes }]);
    expect(clip.frames).toBe(20);
  });
});

describe('several files', () => {
  test('of one run join without a seam', async () => {
    const parts = await cutInto(audioVideo, 3);
    const joined = await write('joined.mp4', parts.map(wholeOf));
    const whole = await write('whole.mp4', [wholeOf(audioVideo)]);
    expect(joined.clip.durationMs).toBe(whole.clip.durationMs);
    await expectPlayable(joined.path, 50);
    expect(await probePackets(joined.path)).toEqual(await probePackets(whole.path));
  });

  test('of different runs close up the gap and keep sound with picture', async () => {
    const second = await media.createClip({ name: 'av2.mp4', frames: 35, video: h264WithBFrames, withAudio: true });
    const { path, clip } = await write('runs.mp4', [wholeOf(audioVideo), wholeOf(second), wholeOf(audioVideo)]);
    expect(clip).toMatchObject({ frames: 135, durationMs: 5400 });
    await expectPlayable(path, 135);
    await expectSynchronous(path, [audioVideo, second, audioVideo]);
  });

  test('some of which have no sound', async () => {
    const silent = await media.createClip({ name: 'silent.mp4', frames: 25, video: h264WithBFrames });
    const { path, clip } = await write('some-silent.mp4', [wholeOf(silent), wholeOf(audioVideo), wholeOf(silent)]);
    expect(clip).toMatchObject({ frames: 100, durationMs: 4000 });
    await expectPlayable(path, 100);
    await expectSynchronous(path, [silent, audioVideo, silent]);
    const again = await write('silent-between.mp4', [wholeOf(audioVideo), wholeOf(silent), wholeOf(audioVideo)]);
    expect(again.clip.durationMs).toBe(5000);
    await expectPlayable(again.path, 125);
    await expectSynchronous(again.path, [audioVideo, silent, audioVideo]);
  });

  test('of different sizes decode throughout, and each has its sample entry', async () => {
    const large = await media.createClip({ name: 'large.mp4', frames: 20, size: '160x120', video: h264WithBFrames });
    const { path, clip } = await write('sizes.mp4', [wholeOf(plain), wholeOf(large), wholeOf(plain)]);
    expect(clip).toMatchObject({ frames: 80, durationMs: 3200 });
    await expectPlayable(path, 80);
    expect(sampleEntryCount(await readFile(path))).toBe(2);
  });

  test('of one size need one sample entry', async () => {
    const { path } = await write('same.mp4', [wholeOf(plain), wholeOf(plain)]);
    expect(sampleEntryCount(await readFile(path))).toBe(1);
    await expectPlayable(path, 60);
  });
});

describe('bad sources', () => {
  test('what is whole is taken, and the damage is told', async () => {
    const cutOff = media.path('cut-off.mp4');
    await copyFile(plain, cutOff);
    const { keyFrames } = await scan(plain);
    await truncate(cutOff, keyFrames[2]!.offsetBytes + 50);
    const text = media.path('text.mp4');
    await writeFile(text, 'no video');
    const { path, clip } = await write('damaged.mp4', [wholeOf(cutOff), wholeOf(text), wholeOf(plain)]);
    expect(clip.frames).toBe(50);
    expect(clip.damaged.map((source) => source.path)).toEqual([text, cutOff]);
    await expectPlayable(path, 50);
  });

  test('nothing to play is an error, and leaves nothing behind', async () => {
    const text = media.path('text-only.mp4');
    await writeFile(text, 'no video');
    await expect(write('none.mp4', [wholeOf(text)])).rejects.toThrow('no source can be played');
    await expect(write('none.mp4', [wholeOf(media.path('missing'))])).rejects.toThrow('ENOENT');
    expect((await readdir(media.directory)).filter((name) => name.startsWith('none'))).toEqual([]);
  });
});

test('an export that is cancelled leaves nothing behind', async () => {
  const abort = new AbortController();
  const outputPath = media.path('cancelled.mp4');
  const writing = writeProgressiveMp4({
    sources: [wholeOf(audioVideo), wholeOf(plain)],
    outputPath,
    onProgress: () => abort.abort(),
    signal: abort.signal,
  });
  await expect(writing).rejects.toThrow('aborted');
  expect((await readdir(media.directory)).filter((name) => name.startsWith('cancelled'))).toEqual([]);
});

test('progress ends with all bytes', async () => {
  const seen: [number, number][] = [];
  const { bytes } = await writeProgressiveMp4({
    sources: [wholeOf(audioVideo), wholeOf(audioVideo)],
    outputPath: media.path('progress.mp4'),
    fsyncAtEnd: true,
    onProgress: (done, total) => seen.push([done, total]),
  });
  expect(seen.at(-1)).toEqual([bytes, bytes]);
});

async function write(name: string, sources: ClipSource[]): Promise<{ path: string; clip: ProgressiveClip }> {
  const path = media.path(name);
  return { path, clip: await writeProgressiveMp4({ sources, outputPath: path }) };
}

function wholeOf(path: string): ClipSource {
  return { path, fromOffsetBytes: 0, toOffsetBytes: Number.MAX_SAFE_INTEGER, startMs };
}

async function scan(path: string): Promise<SegmentScan> {
  const result = await scanSegment(path);
  if (result.kind !== 'usable') throw new Error(result.reason);
  return result;
}

/** Cuts a file at key frames, each part with the init segment, as the recorder does. */
async function cutInto(path: string, parts: number): Promise<string[]> {
  const bytes = await readFile(path);
  const { keyFrames, initBytes } = await scan(path);
  const borders = [...keyFrames.slice(0, parts).map((keyFrame) => keyFrame.offsetBytes), bytes.length];
  const paths: string[] = [];
  for (let part = 0; part < parts; part += 1) {
    const partPath = media.path(`part-${part}.mp4`);
    const from = part === 0 ? initBytes : borders[part];
    await writeFile(partPath, Buffer.concat([bytes.subarray(0, initBytes), bytes.subarray(from, borders[part + 1])]));
    paths.push(partPath);
  }
  return paths;
}

async function expectPlayable(path: string, pictures: number): Promise<void> {
  expect(await decodeErrors(path)).toBe('');
  expect(await countPictures(path)).toBe(pictures);
}

/**
 * Finds each source in the output by the hashes of its packets, in order, and compares how far its sound stands from
 * its picture there and here.
 */
async function expectSynchronous(path: string, sourcePaths: readonly string[]): Promise<void> {
  const output = await probePackets(path);
  const position = { video: 0, audio: 0 };
  for (const sourcePath of sourcePaths) {
    const source = await probePackets(sourcePath);
    const shifts = { video: [] as number[], audio: [] as number[] };
    for (const kind of ['video', 'audio'] as const) {
      const candidates = output.filter((packet) => packet.kind === kind);
      for (const packet of source.filter((candidate) => candidate.kind === kind)) {
        const at = candidates.findIndex((other, index) => index >= position[kind] && other.hash === packet.hash);
        // Packets that were left out are not there; those that are come close by.
        if (at < 0 || at > position[kind] + 4) continue;
        position[kind] = at + 1;
        shifts[kind].push(candidates[at]!.ptsSeconds - packet.ptsSeconds);
      }
    }
    expect(shifts.video.length).toBeGreaterThan(0);
    const videoShift = shifts.video[0]!;
    for (const shift of shifts.video) expect(Math.abs(shift - videoShift)).toBeLessThan(0.001);
    const hasSound = source.some((packet) => packet.kind === 'audio');
    expect(shifts.audio.length > 10).toBe(hasSound);
    for (const shift of shifts.audio) expect(Math.abs(shift - videoShift)).toBeLessThan(audioFrameSeconds);
  }
}

function sampleEntryCount(bytes: Buffer): number {
  let parent = requireBox(bytes, 'moov', 0, bytes.length);
  for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsd']) {
    parent = requireBox(bytes, type, parent.contentOffset, parent.endOffset);
  }
  expect(findBox(bytes, 'avc1', parent.contentOffset + 8, parent.endOffset)).toBeDefined();
  return bytes.readUInt32BE(parent.contentOffset + 4);
}
