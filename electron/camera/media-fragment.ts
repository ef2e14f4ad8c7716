import type { InitSegment, TrackInfo } from '../mp4/init-segment.ts';

/** What stays the same while one configuration of one FFmpeg run lasts. */
export interface StreamConfiguration {
  /** One per FFmpeg run: media times of one run are continuous. */
  runId: string;
  init: InitSegment;
  video: TrackInfo;
  audio?: TrackInfo;
}

/** One frame of one track, as a whole `moof` + `mdat`. Nobody may change its bytes: several parts keep them. */
export interface MediaFragment {
  bytes: Buffer;
  track: 'video' | 'audio';
  /** Of a video frame; false for sound. */
  keyFrame: boolean;
  /** Media time, from the start of the run. Not rounded. */
  decodeMs: number;
  durationMs: number;
}

export interface TimedFragment {
  fragment: MediaFragment;
  configuration: StreamConfiguration;
  /** Wall clock of the frame's beginning and end. */
  startMs: number;
  endMs: number;
}
