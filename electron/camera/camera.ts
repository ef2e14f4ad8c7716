import type { StreamName } from '../contract/ids.ts';
import type { CameraAssignment, StreamAssignment } from '../contract/worker-protocol.ts';
import { CameraStream } from './camera-stream.ts';
import type { StopReason } from './recorder.ts';
import { Snapshot } from './snapshot.ts';
import type { WorkerContext } from './worker-context.ts';

interface RunningStream {
  assignment: StreamAssignment;
  stream: CameraStream;
  snapshot: Snapshot;
}

/** One camera: its streams, run as the engine assigned them. */
export class Camera {
  readonly #context: WorkerContext;
  readonly #cameraId: string;
  readonly #streams = new Map<StreamName, RunningStream>();
  /** Survives a change of the assignment, not the end of all streams. */
  readonly #watched = new Set<StreamName>();
  /** Where the footage of earlier sessions ends. */
  readonly #recordedUntilMs = new Map<StreamName, number>();
  /** Changes happen one after the other: a stream's next session begins after its last one is gone. */
  #changes: Promise<void> = Promise.resolve();

  constructor(context: WorkerContext, cameraId: string) {
    this.#context = context;
    this.#cameraId = cameraId;
  }

  /** Restarts the streams whose source changed; everything else goes on. */
  assign(assignment: CameraAssignment): void {
    void this.#change(() => this.#apply(assignment));
  }

  watch(stream: StreamName, watching: boolean): void {
    if (watching) this.#watched.add(stream);
    else this.#watched.delete(stream);
    this.#streams.get(stream)?.stream.setWatched(watching);
  }

  /** JPEG of the stream's latest key frame; undefined while there is none. Rejects when it cannot be decoded. */
  async snapshot(name: StreamName): Promise<Buffer | undefined> {
    const running = this.#streams.get(name);
    const keyFrame = running?.stream.keyFrame;
    return keyFrame === undefined ? undefined : running?.snapshot.take(keyFrame);
  }

  /** Closes sessions and segments. Resolves when the engine was told all. */
  close(reason: StopReason): Promise<void> {
    // The engine says it again, should the camera come back and still be watched.
    this.#watched.clear();
    return this.#change(async () => {
      await Promise.all([...this.#streams.keys()].map((name) => this.#stop(name, reason)));
    });
  }

  #change(work: () => Promise<void>): Promise<void> {
    this.#changes = this.#changes.then(work);
    return this.#changes;
  }

  async #apply({ streams, segmentMs, cutOffsetMs }: CameraAssignment): Promise<void> {
    const wanted = new Map(streams.map((assignment) => [assignment.stream, assignment]));
    const outdated = [...this.#streams].filter(([name, { assignment }]) => {
      const next = wanted.get(name);
      return next === undefined || next.url !== assignment.url || next.transport !== assignment.transport;
    });
    const removed: StopReason = { failure: 'removed', message: 'The camera’s settings were changed.' };
    await Promise.all(outdated.map(([name]) => this.#stop(name, removed)));
    for (const assignment of streams) {
      const running = this.#streams.get(assignment.stream);
      if (running === undefined) {
        this.#start(assignment, { segmentMs, cutOffsetMs });
        continue;
      }
      running.assignment = assignment;
      running.stream.setCut({ segmentMs, cutOffsetMs });
      running.stream.setRecord(assignment.record);
    }
  }

  #start(assignment: StreamAssignment, cut: Pick<CameraAssignment, 'segmentMs' | 'cutOffsetMs'>): void {
    const { ffmpegPath, clock } = this.#context;
    const floorMs = this.#recordedUntilMs.get(assignment.stream) ?? 0;
    const stream = new CameraStream(this.#context, this.#cameraId, assignment, cut, floorMs);
    const snapshot = new Snapshot(ffmpegPath, () => clock.monotonicMs());
    this.#streams.set(assignment.stream, { assignment, stream, snapshot });
    if (this.#watched.has(assignment.stream)) stream.setWatched(true);
    stream.start();
  }

  async #stop(name: StreamName, reason: StopReason): Promise<void> {
    const running = this.#streams.get(name);
    if (running === undefined) return;
    this.#streams.delete(name);
    await running.stream.close(reason);
    this.#recordedUntilMs.set(name, running.stream.recordedUntilMs);
  }
}
