import { join } from 'node:path';
import type { StreamFailure } from '../contract/camera.ts';
import type { StreamName } from '../contract/ids.ts';
import { recordingPath } from '../contract/recording-path.ts';
import type { CameraAssignment } from '../contract/worker-protocol.ts';
import { Backoff } from './backoff.ts';
import { toDiskFailure } from './disk-failure.ts';
import type { StreamConfiguration, TimedFragment } from './media-fragment.ts';
import { RecordingSegment } from './recording-segment.ts';
import type { WorkerContext } from './worker-context.ts';

export interface StopReason {
  failure: StreamFailure | 'removed' | 'closing';
  message: string;
}

/** What waits for a slow disk, for one stream: a minute of 4 Mbit/s. More would be memory that the system lacks. */
const MOST_QUEUED_BYTES = 32 * 1024 * 1024;
/** Grouped writes: at `kill -9` this much is lost, and what waits in pipes (read-pacer.ts): a second in all. */
const WRITE_EVERY_MS = 750;

/**
 * Cuts one stream into segments and brings them to disk. Takes fragments without ever waiting; the disk works behind
 * a bounded queue. A disk that refuses stops the recording, says so, and is tried again for ever.
 */
export class Recorder {
  readonly #context: WorkerContext;
  readonly #identity: { cameraId: string; stream: StreamName };
  #cut: Pick<CameraAssignment, 'segmentMs' | 'cutOffsetMs'>;
  #segment: RecordingSegment | undefined;
  #segmentCutMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Everything that touches the disk, one after the other. */
  #disk: Promise<void> = Promise.resolve();
  #endMs: number;
  /** The engine knows that nothing is recorded, and why. */
  #stopTold = false;
  readonly #backoff: Backoff;
  #retryAtMs = -Infinity;

  constructor(
    context: WorkerContext,
    identity: { cameraId: string; stream: StreamName },
    cut: Pick<CameraAssignment, 'segmentMs' | 'cutOffsetMs'>,
    /** End of what an earlier recorder of this stream recorded. */
    endMs: number,
  ) {
    this.#context = context;
    this.#identity = identity;
    this.#cut = cut;
    this.#endMs = endMs;
    this.#backoff = new Backoff(context.random);
  }

  /** Wall clock at which the footage so far ends; 0 when there is none. No later footage may begin before it. */
  get endMs(): number {
    return this.#endMs;
  }

  /** Holds from the next segment on. */
  setCut(cut: Pick<CameraAssignment, 'segmentMs' | 'cutOffsetMs'>): void {
    this.#cut = cut;
  }

  take(timed: TimedFragment): void {
    const { fragment, startMs, configuration } = timed;
    if (fragment.keyFrame && this.#isCut(startMs, configuration)) this.#closeSegment(startMs);
    if (this.#segment === undefined) {
      if (!fragment.keyFrame || this.#context.clock.monotonicMs() < this.#retryAtMs) return;
      this.#openSegment(configuration, startMs);
    }
    const segment = this.#segment;
    if (segment === undefined) return;
    segment.add(timed);
    if (fragment.track === 'video') this.#endMs = timed.endMs;
    if (segment.queuedBytes > MOST_QUEUED_BYTES) {
      this.#abandon(segment);
      const failure = { failure: 'disk-error', message: 'The disk is too slow: it did not keep up.' } as const;
      this.#disk = this.#disk.then(() => this.#salvage(segment, failure));
      return;
    }
    this.#timer ??= setTimeout(() => this.#flush(), WRITE_EVERY_MS);
  }

  /**
   * Ends the recording for now; it goes on with the next key frame that is given. Resolves when the segment is closed
   * and the engine was told.
   */
  stop(reason: StopReason): Promise<void> {
    const endMs = this.#segment === undefined ? undefined : this.#endMs;
    const isNews = endMs !== undefined || !this.#stopTold || isFinal(reason);
    const atMs = endMs ?? this.#context.clock.nowMs();
    this.#closeSegment(this.#endMs);
    this.#stopTold = true;
    if (isNews) this.#disk = this.#disk.then(() => this.#tellStop(atMs, reason));
    return this.#disk;
  }

  #isCut(startMs: number, configuration: StreamConfiguration): boolean {
    if (this.#segment === undefined) return false;
    return startMs >= this.#segmentCutMs || this.#segment.configuration !== configuration;
  }

  #openSegment(configuration: StreamConfiguration, startMs: number): void {
    const { newId, recordingsDir, clock, send } = this.#context;
    const path = join(recordingsDir, recordingPath({ ...this.#identity, startMs }));
    this.#segment = new RecordingSegment(
      { ...this.#identity, segmentId: newId(), configuration, startMs, path },
      { send, monotonicMs: () => clock.monotonicMs() },
    );
    this.#segmentCutMs = nextCutMs(startMs, this.#cut.segmentMs, this.#cut.cutOffsetMs);
    this.#endMs = startMs;
    this.#stopTold = false;
  }

  #flush(): void {
    this.#timer = undefined;
    const segment = this.#segment;
    if (segment !== undefined) this.#enqueue(segment, () => segment.write());
  }

  #closeSegment(endMs: number): void {
    const segment = this.#segment;
    if (segment === undefined) return;
    this.#segment = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#endMs = endMs;
    this.#enqueue(segment, async () => {
      await segment.close(endMs);
      this.#backoff.reset();
    });
  }

  #enqueue(segment: RecordingSegment, work: () => Promise<void>): void {
    this.#disk = this.#disk.then(async () => {
      if (segment.isAbandoned) return;
      try {
        await work();
      } catch (error) {
        this.#abandon(segment);
        await this.#salvage(segment, toDiskFailure(error));
      }
    });
  }

  /** The disk refused, or does not keep up: recording rests for a while. */
  #abandon(segment: RecordingSegment): void {
    segment.abandon();
    if (this.#segment === segment) this.#segment = undefined;
    this.#retryAtMs = this.#context.clock.monotonicMs() + this.#backoff.nextMs({ firstMs: 1_000, longestMs: 30_000 });
  }

  /** Closes what the disk took of an abandoned segment and tells why it ended. */
  async #salvage(segment: RecordingSegment, failure: StopReason): Promise<void> {
    const endMs = await segment.salvage();
    if (this.#segment === undefined) this.#endMs = endMs;
    this.#tellStop(endMs, failure);
  }

  #tellStop(atMs: number, { failure, message }: StopReason): void {
    // Whoever records by now has news of his own.
    if (this.#segment === undefined) this.#stopTold = true;
    this.#context.send({ type: 'recordingStopped', ...this.#identity, atMs, failure, message });
  }
}

/** The first time after startMs that is cutOffsetMs modulo segmentMs. */
export function nextCutMs(startMs: number, segmentMs: number, cutOffsetMs: number): number {
  const phaseMs = (((startMs - cutOffsetMs) % segmentMs) + segmentMs) % segmentMs;
  return startMs - phaseMs + segmentMs;
}

function isFinal({ failure }: StopReason): boolean {
  return failure === 'removed' || failure === 'closing';
}
