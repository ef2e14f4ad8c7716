import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFfmpeg } from '../../../native/run-ffmpeg.ts';
import { readTestClip, TestRecordings, TestSegment, type TestClip } from '../../engine/test-recordings.ts';
import { ClipLibrary } from '../../simulator/clip-library.ts';
import { clipParameters } from '../../simulator/clip.ts';
import { CLIP_CACHE, FFMPEG, type TestFolder } from '../harness.ts';

/** Every segment holds this clip: 20 s, so that its frame counter says where in its segment a picture stands. */
export const RECORDED = clipParameters({ seconds: 20, gopFrames: 15 });
export const SEGMENT_FRAMES = RECORDED.fps * RECORDED.seconds;
export const FRAME_MS = 1000 / RECORDED.fps;
const SEGMENT_MS = RECORDED.seconds * 1000;

/** What cameras recorded, some hours ago. */
export interface Footage {
  cameraId: string;
  /** Of a camera that recorded at the same times. */
  otherCameraId: string;
  /** Beginnings of the segments of `SEGMENT_FRAMES` frames, one more or less after the other. */
  startsMs: number[];
}

/**
 * Lays down footage of two cameras as if it had been recorded: rows and files of an engine that ran before. `pausesMs`
 * are the times without footage before each segment; 0 continues the one before.
 */
export async function layFootage(folder: TestFolder, pausesMs: readonly number[]): Promise<Footage> {
  const beginMs = Math.floor(Date.now() / 60_000) * 60_000 - 2 * 3_600_000;
  const clip = await recordedClip(folder);
  const recordings = await TestRecordings.create(clip, beginMs, folder.dataDir);
  const [cameraId, otherCameraId] = [recordings.addCamera('Archive'), recordings.addCamera('Ramp')];
  await recordings.index.start();
  const startsMs: number[] = [];
  /** Sessions with the cameras: media time goes on within one. */
  let [run, segmentsOfRun] = [0, 0];
  for (const pauseMs of pausesMs) {
    if (pauseMs > 0) [run, segmentsOfRun] = [run + 1, 0];
    const startMs = (recordings.clock.ms += pauseMs);
    startsMs.push(startMs);
    const later = shifted(clip, SEGMENT_FRAMES * segmentsOfRun++);
    for (const id of [cameraId, otherCameraId]) {
      recordings.clock.ms = startMs;
      const segment = new TestSegment(recordings, id, `run ${run} of ${id}`, 'main', later);
      await segment.open();
      await segment.grow(SEGMENT_FRAMES);
      await segment.close();
    }
    recordings.clock.ms = startMs + SEGMENT_MS;
  }
  await recordings.index.close();
  recordings.store.close();
  return { cameraId, otherCameraId, startsMs };
}

/** In frames: times are whole milliseconds, the beginnings of frames are not. */
const ROUNDING = 0.01;

/** The frame that was recorded at a moment: its number in its segment; undefined where nothing was. */
export function frameAt({ startsMs }: Footage, atMs: number): number | undefined {
  const startMs = startsMs.findLast((candidate) => candidate <= atMs);
  const frame = startMs === undefined ? Infinity : Math.floor((atMs - startMs) / FRAME_MS + ROUNDING);
  return frame < SEGMENT_FRAMES ? frame : undefined;
}

/** The simulator's clip as our recorder would write it. */
async function recordedClip(folder: TestFolder): Promise<TestClip> {
  const clip = await new ClipLibrary({ ffmpegPath: FFMPEG, cacheDir: CLIP_CACHE }).load(RECORDED);
  const startCode = Buffer.of(0, 0, 0, 1);
  const units = [...clip.parameterSets, ...clip.frames.flatMap((frame) => frame.units)];
  const [video, file] = [join(folder.path, 'clip.h264'), join(folder.path, 'clip.mp4')];
  await writeFile(video, Buffer.concat(units.flatMap((unit) => [startCode, unit])));
  const movflags = '+frag_every_frame+empty_moov+default_base_moof+skip_trailer';
  const args = ['-v', 'error', '-r', String(RECORDED.fps), '-i', video, '-c', 'copy', '-movflags', movflags, file];
  await runFfmpeg({ ffmpegPath: FFMPEG, args });
  return readTestClip(file, FRAME_MS);
}

/** The same frames at a later media time: their track fragment decode times (ISO/IEC 14496-12 8.8.12) are moved. */
function shifted(clip: TestClip, frames: number): TestClip {
  const bytes = Buffer.from(clip.bytes);
  const times: number[] = [];
  for (let at = bytes.indexOf('tfdt'); at !== -1; at = bytes.indexOf('tfdt', at + 4)) times.push(at + 8);
  const ticks = bytes.readBigUInt64BE(times[1]) - bytes.readBigUInt64BE(times[0]);
  for (const at of times) bytes.writeBigUInt64BE(bytes.readBigUInt64BE(at) + ticks * BigInt(frames), at);
  return { ...clip, bytes };
}
