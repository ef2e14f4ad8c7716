import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { StreamName } from '../contract/ids.ts';
import { recordingPath } from '../contract/recording-path.ts';
import type { SegmentOpened } from '../contract/worker-protocol.ts';
import { scanSegment } from '../mp4/segment-scan.ts';
import { TestMedia } from '../mp4/test-media.ts';
import { insertCamera } from '../store/camera-queries.ts';
import { openDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { createLog } from './log.ts';
import { RecordingIndex } from './recording-index.ts';

/** A clip made by FFmpeg, one fragment a frame, as our recorder writes them. */
export interface TestClip {
  bytes: Buffer;
  initBytes: number;
  mimeType: string;
  width: number;
  height: number;
  /** Where fragment n begins; one more entry for the end. */
  offsets: number[];
  keyFrames: { frame: number; offsetBytes: number }[];
  /** Length of a frame. */
  frameMs: number;
}

/** 100 frames of 40 ms with a key frame every 10; H.264 without other encoder options. */
export async function makeTestClip(video?: readonly string[]): Promise<TestClip> {
  const media = await TestMedia.create();
  try {
    return await readTestClip(await media.createClip({ name: 'clip.mp4', frames: 100, ...(video && { video }) }), 40);
  } finally {
    await media.close();
  }
}

/** A fragmented MP4 file of one fragment a frame. */
export async function readTestClip(path: string, frameMs: number): Promise<TestClip> {
  const scan = await scanSegment(path);
  if (scan.kind === 'unusable') throw new Error(scan.reason);
  const bytes = await readFile(path);
  const offsets: number[] = [];
  for (let offset = scan.initBytes; offset < scan.validBytes;) {
    offsets.push(offset);
    offset += bytes.readUInt32BE(offset);
    offset += bytes.readUInt32BE(offset);
  }
  offsets.push(scan.validBytes);
  const keyFrames = scan.keyFrames.map(({ offsetBytes }) => ({ frame: offsets.indexOf(offsetBytes), offsetBytes }));
  const { width = 0, height = 0 } = scan.init.tracks.find((track) => track.kind === 'video') ?? {};
  const { initBytes, init } = scan;
  return { bytes, initBytes, mimeType: init.mimeType, width, height, offsets, keyFrames, frameMs };
}

/** A folder with a database, a clock that stands still until it is moved, and an index over both. For tests only. */
export class TestRecordings {
  readonly folder: string;
  readonly recordingsDir: string;
  readonly clip: TestClip;
  readonly logLines: string[] = [];
  readonly log = createLog('debug', (line) => this.logLines.push(line));
  readonly clock: { ms: number; nowMs(): number };
  store: Store;
  index: RecordingIndex;

  private constructor(folder: string, store: Store, clip: TestClip, startMs: number) {
    this.folder = folder;
    this.recordingsDir = join(folder, 'recordings');
    this.clip = clip;
    this.clock = { ms: startMs, nowMs: () => this.clock.ms };
    this.store = store;
    this.index = this.#createIndex();
  }

  /** Nothing is started: add cameras, then `await recordings.index.start()`. Without `dataDir`, in a folder of its own. */
  static async create(clip: TestClip, startMs: number, dataDir?: string): Promise<TestRecordings> {
    const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'atalaya-recordings-')));
    await mkdir(folder, { recursive: true });
    return new TestRecordings(folder, await openDatabase(join(folder, 'atalaya.db')), clip, startMs);
  }

  addCamera(name = 'Gate'): string {
    const id = uuidv7();
    insertCamera(this.store, id, this.clock.ms, {
      ...{ name, enabled: 1, url: 'rtsp://camera/1', subUrl: null, transport: 'tcp' },
      ...{ recordingMode: 'continuous', credentials: null },
    });
    return id;
  }

  /** Ends as `kill -9` does: nothing more is written, not even that it ended. Then starts anew. */
  async crash(awayMs: number): Promise<void> {
    this.store.close();
    await this.index.close().catch(() => undefined);
    await this.#startAgain(awayMs);
  }

  async restart(awayMs: number): Promise<void> {
    await this.index.close();
    this.store.close();
    await this.#startAgain(awayMs);
  }

  async close(): Promise<void> {
    await this.index.close().catch(() => undefined);
    this.store.close();
    await rm(this.folder, { recursive: true });
  }

  async #startAgain(awayMs: number): Promise<void> {
    this.clock.ms += awayMs;
    this.store = await openDatabase(join(this.folder, 'atalaya.db'));
    this.index = this.#createIndex();
    await this.index.start();
  }

  #createIndex(): RecordingIndex {
    const { store, recordingsDir, clock, log } = this;
    return new RecordingIndex({ store, recordingsDir, clock, log, newId: uuidv7 });
  }
}

