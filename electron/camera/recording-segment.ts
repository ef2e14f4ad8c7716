import type { StreamName } from '../contract/ids.ts';
import type { KeyFrame, WorkerToEngine } from '../contract/worker-protocol.ts';
import type { StreamConfiguration, TimedFragment } from './media-fragment.ts';
import { PartialWriteError, SegmentFile } from './segment-file.ts';

export interface SegmentIdentity {
  segmentId: string;
  cameraId: string;
  stream: StreamName;
  configuration: StreamConfiguration;
  startMs: number;
  path: string;
}

interface SegmentPorts {
  send(message: WorkerToEngine): void;
  monotonicMs(): number;
}

/** A fragment that waits to be written, and what the index must learn once it is. */
interface Part {
  bytes: Buffer;
  video: { endMs: number; keyFrame: KeyFrame | undefined } | undefined;
}

/**
 * One segment, from its first key frame to the closed file. `add` never waits; `write`, `close` and `salvage` touch
 * the disk, must not overlap, and report to the engine what is in the file.
 */
export class RecordingSegment {
  readonly configuration: StreamConfiguration;
  readonly startMs: number;
  readonly #identity: SegmentIdentity;
  readonly #ports: SegmentPorts;
  #queue: Part[] = [];
  #queuedBytes = 0;
  /** Where the next part will lie. */
  #nextOffset: number;
  #file: SegmentFile | undefined;
  /** What is in the file. */
  #written: { endMs: number; frames: number };
  /** In the file, and not yet told. */
  readonly #newKeyFrames: KeyFrame[] = [];
  #abandoned = false;

  constructor(identity: SegmentIdentity, ports: SegmentPorts) {
    this.#identity = identity;
    this.#ports = ports;
    this.configuration = identity.configuration;
    this.startMs = identity.startMs;
    this.#nextOffset = identity.configuration.init.bytes.length;
    this.#written = { endMs: identity.startMs, frames: 0 };
  }

  /** The disk refused this segment; only `salvage` may follow. */
  get isAbandoned(): boolean {
    return this.#abandoned;
  }

  /** Bytes that are not in the file yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  add({ fragment: { bytes, keyFrame, track }, startMs, endMs }: TimedFragment): void {
    const key = keyFrame ? { timeMs: startMs, offsetBytes: this.#nextOffset } : undefined;
    this.#queue.push({ bytes, video: track === 'video' ? { endMs, keyFrame: key } : undefined });
    this.#queuedBytes += bytes.length;
    this.#nextOffset += bytes.length;
  }

  /** Gives up what is not yet on its way to the disk. */
  abandon(): void {
    this.#abandoned = true;
    for (const { bytes } of this.#queue) this.#queuedBytes -= bytes.length;
    this.#queue = [];
  }

  /** Writes what waits and tells the engine. Rejects when the disk refuses; whole parts then stay in the file. */
  async write(): Promise<void> {
    await this.#append();
    if (this.#file === undefined) return;
    this.#ports.send({
      type: 'segmentProgress',
      ...this.#names(),
      endMs: this.#written.endMs,
      bytes: this.#file.bytes,
      newKeyFrames: this.#takeKeyFrames(),
    });
  }

  /** Writes what waits and closes the file. `endMs` is the beginning of the next segment, if there is one. */
  async close(endMs: number): Promise<void> {
    await this.#append();
    await this.#finish(endMs);
  }

  /**
   * Closes the file with what is in it, after the disk refused; never rejects. Resolves with the time at which the
   * footage of this segment ends.
   */
  async salvage(): Promise<number> {
    try {
      return (await this.#finish(this.#written.endMs)) ? this.#written.endMs : this.startMs;
    } catch {
      // A disk that does not even sync: the file cannot be trusted, and that is what the engine is told.
      this.#discarded();
      return this.startMs;
    }
  }

  async #append(): Promise<void> {
    const parts = this.#queue;
    this.#queue = [];
    try {
      if (parts.length > 0 || this.#file !== undefined) this.#file ??= await this.#open();
      await this.#file?.append(parts.map(({ bytes }) => bytes));
      this.#note(parts);
    } catch (error) {
      if (error instanceof PartialWriteError) this.#note(parts.slice(0, error.wholeParts));
      throw error;
    } finally {
      for (const { bytes } of parts) this.#queuedBytes -= bytes.length;
    }
  }

  async #open(): Promise<SegmentFile> {
    const { path, configuration, startMs } = this.#identity;
    const { runId, init, video } = configuration;
    const file = await SegmentFile.create(path, () => this.#ports.monotonicMs());
    try {
      await file.append([init.bytes]);
    } catch (error) {
      await file.discard();
      throw error;
    }
    this.#ports.send({
      type: 'segmentOpened',
      ...this.#names(),
      startMs,
      initBytes: init.bytes.length,
      mimeType: init.mimeType,
      width: video.width ?? 0,
      height: video.height ?? 0,
      runId,
    });
    return file;
  }

  #note(parts: readonly Part[]): void {
    for (const { video } of parts) {
      if (video === undefined) continue;
      this.#written = { endMs: video.endMs, frames: this.#written.frames + 1 };
      if (video.keyFrame !== undefined) this.#newKeyFrames.push(video.keyFrame);
    }
  }

  /** Whether the file stays. */
  async #finish(endMs: number): Promise<boolean> {
    const file = this.#file;
    if (file === undefined) return false;
    const { frames } = this.#written;
    if (frames === 0 || endMs <= this.startMs) {
      await file.discard();
      this.#discarded();
      return false;
    }
    const { bytes, sha256 } = await file.close();
    const newKeyFrames = this.#takeKeyFrames();
    this.#ports.send({ type: 'segmentClosed', ...this.#names(), endMs, bytes, frames, newKeyFrames, sha256 });
    return true;
  }

  #discarded(): void {
    this.#ports.send({ type: 'segmentDiscarded', ...this.#names(), atMs: this.startMs });
  }

  #takeKeyFrames(): KeyFrame[] {
    return this.#newKeyFrames.splice(0);
  }

  #names(): { segmentId: string; cameraId: string; stream: StreamName } {
    const { segmentId, cameraId, stream } = this.#identity;
    return { segmentId, cameraId, stream };
  }
}
