import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import type { ReadPacer } from './read-pacer.ts';

/** What the parts of a worker are given, so that tests can give something else. */
export interface WorkerContext {
  ffmpegPath: string;
  /** Environment of FFmpeg children. */
  env: NodeJS.ProcessEnv;
  recordingsDir: string;
  clock: WorkerClock;
  limits: SessionLimits;
  /** Reads the streams that nobody watches; undefined where pipes are too small for that. */
  pacer?: ReadPacer | undefined;
  newId(): string;
  /** As Math.random. */
  random(): number;
  /** To the engine. */
  send(message: WorkerToEngine): void;
  /** Bytes of live fragments that the engine has not taken yet. */
  liveBacklogBytes(): number;
}

export interface WorkerClock {
  /** UTC milliseconds; may step. */
  nowMs(): number;
  /** Milliseconds from any zero; never steps. */
  monotonicMs(): number;
}

export interface SessionLimits {
  /** Longest time from the start of FFmpeg to the first picture. */
  connectMs: number;
  /** Longest time between two pictures. */
  stallMs: number;
}
