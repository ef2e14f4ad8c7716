/** The small interfaces which the server needs from the engine. The engine supplies them; tests may, too. */
import type {
  Camera,
  CameraCreate,
  CameraFootage,
  CameraPatch,
  ProbeRequest,
  ProbeResult,
} from '../contract/camera.ts';
import type { ExportJob, ExportRequest } from '../contract/exports.ts';
import type { FeedMessage } from '../contract/feed.ts';
import type { Gap } from '../contract/gap.ts';
import type { StreamName } from '../contract/ids.ts';
import type { Recordings, Timeline, TimelineQuery, Trigger } from '../contract/recordings.ts';
import type { Health, Storage } from '../contract/storage.ts';
import type { KeyFrame, LiveFragment, LiveInit } from '../contract/worker-protocol.ts';

/** The wall clock, injected so that tests can move it. */
export interface Clock {
  /** Integer UTC milliseconds. */
  nowMs(): number;
}

/** Methods that refuse reject with RefusedError; the server turns it into problem+json. */
export interface CameraControl {
  list(): Camera[];
  get(id: string): Camera | undefined;
  create(input: CameraCreate): Promise<Camera>;
  /** Undefined when there is no such camera. */
  update(id: string, patch: CameraPatch): Promise<Camera | undefined>;
  /** False when there is no such camera. Its footage is deleted with it. */
  remove(id: string): Promise<boolean>;
  footage(id: string): CameraFootage;
  /** Rejects with ProbeError. */
  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult>;
  /** JPEG of the last key frame; undefined while there is none. */
  snapshot(id: string, stream: StreamName): Promise<Uint8Array | undefined>;
}

export interface LiveListener {
  onInit(init: LiveInit): void;
  onFragment(fragment: LiveFragment): void;
  onEnded(reason: string): void;
}

/** The live tap of the workers. The live hub watches each stream once, whatever the number of its viewers. */
export interface LiveSource {
  /**
   * The listener hears the init segment, the cached GOP, then fragments as they come. Returns the way to stop. Throws
   * when the stream is watched already.
   */
  watch(cameraId: string, stream: StreamName, listener: LiveListener): () => void;
}

/** A recorded file, closed or still growing, with what a playlist needs. */
export interface PlayableSegment {
  id: string;
  stream: StreamName;
  startMs: number;
  endMs: number;
  /** Whole fragments end here; a growing file may be longer. */
  bytes: number;
  initBytes: number;
  runId: string;
  mimeType: string;
  width: number;
  height: number;
  keyFrames: KeyFrame[];
  trigger: Trigger;
}

export interface RecordingLibrary {
  /** Closed and growing segments that touch the range, ascending. */
  segments(cameraId: string, stream: StreamName, fromMs: number, toMs: number): PlayableSegment[];
  recordings(cameraId: string, fromMs: number, toMs: number): Recordings;
  gaps(cameraId: string, fromMs: number, toMs: number): Gap[];
  timeline(query: TimelineQuery): Timeline;
  /** Absolute path inside the recordings folder and how many bytes may be read now. */
  segmentFile(segmentId: string): { path: string; bytes: number; cameraId: string; closed: boolean } | undefined;
}

export interface ExportJobs {
  list(): ExportJob[];
  get(id: string): ExportJob | undefined;
  /** Rejects with RefusedError when there is nothing to export or no room for it. */
  create(request: ExportRequest): Promise<ExportJob>;
  /** Cancels a running job; deletes the files of a finished one. False when there is no such job. */
  remove(id: string): Promise<boolean>;
  file(id: string, index: number): { path: string; name: string; bytes: number; contentType: string } | undefined;
}

export interface Feed {
  snapshot(): FeedMessage;
  subscribe(listener: (message: FeedMessage) => void): () => void;
}

export interface SystemStatus {
  health(): Health;
  storage(): Promise<Storage>;
  /** Prometheus text exposition of the engine's own figures. */
  metrics(): string;
}

export interface EnginePorts {
  cameras: CameraControl;
  live: LiveSource;
  library: RecordingLibrary;
  exports: ExportJobs;
  feed: Feed;
  system: SystemStatus;
}