/** Does to the index and the disk what a worker does while it records one segment. */
export class TestSegment {
  readonly opened: SegmentOpened;
  readonly #recordings: TestRecordings;
  readonly #clip: TestClip;
  #frames = 0;
  #reportedKeyFrames = 0;

  constructor(
    recordings: TestRecordings,
    cameraId: string,
    runId: string,
    stream: StreamName = 'main',
    clip = recordings.clip,
  ) {
    this.#recordings = recordings;
    this.#clip = clip;
    const { initBytes, mimeType, width, height } = clip;
    const identity = { segmentId: uuidv7(), cameraId, stream, startMs: recordings.clock.ms, runId };
    this.opened = { type: 'segmentOpened', ...identity, initBytes, mimeType, width, height };
  }

  async open(): Promise<void> {
    await this.#write(this.#clip.initBytes);
    this.#recordings.index.handle(this.opened);
  }

  /** Records frames, which takes their time; `tornBytes` of the next one reach the disk, too. */
  async grow(frames: number, tornBytes = 0): Promise<void> {
    const { clock, index } = this.#recordings;
    const clip = this.#clip;
    const wanted = Math.min(frames, clip.offsets.length - 1 - this.#frames);
    this.#frames += wanted;
    clock.ms += wanted * clip.frameMs;
    await this.#write(this.#bytes + tornBytes);
    index.handle({ type: 'segmentProgress', ...this.#report() });
  }

  /** Sends nothing: what is on the disk is all there is to know. */
  async growUnreported(frames: number): Promise<void> {
    const { clock } = this.#recordings;
    const clip = this.#clip;
    this.#frames = Math.min(this.#frames + frames, clip.offsets.length - 1);
    clock.ms += frames * clip.frameMs;
    await this.#write(this.#bytes);
  }

  async close(): Promise<void> {
    await this.#write(this.#bytes);
    const sha256 = createHash('sha256').update(this.#clip.bytes.subarray(0, this.#bytes)).digest();
    const message = { type: 'segmentClosed', ...this.#report(), frames: this.#frames, sha256 } as const;
    this.#recordings.index.handle(message);
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    const { segmentId, cameraId, stream } = this.opened;
    const { index, clock } = this.#recordings;
    index.handle({ type: 'segmentDiscarded', segmentId, cameraId, stream, atMs: clock.ms });
  }

  get path(): string {
    return join(this.#recordings.recordingsDir, recordingPath(this.opened));
  }

  get frames(): number {
    return this.#frames;
  }

  get #bytes(): number {
    return this.#clip.offsets[this.#frames] ?? 0;
  }

  #report() {
    const clip = this.#clip;
    const { segmentId, cameraId, stream, startMs } = this.opened;
    const newKeyFrames = clip.keyFrames
      .filter((keyFrame) => keyFrame.frame < this.#frames)
      .slice(this.#reportedKeyFrames)
      .map(({ frame, offsetBytes }) => ({ timeMs: Math.round(startMs + frame * clip.frameMs), offsetBytes }));
    this.#reportedKeyFrames += newKeyFrames.length;
    const endMs = Math.round(startMs + this.#frames * clip.frameMs);
    return { segmentId, cameraId, stream, endMs, bytes: this.#bytes, newKeyFrames };
  }

  async #write(bytes: number): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(this.path, this.#clip.bytes.subarray(0, bytes));
  }
}
