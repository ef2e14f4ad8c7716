import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordingPath } from '../contract/recording-path.ts';
import type { SegmentClosed, SegmentOpened } from '../contract/worker-protocol.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { decodeFrameCounters, findCounterBreaks } from '../simulator/frame-counter.ts';
import { FFMPEG, WorkerHarness, startSimulator } from './testing/camera-harness.ts';

const run = promisify(execFile);
const clips = {
  h264: clipParameters({ gopFrames: 15, audio: 'aac' }),
  pcmu: clipParameters({ gopFrames: 15, audio: 'pcmu' }),
  h265: clipParameters({ gopFrames: 15, codec: 'h265' }),
  reordered: clipParameters({ gopFrames: 15, bFrames: 2 }),
};
const clipFrames = clips.h264.fps * clips.h264.seconds;

let simulator: CameraSimulator;
let worker: WorkerHarness;

beforeAll(async () => {
  simulator = await startSimulator(Object.entries(clips).map(([path, clip]) => ({ path, clip })));
}, 120_000);
afterAll(() => simulator.close());
afterEach(() => worker.close());

interface RecordedSegment extends SegmentOpened {
  closed: SegmentClosed;
  path: string;
}

/** The closed segments, in order. */
function closedSegments(): RecordedSegment[] {
  return worker.of('segmentClosed').map((closed) => {
    const opened = worker.of('segmentOpened').find(({ segmentId }) => segmentId === closed.segmentId);
    if (opened === undefined) throw new Error('closed before opened');
    return { ...opened, closed, path: join(worker.recordingsDir, recordingPath(opened)) };
  });
}

async function streamsOf(path: string): Promise<string[]> {
  const args = ['-v', 'error', '-show_entries', 'stream=codec_name,codec_tag_string', '-of', 'csv=p=0', path];
  const { stdout } = await run('ffprobe', args);
  return stdout.trim().split('\n').sort();
}

describe('recording', { timeout: 60_000 }, () => {
  it.each([
    ['h264', ['aac,mp4a', 'h264,avc1'], 'tcp'],
    ['pcmu', ['aac,mp4a', 'h264,avc1'], 'tcp'],
    ['h265', ['hevc,hvc1'], 'tcp'],
    ['reordered', ['h264,avc1'], 'tcp'],
    ['h264', ['aac,mp4a', 'h264,avc1'], 'udp'],
  ] as const)(
    '%s %s over %s: segments that play, are hashed and follow each other',
    async (path, streams, transport) => {
      worker = await WorkerHarness.start();
      worker.addCamera([{ url: simulator.url(path), transport }]);
      await worker.until(() => worker.of('segmentClosed').length >= 2, 'two segments');
      await worker.closeWorker();

      const segments = closedSegments();
      expect(segments.length).toBeGreaterThanOrEqual(3);
      const counters: number[] = [];
      for (const { path: file, closed } of segments) {
        const bytes = await readFile(file);
        expect(bytes.length).toBe(closed.bytes);
        expect(createHash('sha256').update(bytes).digest().equals(closed.sha256)).toBe(true);
        expect(await streamsOf(file)).toEqual(streams);
        const decoded = await run(FFMPEG, ['-v', 'error', '-i', file, '-f', 'null', '-']);
        // Of the very first reordered frames FFmpeg only guesses the times.
        if (path !== 'reordered' || file !== segments[0]?.path) expect(decoded.stderr).toBe('');
        const fileCounters = await decodeFrameCounters({ ffmpegPath: FFMPEG, file });
        expect(fileCounters).toHaveLength(closed.frames);
        counters.push(...fileCounters);
      }
      expect(findCounterBreaks(counters, clipFrames)).toEqual([]);

      segments.slice(1).forEach((segment, index) => {
        expect(segment.startMs).toBe(segments[index]!.closed.endMs);
        expect(segment.runId).toBe(segments[0]!.runId);
        // Cut at the first key frame (one a second) after a whole multiple of four seconds.
        expect(segment.startMs % 4_000).toBeLessThan(1_000);
      });
      const toleranceMs = path === 'reordered' ? 300 : 80;
      for (const { startMs, closed } of segments) {
        expect(Math.abs(closed.endMs - startMs - (closed.frames * 1000) / 15)).toBeLessThan(toleranceMs);
      }
      expect(worker.of('recordingStopped')).toMatchObject([
        { failure: 'closing', atMs: segments.at(-1)!.closed.endMs },
      ]);
    },
  );

  it('tells offsets at which key frames lie', async () => {
    worker = await WorkerHarness.start();
    worker.addCamera([{ url: simulator.url('h264') }]);
    await worker.message('segmentClosed', ({ frames }) => frames > 30);
    await worker.closeWorker();
    for (const segment of closedSegments()) {
      const bytes = await readFile(segment.path);
      const told = worker.messages.flatMap((message) =>
        (message.type === 'segmentProgress' || message.type === 'segmentClosed') &&
        message.segmentId === segment.segmentId
          ? message.newKeyFrames
          : [],
      );
      expect(told[0]).toEqual({ timeMs: segment.startMs, offsetBytes: segment.initBytes });
      for (const { offsetBytes } of told)
        expect(bytes.toString('latin1', offsetBytes + 4, offsetBytes + 8)).toBe('moof');
    }
  });

  it('sends nothing to viewers who left while the camera was away', async () => {
    worker = await WorkerHarness.start();
    const streams = [{ url: simulator.url('h264') }];
    const cameraId = worker.addCamera(streams);
    worker.send({ type: 'watch', cameraId, stream: 'main', watching: true });
    await worker.message('liveFragment');
    worker.send({ type: 'removeCamera', cameraId });
    await worker.message('recordingStopped');
    worker.messages.length = 0;
    worker.addCamera(streams, { cameraId });
    await worker.message('segmentProgress');
    expect(worker.of('liveInit')).toEqual([]);
  });

  it('keeps one session per stream while it records and is watched', async () => {
    worker = await WorkerHarness.start();
    const opened = simulator.camera('h264').stats.sessionsOpened;
    const cameraId = worker.addCamera([{ url: simulator.url('h264') }]);
    await worker.message('streamState', ({ state }) => state === 'online');
    worker.send({ type: 'watch', cameraId, stream: 'main', watching: true });
    worker.send({ type: 'snapshot', requestId: 'one', cameraId, stream: 'main' });
    const { jpeg } = await worker.message('snapshotResult');
    expect(Buffer.from(jpeg ?? []).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    await worker.message('segmentProgress');
    expect(simulator.camera('h264').stats.connectedClients).toBe(1);
    expect(simulator.camera('h264').stats.sessionsOpened).toBe(opened + 1);
    const init = worker.messages.findIndex(({ type }) => type === 'liveInit');
    expect(worker.messages[init]).toMatchObject({ width: 640, height: 360, videoOnly: { mimeType: /avc1/ } });
    const [first] = worker.messages.slice(init).filter(({ type }) => type === 'liveFragment');
    expect(first).toMatchObject({ keyFrame: true, track: 'video' });
  });

  it('leaves no file behind that nobody was told of', async () => {
    worker = await WorkerHarness.start();
    worker.addCamera([{ url: simulator.url('h265') }]);
    await worker.message('segmentClosed');
    await worker.closeWorker();
    const entries = await readdir(worker.recordingsDir, { recursive: true });
    const files = entries.filter((name) => name.endsWith('.mp4')).map((name) => join(worker.recordingsDir, name));
    expect(files.sort()).toEqual(
      closedSegments()
        .map(({ path }) => path)
        .sort(),
    );
  });
});
