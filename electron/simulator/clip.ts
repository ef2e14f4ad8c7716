export type SceneName = 'front-door' | 'yard' | 'gate' | 'garage';
export type VideoCodec = 'h264' | 'h265';
export type AudioCodec = 'aac' | 'pcmu' | 'pcma';

/** What a clip shows and how it is encoded. Equal parameters give the same cached clip. */
export interface ClipParameters {
  readonly scene: SceneName;
  /** Burnt in at the top left; Latin letters, digits and simple punctuation. */
  readonly label: string;
  readonly codec: VideoCodec;
  /** Even numbers, at least 192 x 108. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Length of the loop. A multiple of 8 lets an AAC track loop without drifting from the picture. */
  readonly seconds: number;
  readonly gopFrames: number;
  readonly bitrateKbps: number;
  readonly audio: 'none' | AudioCodec;
  readonly bFrames?: number;
  /** The machine-readable frame counter along the bottom edge, for tests; a person would take it for a fault. */
  readonly counterStrip?: boolean;
}

/** One access unit in decoding order. */
export interface VideoFrame {
  /** NAL units without start codes. */
  readonly units: readonly Buffer[];
  readonly key: boolean;
  /** Presentation time minus decoding time, in frames; 0 without B-frames. */
  readonly reorderFrames: number;
}

export interface ClipAudio {
  readonly codec: AudioCodec;
  readonly sampleRateHz: number;
  readonly samplesPerFrame: number;
  readonly frames: readonly Buffer[];
}

/** A closed loop of access units: the first frame is a key frame, and nothing refers across the seam. */
export interface Clip {
  readonly parameters: ClipParameters;
  readonly frames: readonly VideoFrame[];
  /** H.264: SPS, PPS. H.265: VPS, SPS, PPS. Without start codes. */
  readonly parameterSets: readonly Buffer[];
  readonly audio: ClipAudio | null;
}

/** Completes what a test does not care about: 640 x 360, 15 fps, 8 s, key frame every 2 s, 600 kbit/s, no audio. */
export function clipParameters(wanted: Partial<ClipParameters> = {}): ClipParameters {
  const fps = wanted.fps ?? 15;
  const parameters: ClipParameters = {
    scene: 'yard',
    label: 'Test camera',
    codec: 'h264',
    width: 640,
    height: 360,
    fps,
    seconds: 8,
    gopFrames: Math.max(1, Math.round(fps * 2)),
    bitrateKbps: 600,
    audio: 'none',
    bFrames: 0,
    counterStrip: true,
    ...wanted,
  };
  checkParameters(parameters);
  return parameters;
}

function checkParameters(parameters: ClipParameters): void {
  const { width, height, fps, seconds, gopFrames, bitrateKbps, bFrames = 0 } = parameters;
  const even = width % 2 === 0 && height % 2 === 0;
  if (!even || width < 192 || height < 108 || width > 7680 || height > 4320) {
    throw new RangeError(`A clip cannot be ${width}x${height}: give even numbers from 192x108 to 7680x4320.`);
  }
  if (!(fps > 0 && fps <= 120)) throw new RangeError(`A clip cannot have ${fps} frames per second.`);
  if (!(seconds > 0 && seconds <= 600)) throw new RangeError(`A clip cannot last ${seconds} s.`);
  if (!Number.isInteger(gopFrames) || gopFrames < 1) throw new RangeError(`A GOP cannot have ${gopFrames} frames.`);
  if (!(bitrateKbps > 0)) throw new RangeError(`A clip cannot have ${bitrateKbps} kbit/s.`);
  if (!Number.isInteger(bFrames) || bFrames < 0 || bFrames > 16) {
    throw new RangeError(`A clip cannot have ${bFrames} B-frames in a row.`);
  }
}
