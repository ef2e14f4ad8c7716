import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { CameraSettings } from '../../electron/store/camera-queries.ts';
import { recordingPath } from '../../electron/contract/recording-path.ts';
import type { KeyFrame } from '../../electron/contract/worker-protocol.ts';
import { KEEP_FREE_SETTING } from '../../electron/engine/retention.ts';
import { requireBox } from '../../electron/mp4/box-reader.ts';
import { FragmentSplitter, type Fragment } from '../../electron/mp4/fragment-splitter.ts';
import type { InitSegment } from '../../electron/mp4/init-segment.ts';
import { insertCamera } from '../../electron/store/camera-queries.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { insertSegment } from '../../electron/store/segment-queries.ts';
import { writeSetting } from '../../electron/store/setting-queries.ts';
import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import type { BenchContext } from './bench-context.ts';

/** Recorded files of one camera without a gap, and a data folder that indexes them. */
export interface Footage {
  dataDir: string;
  cameraId: string;
  startMs: number;
  endMs: number;
  bytes: number;
  /** In order. */
  files: string[];
}

const SEGMENT_MS = 60_000;
/** Counts up when the footage would be made otherwise. */
const VERSION = 1;

/** Footage of options.minutes minutes, 1080p25 at 4 Mbit/s, from the cache, or made now. */
export async function prepareFootage(context: BenchContext): Promise<Footage> {
  const { cacheDir, minutes } = context.options;
  const dir = join(cacheDir, `footage-${VERSION}-${minutes}min`);
  const description = join(dir, 'footage.json');
  if (!existsSync(description)) {
    context.say(`making ${minutes} minutes of footage, once`);
    const making = `${dir}.making`;
    await rm(making, { recursive: true, force: true });
    await rm(dir, { recursive: true, force: true });
    const footage = await makeFootage(context, making, dir);
    await rename(making, dir);
    await writeFile(description, JSON.stringify(footage));
  }
  return JSON.parse(await readFile(description, 'utf8')) as Footage;
}

async function makeFootage(context: BenchContext, making: string, dir: string): Promise<Footage> {
  const { minutes } = context.options;
  await mkdir(making, { recursive: true });
  const { init, fragments } = await makeMinute(context.ffmpegPath, making);
  const video = init.tracks[0];
  if (video === undefined) throw new Error('FFmpeg made footage without video.');
  const store = await openDatabase(join(making, 'atalaya.db'));
  try {
    // On a nearly full disk the engine would delete what this run needs.
    writeSetting(store, KEEP_FREE_SETTING, 0);
    const startMs = Math.floor(Date.now() / SEGMENT_MS) * SEGMENT_MS - (minutes + 60) * SEGMENT_MS;
    const camera = insertCamera(store, uuidv7(), startMs, { ...NOBODYS_CAMERA, name: 'Footage' });
    const footage: Footage = {
      ...{ dataDir: dir, cameraId: camera.id, startMs, endMs: startMs + minutes * SEGMENT_MS },
      ...{ bytes: 0, files: [] },
    };
    for (let minute = 0; minute < minutes; minute += 1) {
      const segmentMs = startMs + minute * SEGMENT_MS;
      const path = join('recordings', recordingPath({ cameraId: camera.id, stream: 'main', startMs: segmentMs }));
      const shifted = fragments.map((fragment) => delay(fragment.bytes, minute * 60 * video.timescale));
      const bytes = Buffer.concat([init.bytes, ...shifted]);
      await mkdir(dirname(join(making, path)), { recursive: true });
      await writeFile(join(making, path), bytes);
      insertSegment(store, {
        ...{ id: uuidv7(), cameraKey: camera.cameraKey, stream: 'main', trigger: 'continuous', runId: camera.id },
        ...{ startMs: segmentMs, endMs: segmentMs + SEGMENT_MS, fileMs: segmentMs, bytes: bytes.length },
        ...{ mimeType: init.mimeType, width: video.width ?? 0, height: video.height ?? 0 },
        ...{ initBytes: init.bytes.length, frames: fragments.length },
        keyFrames: keyFramesOf(init, fragments, segmentMs, video.timescale),
        sha256: createHash('sha256').update(bytes).digest(),
      });
      footage.bytes += bytes.length;
      footage.files.push(join(dir, path));
    }
    return footage;
  } finally {
    store.close();
  }
}

/** A camera that nobody connects to. */
export const NOBODYS_CAMERA: Omit<CameraSettings, 'name'> = {
  ...{ enabled: 0, url: 'rtsp://127.0.0.1:9/none', subUrl: null },
  ...{ transport: 'tcp', recordingMode: 'continuous', credentials: null },
};

/** One minute as the recorder writes it, a fragment per frame: ten seconds of picture six times over. */
async function makeMinute(ffmpegPath: string, dir: string): Promise<{ init: InitSegment; fragments: Fragment[] }> {
  const clip = join(dir, 'clip.mp4');
  const rate = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M'];
  const coder = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-bf', '0', '-sc_threshold', '0', ...rate];
  // Filler makes the bit rate what it should be, whatever the picture.
  const filler = ['-x264-params', 'nal-hrd=cbr', '-pix_fmt', 'yuv420p'];
  const picture = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=25', '-t', '10'];
  await runFfmpeg({ ffmpegPath, args: [...picture, ...coder, ...filler, clip], timeLimitMs: 300_000 });
  const fragmented = ['-f', 'mp4', '-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer'];
  const minute = ['-v', 'error', '-stream_loop', '5', '-i', clip, '-c', 'copy', '-use_editlist', '0', ...fragmented];
  const { stdout } = await runFfmpeg({ ffmpegPath, args: [...minute, 'pipe:1'] });
  await rm(clip);
  const inits: InitSegment[] = [];
  const fragments: Fragment[] = [];
  const splitter = new FragmentSplitter({
    onInit: (init) => inits.push(init),
    onFragment: (fragment) => fragments.push(fragment),
  });
  splitter.push(stdout);
  const [init] = inits;
  if (init === undefined) throw new Error('FFmpeg made footage without an init segment.');
  return { init, fragments };
}

/** A copy of the fragment whose `tfdt` (ISO/IEC 14496-12 8.8.12) is later by so many ticks. */
function delay(fragment: Buffer, ticks: number): Buffer {
  const copy = Buffer.from(fragment);
  const moof = requireBox(copy, 'moof', 0, copy.length);
  const traf = requireBox(copy, 'traf', moof.contentOffset, moof.endOffset);
  const tfdt = requireBox(copy, 'tfdt', traf.contentOffset, traf.endOffset);
  const at = tfdt.contentOffset + 4;
  if (copy[tfdt.contentOffset] === 1) copy.writeBigUInt64BE(copy.readBigUInt64BE(at) + BigInt(ticks), at);
  else copy.writeUInt32BE(copy.readUInt32BE(at) + ticks, at);
  return copy;
}

function keyFramesOf(init: InitSegment, fragments: readonly Fragment[], startMs: number, timescale: number) {
  const keyFrames: KeyFrame[] = [];
  let offsetBytes = init.bytes.length;
  for (const { bytes, runs } of fragments) {
    const [run] = runs;
    if (run?.keyFrame === true) {
      keyFrames.push({ timeMs: startMs + Math.round((run.decodeTime * 1000) / timescale), offsetBytes });
    }
    offsetBytes += bytes.length;
  }
  return keyFrames;
}
