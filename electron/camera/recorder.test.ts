import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordingPath } from '../contract/recording-path.ts';
import { Recorder, nextCutMs } from './recorder.ts';
import { RecorderContext, testConfiguration, testFrames } from './testing/recorder-harness.ts';

const START_MS = Date.UTC(2026, 0, 31, 23, 59, 58);
const identity = { cameraId: '01890a5d-ac96-774b-bcce-b302099a8057', stream: 'main' } as const;
const cut = { segmentMs: 4_000, cutOffsetMs: 1_500 };
const closing = { failure: 'closing', message: 'closing' } as const;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-recorder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(context: RecorderContext, startMs: number): string {
  return join(context.recordingsDir, recordingPath({ ...identity, startMs }));
}

describe('Recorder', () => {
  it('writes what it was given, whatever the GOPs, in segments that touch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 600 }), async (gopFrames, count) => {
        const context = new RecorderContext(mkdtempSync(join(folder, 'run-')));
        const recorder = new Recorder(context, identity, cut, 0);
        const frames = [
          ...testFrames({ configuration: testConfiguration(), startMs: START_MS, count, gopFrames, sizeBytes: 100 }),
        ];
        for (const frame of frames) recorder.take(frame);
        await recorder.stop(closing);

        const opened = context.of('segmentOpened');
        const closed = context.of('segmentClosed');
        expect(closed.map(({ segmentId }) => segmentId)).toEqual(opened.map(({ segmentId }) => segmentId));
        let index = 0;
        closed.forEach((end, at) => {
          const { startMs, initBytes } = opened[at]!;
          const bytes = readFileSync(fileOf(context, startMs));
          const expected = frames.slice(index, index + end.frames);
          expect(expected[0]).toMatchObject({ startMs, fragment: { keyFrame: true } });
          expect(bytes.equals(Buffer.concat([Buffer.from('init segment'), ...expected.map((f) => f.fragment.bytes)])));
          expect(bytes.length).toBe(end.bytes);
          expect(createHash('sha256').update(bytes).digest().equals(end.sha256)).toBe(true);
          const keyFrames = expected.flatMap((f, i) =>
            f.fragment.keyFrame ? [{ timeMs: f.startMs, offsetBytes: initBytes + i * 100 }] : [],
          );
          expect(end.newKeyFrames).toEqual(keyFrames);
          index += end.frames;
          expect(end.endMs).toBe(opened[at + 1]?.startMs ?? frames.at(-1)!.endMs);
        });
        expect(index).toBe(count);
        expect(context.of('recordingStopped')).toMatchObject([{ failure: 'closing', atMs: frames.at(-1)!.endMs }]);
      }),
      { numRuns: 25 },
    );
  });

  it('cuts at the staggered boundaries', () => {
    expect(nextCutMs(1_000, 4_000, 1_500)).toBe(1_500);
    expect(nextCutMs(1_500, 4_000, 1_500)).toBe(5_500);
    expect(nextCutMs(5_499, 4_000, 1_500)).toBe(5_500);
  });

  it('waits for a key frame', async () => {
    const context = new RecorderContext(folder);
    const recorder = new Recorder(context, identity, cut, 0);
    const frames = [
      ...testFrames({ configuration: testConfiguration(), startMs: START_MS, count: 30, gopFrames: 10, sizeBytes: 10 }),
    ];
    for (const frame of frames.slice(3)) recorder.take(frame);
    await recorder.stop(closing);
    expect(context.of('segmentOpened')).toMatchObject([{ startMs: frames[10]!.startMs }]);
  });

  it('says that the recordings folder is gone, and records again when it is back', async () => {
    const context = new RecorderContext(join(folder, 'disk'));
    writeFileSync(context.recordingsDir, 'not a folder');
    const recorder = new Recorder(context, identity, cut, 0);
    const frames = [
      ...testFrames({
        configuration: testConfiguration(),
        startMs: START_MS,
        count: 300,
        gopFrames: 10,
        sizeBytes: 10,
      }),
    ];
    for (const frame of frames.slice(0, 150)) recorder.take(frame);
    await recorder.stop(closing);
    expect(context.of('segmentOpened')).toEqual([]);
    expect(context.of('recordingStopped')[0]).toMatchObject({ failure: 'disk-error', atMs: START_MS });

    rmSync(context.recordingsDir);
    mkdirSync(context.recordingsDir);
    for (const frame of frames.slice(150, 160)) recorder.take(frame);
    await recorder.stop(closing);
    expect(context.of('segmentOpened')).toEqual([]); // it rests for a while
    context.atMs += 60_000;
    for (const frame of frames.slice(160)) recorder.take(frame);
    await recorder.stop(closing);
    expect(context.of('segmentOpened')[0]).toMatchObject({ startMs: frames[160]!.startMs });
  });

  it('gives up a segment when the disk does not keep up, keeps what was written and begins anew', async () => {
    const context = new RecorderContext(folder);
    const recorder = new Recorder(context, identity, { segmentMs: 3_600_000, cutOffsetMs: 0 }, 0);
    const sizeBytes = 1024 * 1024;
    const options = { configuration: testConfiguration(), count: 60, gopFrames: 10, sizeBytes };
    for (const frame of testFrames({ ...options, startMs: START_MS })) recorder.take(frame);
    context.atMs += 60_000;
    for (const frame of testFrames({ ...options, startMs: START_MS + 60_000, count: 5 })) recorder.take(frame);
    await recorder.stop(closing);
    const [slow] = context.of('recordingStopped');
    expect(slow).toMatchObject({ failure: 'disk-error', message: expect.stringContaining('slow') as string });
    expect(context.of('segmentOpened').at(-1)).toMatchObject({ startMs: START_MS + 60_000 });
    expect(context.of('segmentClosed').at(-1)).toMatchObject({ frames: 5 });
  });

  it('begins anew when somebody deletes the file, and says that its footage is gone', async () => {
    const context = new RecorderContext(folder);
    const recorder = new Recorder(context, identity, { segmentMs: 3_600_000, cutOffsetMs: 0 }, 0);
    const options = { configuration: testConfiguration(), count: 10, gopFrames: 5, sizeBytes: 100 };
    const written = () => vi.waitFor(() => expect(context.of('segmentProgress')).toHaveLength(1), { timeout: 5_000 });
    for (const frame of testFrames({ ...options, startMs: START_MS })) recorder.take(frame);
    await written();
    rmSync(fileOf(context, START_MS));
    context.atMs += 10_000;
    for (const frame of testFrames({ ...options, startMs: START_MS + 400 })) recorder.take(frame);
    await vi.waitFor(() => expect(context.of('recordingStopped')).toHaveLength(1), { timeout: 5_000 });
    expect(context.of('recordingStopped')[0]).toMatchObject({ failure: 'disk-error', atMs: START_MS });
    expect(context.of('segmentDiscarded')).toHaveLength(1);
    context.atMs += 60_000;
    for (const frame of testFrames({ ...options, startMs: START_MS + 60_000 })) recorder.take(frame);
    await recorder.stop(closing);
    expect(context.of('segmentClosed')).toMatchObject([{ frames: 10 }]);
  });

  it('stops on a full disk at the last whole fragment and says so', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === undefined) return skip('only root may mount a small disk');
    try {
      const context = new RecorderContext(disk);
      const recorder = new Recorder(context, identity, { segmentMs: 3_600_000, cutOffsetMs: 0 }, 0);
      const sizeBytes = 100_000;
      const options = { configuration: testConfiguration(), count: 40, gopFrames: 5, sizeBytes };
      for (const frame of testFrames({ ...options, startMs: START_MS })) recorder.take(frame);
      await recorder.stop(closing);
      const { startMs } = context.of('segmentOpened')[0]!;
      const [closed] = context.of('segmentClosed');
      const bytes = readFileSync(fileOf(context, startMs));
      expect(closed!.frames).toBeGreaterThan(5);
      expect(closed!.frames).toBeLessThan(20);
      expect(bytes.length).toBe(closed!.bytes);
      expect(bytes.length).toBe('init segment'.length + closed!.frames * sizeBytes);
      expect(createHash('sha256').update(bytes).digest().equals(closed!.sha256)).toBe(true);
      const endMs = START_MS + closed!.frames * 40;
      expect(closed!.endMs).toBe(endMs);
      expect(context.of('recordingStopped')[0]).toMatchObject({ failure: 'disk-full', atMs: endMs });

      // Somebody else takes the rest: none of it is for footage.
      writeFileSync(join(disk, 'other'), Buffer.alloc(statfsSync(disk).bavail * 4096));
      // Still full: nothing is left behind that would fill it further.
      context.atMs += 60_000;
      for (const frame of testFrames({ ...options, startMs: START_MS + 60_000 })) recorder.take(frame);
      await recorder.stop(closing);
      const names = readdirSync(disk, { recursive: true }) as string[];
      const files = names.filter((name) => name.endsWith('.mp4'));
      expect(files).toHaveLength(context.of('segmentClosed').length);
    } finally {
      unmount(disk);
    }
  });
});

/** A disk of 1.5 MB, where this user may mount one. */
function mountSmallDisk(): string | undefined {
  const disk = mkdtempSync(join(tmpdir(), 'atalaya-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1536k', 'tmpfs', disk], { stdio: 'ignore' });
    return disk;
  } catch {
    rmSync(disk, { recursive: true });
    return undefined;
  }
}

function unmount(disk: string): void {
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
}
