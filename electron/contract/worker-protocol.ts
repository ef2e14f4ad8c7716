/**
 * What the engine and a camera worker say to each other, over `fork` with advanced serialization or Electron's
 * utilityProcess: both carry structured clones, so Buffers travel as Uint8Array.
 *
 * Messages between our own processes of one version are typed, not validated.
 */
import type { AudioInfo, ProbeFailure, ProbeResult, StreamFailure, Transport, VideoInfo } from './camera.ts';
import type { StreamName } from './ids.ts';

/** One stream of a camera as the worker must run it. `url` holds the credentials: never log this object. */
export interface StreamAssignment {
  stream: StreamName;
  url: string;
  transport: Transport;
  record: boolean;
}

/** Everything a worker needs to run one camera. Sent again in whole when anything changes. */
export interface CameraAssignment {
  cameraId: string;
  streams: StreamAssignment[];
  /** Nominal length of a segment. */
  segmentMs: number;
  /** Segments are cut at the first key frame after wall-clock times = cutOffsetMs modulo segmentMs: staggered. */
  cutOffsetMs: number;
}

export type EngineToWorker =
  | { type: 'start'; ffmpegPath: string; recordingsDir: string; logLevel: string }
  | { type: 'setCamera'; camera: CameraAssignment }
  | { type: 'removeCamera'; cameraId: string }
  /** Send this stream's init segment and fragments until told otherwise. The answer begins with the cached GOP. */
  | { type: 'watch'; cameraId: string; stream: StreamName; watching: boolean }
  | { type: 'snapshot'; requestId: string; cameraId: string; stream: StreamName }
  | { type: 'probe'; requestId: string; url: string; transport: Transport }
  | { type: 'ping'; sentMs: number }
  /** Close every segment cleanly, then exit. */
  | { type: 'close' };

export interface KeyFrame {
  /** Wall clock of the frame. */
  timeMs: number;
  /** Byte offset of its fragment in the file. */
  offsetBytes: number;
}

/** What stays the same during one segment. */
export interface SegmentOpened {
  type: 'segmentOpened';
  segmentId: string;
  cameraId: string;
  stream: StreamName;
  startMs: number;
  /** Length of ftyp + moov at the head of the file. */
  initBytes: number;
  mimeType: string;
  width: number;
  height: number;
  /** One per FFmpeg run: segments with the same run have continuous media timestamps. */
  runId: string;
}

/** About once a second: these bytes are in the file (written, not necessarily synced) and end with a whole fragment. */
export interface SegmentProgress {
  type: 'segmentProgress';
  segmentId: string;
  cameraId: string;
  stream: StreamName;
  endMs: number;
  bytes: number;
  /** Key frames since the last message. */
  newKeyFrames: KeyFrame[];
}

/** Bytes are synced and the file is closed: the row may be written. */
export interface SegmentClosed {
  type: 'segmentClosed';
  segmentId: string;
  cameraId: string;
  stream: StreamName;
  endMs: number;
  bytes: number;
  frames: number;
  newKeyFrames: KeyFrame[];
  sha256: Uint8Array;
}

export type WorkerToEngine =
  | { type: 'ready'; pid: number }
  | { type: 'pong'; sentMs: number; rssBytes: number }
  | SegmentOpened
  | SegmentProgress
  | SegmentClosed
  /** A segment that came to nothing: the file is removed (no whole GOP, or the disk refused it). */
  | { type: 'segmentDiscarded'; segmentId: string; cameraId: string; stream: StreamName; atMs: number }
  /** Recording of this stream stopped at atMs (the end of the last segment, if there was one) and why. */
  | {
      type: 'recordingStopped';
      cameraId: string;
      stream: StreamName;
      atMs: number;
      failure: StreamFailure | 'removed' | 'closing';
      message: string;
    }
  | {
      type: 'streamState';
      cameraId: string;
      stream: StreamName;
      state: 'connecting' | 'online' | 'offline';
      sinceMs: number;
      failure?: StreamFailure;
      message?: string;
      video?: VideoInfo;
      audio?: AudioInfo;
    }
  /** Every 2 s while online. */
  | { type: 'streamStats'; cameraId: string; stream: StreamName; fps: number; bitrateBps: number }
  | LiveInit
  | LiveFragment
  | { type: 'liveEnded'; cameraId: string; stream: StreamName; reason: string }
  | { type: 'snapshotResult'; requestId: string; jpeg?: Uint8Array; error?: string }
  | { type: 'probeResult'; requestId: string; result: ProbeResult }
  | { type: 'probeFailed'; requestId: string; failure: ProbeFailure; message: string }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields?: Record<string, unknown> };

export interface LiveInit {
  type: 'liveInit';
  cameraId: string;
  stream: StreamName;
  mimeType: string;
  width: number;
  height: number;
  bytes: Uint8Array;
  /** The same without the audio track; absent when there is none to leave out. */
  videoOnly?: { mimeType: string; bytes: Uint8Array };
}

export interface LiveFragment {
  type: 'liveFragment';
  cameraId: string;
  stream: StreamName;
  /** A key frame's fragment starts a GOP: a viewer may begin here. */
  keyFrame: boolean;
  /** `both`: one fragment with samples of both tracks; it goes only to viewers with audio. */
  track: 'video' | 'audio' | 'both';
  bytes: Uint8Array;
}
