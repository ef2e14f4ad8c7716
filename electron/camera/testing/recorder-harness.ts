import type { WorkerToEngine } from '../../contract/worker-protocol.ts';
import type { StreamConfiguration, TimedFragment } from '../media-fragment.ts';
import type { WorkerContext } from '../worker-context.ts';

/** A worker context that collects what is sent; its clock stands still until it is moved. */
export class RecorderContext implements WorkerContext {
  readonly ffmpegPath = 'ffmpeg';
  readonly env = {};
  readonly limits = { connectMs: 15_000, stallMs: 10_000 };
  readonly messages: WorkerToEngine[] = [];
  readonly recordingsDir: string;
  atMs = 0;
  readonly clock = { nowMs: () => this.atMs, monotonicMs: () => this.atMs };
  #ids = 0;

  constructor(recordingsDir: string) {
    this.recordingsDir = recordingsDir;
  }

  readonly newId = (): string => `segment-${(this.#ids += 1)}`;
  readonly random = (): number => 0.5;
  readonly send = (message: WorkerToEngine): void => void this.messages.push(message);
  readonly liveBacklogBytes = (): number => 0;

  of<Type extends WorkerToEngine['type']>(type: Type): Extract<WorkerToEngine, { type: Type }>[] {
    return this.messages.filter((message): message is Extract<WorkerToEngine, { type: Type }> => message.type === type);
  }
}

export function testConfiguration(runId = 'run'): StreamConfiguration {
  const video = {
    trackId: 1,
    kind: 'video' as const,
    codec: 'avc1.64001f',
    timescale: 1000,
    width: 640,
    height: 360,
    sampleEntry: Buffer.alloc(0),
    sampleDefaults: { duration: 0, sizeBytes: 0, flags: 0 },
  };
  const mimeType = 'video/mp4; codecs="avc1.64001f"';
  return { runId, video, init: { bytes: Buffer.from('init segment'), tracks: [video], mimeType } };
}

/** Frames of 40 ms from startMs on; every `gopFrames`th is a key frame. */
export function* testFrames(options: {
  configuration: StreamConfiguration;
  startMs: number;
  count: number;
  gopFrames: number;
  sizeBytes: number;
}): Generator<TimedFragment> {
  const { configuration, startMs, count, gopFrames, sizeBytes } = options;
  for (let index = 0; index < count; index += 1) {
    const fragment = {
      bytes: Buffer.alloc(sizeBytes, index % 251),
      track: 'video' as const,
      keyFrame: index % gopFrames === 0,
      decodeMs: index * 40,
      durationMs: 40,
    };
    yield { fragment, configuration, startMs: startMs + index * 40, endMs: startMs + (index + 1) * 40 };
  }
}
