import { readFile, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBoxes } from './box-reader.ts';
import { parseInitSegment } from './init-segment.ts';
import { scanSegment, type SegmentScan } from './segment-scan.ts';
import { TestMedia, h265 } from './test-media.ts';

let media: TestMedia;
let clip: string;

beforeAll(async () => {
  media = await TestMedia.create();
  clip = await media.createClip({ name: 'clip.mp4', frames: 50, withAudio: true });
});

afterAll(() => media.close());

test('a whole file', async () => {
  const bytes = await readFile(clip);
  const scan = await scanUsable(clip);
  const boxes = [...readBoxes(bytes)];
  expect(scan).toMatchObject({ validBytes: bytes.length, truncated: false, durationMs: 2000 });
  expect(scan.initBytes).toBe(boxes.find((box) => box.type === 'moof')?.offset);
  expect(scan.init.mimeType).toBe(parseInitSegment(bytes.subarray(0, scan.initBytes)).mimeType);
  expect(scan.fragments).toBe(boxes.filter((box) => box.type === 'moof').length);
  expect(scan.keyFrames.map((keyFrame) => keyFrame.timeMs)).toEqual([0, 400, 800, 1200, 1600]);
  for (const { offsetBytes } of scan.keyFrames) {
    expect(bytes.toString('latin1', offsetBytes + 4, offsetBytes + 8)).toBe('moof');
  }
});

test('H.265', async () => {
  const path = await media.createClip({ name: 'hevc.mp4', frames: 20, video: h265 });
  expect(await scanUsable(path)).toMatchObject({ durationMs: 800, fragments: 20, truncated: false });
});

test('a file cut off anywhere ends at the border of a fragment', async () => {
  const path = await media.createClip({ name: 'tiny.mp4', frames: 6, size: '32x32' });
  const bytes = await readFile(path);
  const borders = new Set<number>();
  let initBytes = 0;
  for (const box of readBoxes(bytes)) {
    if (box.type === 'moov') borders.add((initBytes = box.endOffset));
    if (box.type === 'mdat') borders.add(box.endOffset);
  }
  const [firstEnd = 0] = [...borders].filter((border) => border > initBytes);
  for (let length = bytes.length; length >= 0; length -= 1) {
    await truncate(path, length);
    const scan = await scanSegment(path);
    if (length < initBytes) expect(scan).toEqual({ kind: 'unusable', reason: 'no-init' });
    else if (length < firstEnd) expect(scan).toEqual({ kind: 'unusable', reason: 'no-key-frame' });
    else if (scan.kind === 'usable') {
      expect(borders.has(scan.validBytes) && scan.validBytes <= length).toBe(true);
      expect(scan.truncated).toBe(scan.validBytes < length);
      expect([...borders].filter((border) => border <= length).at(-1)).toBe(scan.validBytes);
    } else expect.unreachable();
  }
});

test('garbage in the middle ends the valid part there', async () => {
  const bytes = await readFile(clip);
  const whole = await scanUsable(clip);
  const border = whole.keyFrames[2]!.offsetBytes;
  const path = media.path('garbage.mp4');
  await writeFile(path, Buffer.concat([bytes.subarray(0, border), Buffer.alloc(3000, 0x5a), bytes.subarray(border)]));
  expect(await scanUsable(path)).toMatchObject({ validBytes: border, truncated: true, durationMs: 800 });
});

test('a picture whose blocks were never written ends the valid part, too', async () => {
  const path = await media.createClip({ name: 'zeros.mp4', frames: 20, size: '320x240' });
  const bytes = await readFile(path);
  const { keyFrames } = await scanUsable(path);
  const lost = keyFrames[1]!.offsetBytes;
  const [, mdat] = [...readBoxes(bytes.subarray(lost))];
  bytes.fill(0, lost + mdat!.endOffset - 2000, lost + mdat!.endOffset);
  await writeFile(path, bytes);
  expect(await scanUsable(path)).toMatchObject({ validBytes: lost, truncated: true, durationMs: 400 });
});

test('what follows the last fragment is told, be it zeros or the start of a box', async () => {
  const bytes = await readFile(clip);
  const path = media.path('tail.mp4');
  for (const tail of [Buffer.alloc(4096), Buffer.from([0, 0, 0]), Buffer.from('000000106d6f6f66', 'hex')]) {
    await writeFile(path, Buffer.concat([bytes, tail]));
    expect(await scanUsable(path)).toMatchObject({ validBytes: bytes.length, truncated: true, durationMs: 2000 });
  }
});

test('files without anything to play have a reason', async () => {
  const path = media.path('other');
  await writeFile(path, 'not a video at all, only some text');
  expect(await scanSegment(path)).toEqual({ kind: 'unusable', reason: 'no-init' });
  await writeFile(path, '');
  expect(await scanSegment(path)).toEqual({ kind: 'unusable', reason: 'no-init' });
  await expect(scanSegment(media.path('missing'))).rejects.toThrow('ENOENT');
});

test('damaged bytes never throw and never lengthen the file', async () => {
  const bytes = await readFile(clip);
  const path = media.path('damaged.mp4');
  const change = fc.tuple(fc.oneof(fc.nat(bytes.length - 1), fc.nat(2500)), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const damaged = Buffer.from(bytes);
      for (const [offset, value] of changes) damaged[offset] = value;
      await writeFile(path, damaged);
      const scan = await scanSegment(path);
      if (scan.kind === 'usable') expect(scan.validBytes).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 200 },
  );
});

test('stops when it is told to', async () => {
  await expect(scanSegment(clip, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
});

async function scanUsable(path: string): Promise<SegmentScan> {
  const scan = await scanSegment(path);
  if (scan.kind !== 'usable') throw new Error(`unusable: ${scan.reason}`);
  return scan;
}
