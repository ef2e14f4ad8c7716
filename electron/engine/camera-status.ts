import { assertNever } from './assert-never.ts';
import type { CameraStatus, StreamFailure, StreamStatus } from '../contract/camera.ts';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';

type StatusMessage = Extract<
  WorkerToEngine,
  { type: 'streamState' | 'streamStats' | 'segmentOpened' | 'segmentProgress' | 'recordingStopped' }
>;

/** What a message changed: something that viewers must hear at once, mere figures, or nothing. */
export type StatusChange = 'state' | 'figures' | 'none';

/** What is known about one camera, from what its worker says. */
export class CameraStatusTracker {
  #main: StreamStatus;
  #sub: StreamStatus | undefined;
  #recording = false;
  #lastError: CameraStatus['lastError'];

  constructor(state: 'connecting' | 'disabled', hasSub: boolean, atMs: number) {
    this.#main = { state, sinceMs: atMs };
    if (hasSub) this.#sub = { state, sinceMs: atMs };
  }

  get status(): CameraStatus {
    return {
      state: this.#main.state,
      sinceMs: this.#main.sinceMs,
      recording: this.#recording,
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
      ...(this.#main.video !== undefined && { video: this.#main.video }),
      ...(this.#main.audio !== undefined && { audio: this.#main.audio }),
      ...(this.#sub !== undefined && { sub: this.#sub }),
    };
  }

  handle(message: StatusMessage): StatusChange {
    switch (message.type) {
      case 'streamState':
        return this.#streamState(message);
      case 'streamStats':
        return this.#streamStats(message);
      case 'segmentOpened':
      case 'segmentProgress':
        if (message.stream !== 'main' || this.#recording) return 'none';
        this.#recording = true;
        this.#lastError = undefined;
        return 'state';
      case 'recordingStopped':
        if (message.stream !== 'main') return 'none';
        this.#recording = false;
        if (message.failure !== 'removed' && message.failure !== 'closing') {
          this.#lastError = { failure: message.failure, message: message.message, atMs: message.atMs };
        }
        return 'state';
      default:
        return assertNever(message);
    }
  }

  /** The camera is run by nobody: its worker died, or FFmpeg is missing. */
  fail(failure: StreamFailure, message: string, atMs: number): void {
    this.#recording = false;
    this.#lastError = { failure, message, atMs };
    const offline: StreamStatus = { state: 'offline', sinceMs: atMs, failure, message };
    this.#main = offline;
    if (this.#sub !== undefined) this.#sub = offline;
  }

  /** The main stream begins anew with other settings. */
  restartMain(atMs: number): void {
    this.#recording = false;
    this.#lastError = undefined;
    this.#main = { state: 'connecting', sinceMs: atMs };
  }

  /** The sub-stream begins anew, or the camera has none any more. */
  restartSub(hasSub: boolean, atMs: number): void {
    this.#sub = hasSub ? { state: 'connecting', sinceMs: atMs } : undefined;
  }

  #streamState(message: Extract<StatusMessage, { type: 'streamState' }>): StatusChange {
    const before = message.stream === 'main' ? this.#main : this.#sub;
    // A camera that is gone stays gone, with its reason and since when, while connecting is tried again and again.
    if (message.state === 'connecting' && before?.state === 'offline') return 'none';
    const stillGone = message.state === 'offline' && before?.state === 'offline';
    const after: StreamStatus = {
      state: message.state,
      sinceMs: stillGone ? before.sinceMs : message.sinceMs,
      ...(message.failure !== undefined && { failure: message.failure }),
      ...(message.message !== undefined && { message: message.message }),
      ...keep('video', message.video ?? before?.video),
      ...keep('audio', message.audio ?? before?.audio),
    };
    if (message.stream === 'main') {
      this.#main = after;
      this.#noteError(message);
    } else {
      this.#sub = after;
    }
    return 'state';
  }

  #noteError(message: Extract<StatusMessage, { type: 'streamState' }>): void {
    if (message.failure !== undefined) {
      const atMs = this.#main.sinceMs;
      this.#lastError = { failure: message.failure, message: message.message ?? '', atMs };
    } else if (message.state === 'online' && !isDiskError(this.#lastError?.failure)) {
      this.#lastError = undefined;
    }
  }

  #streamStats(message: Extract<StatusMessage, { type: 'streamStats' }>): StatusChange {
    const stream = message.stream === 'main' ? this.#main : this.#sub;
    if (stream?.video === undefined) return 'none';
    const video = { ...stream.video, fps: message.fps, bitrateBps: Math.round(message.bitrateBps) };
    if (message.stream === 'main') this.#main = { ...this.#main, video };
    else this.#sub = { ...stream, video };
    return 'figures';
  }
}

/** The stream may flow again while the disk still refuses it: only a new segment ends such an error. */
function isDiskError(failure: StreamFailure | undefined): boolean {
  return failure === 'disk-full' || failure === 'disk-error';
}

function keep<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
