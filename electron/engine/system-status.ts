import type { FoundFfmpeg, MissingFfmpeg } from '../../native/ffmpeg-path.ts';
import type { Camera } from '../contract/camera.ts';
import type { Health, Storage } from '../contract/storage.ts';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import type { SystemStatus } from '../server/ports.ts';
import { formatMetrics, type Metric } from './metrics.ts';

export interface ProcessFigures {
  workers: number;
  workersLost: number;
  watchedStreams: number;
}

export interface EngineStatusOptions {
  version: string;
  cameras(): Camera[];
  ffmpeg(): FoundFfmpeg | MissingFfmpeg;
  storage(): Promise<Storage>;
  processes(): ProcessFigures;
}

/** What the system says about itself: health, storage, figures for Prometheus. */
export class EngineStatus implements SystemStatus {
  readonly #options: EngineStatusOptions;
  #storage: Storage | undefined;
  #closedSegments = 0;
  #closedBytes = 0;

  constructor(options: EngineStatusOptions) {
    this.#options = options;
  }

  health(): Health {
    const { version, cameras, ffmpeg } = this.#options;
    const enabled = cameras().filter((camera) => camera.enabled);
    const wanted = enabled.filter((camera) => camera.recording.mode !== 'off');
    const recording = wanted.filter((camera) => camera.status.recording);
    const found = ffmpeg();
    return {
      status: recording.length < wanted.length || found.kind === 'missing' ? 'degraded' : 'ok',
      version,
      ffmpeg:
        found.kind === 'missing'
          ? { kind: 'missing', installHint: found.installHint }
          : { kind: 'found', version: found.version },
      camerasEnabled: enabled.length,
      camerasRecording: recording.length,
    };
  }

  async storage(): Promise<Storage> {
    return (this.#storage = await this.#options.storage());
  }

  /** Counts what the workers record. */
  handle(message: WorkerToEngine): void {
    if (message.type !== 'segmentClosed') return;
    this.#closedSegments += 1;
    this.#closedBytes += message.bytes;
  }

  metrics(): string {
    const { version, cameras, processes } = this.#options;
    const { workers, workersLost, watchedStreams } = processes();
    return formatMetrics([
      gauge('atalaya_info', 'Version of the engine.', [{ labels: { version }, value: 1 }]),
      ...cameraMetrics(cameras()),
      ...storageMetrics(this.#storage),
      counter('atalaya_segments_closed_total', 'Segments completed since the start.', this.#closedSegments),
      counter('atalaya_segment_bytes_total', 'Bytes of the segments completed since the start.', this.#closedBytes),
      gauge('atalaya_workers', 'Camera worker processes.', [{ value: workers }]),
      counter('atalaya_workers_lost_total', 'Camera workers that ended by themselves since the start.', workersLost),
      gauge('atalaya_live_streams_watched', 'Camera streams with a live viewer.', [{ value: watchedStreams }]),
      gauge('process_resident_memory_bytes', 'Resident memory of the engine process.', [
        { value: process.memoryUsage.rss() },
      ]),
    ]);
  }
}

function cameraMetrics(cameras: readonly Camera[]): Metric[] {
  const each = (value: (camera: Camera) => number) =>
    cameras.map((camera) => ({ labels: { camera_id: camera.id, name: camera.name }, value: value(camera) }));
  return [
    gauge(
      'atalaya_camera_online',
      '1 while the main stream of the camera arrives.',
      each(({ status }) => Number(status.state === 'online')),
    ),
    gauge(
      'atalaya_camera_recording',
      '1 while the main stream reaches the disk.',
      each(({ status }) => Number(status.recording)),
    ),
    gauge(
      'atalaya_camera_bits_per_second',
      'Bit rate of the main stream.',
      each(({ status }) => status.video?.bitrateBps ?? 0),
    ),
    gauge(
      'atalaya_camera_frames_per_second',
      'Frame rate of the main stream.',
      each(({ status }) => status.video?.fps ?? 0),
    ),
  ];
}

/** As last asked for: the engine asks every few seconds, and a scrape must not wait for a slow disk. */
function storageMetrics(storage: Storage | undefined): Metric[] {
  if (storage === undefined) return [];
  const each = (value: (volume: Storage['volumes'][number]) => number) =>
    storage.volumes.map((volume) => ({ labels: { path: volume.path }, value: value(volume) }));
  return [
    gauge(
      'atalaya_volume_free_bytes',
      'Free space of the volume.',
      each((volume) => volume.freeBytes),
    ),
    gauge(
      'atalaya_volume_size_bytes',
      'Size of the volume.',
      each((volume) => volume.totalBytes),
    ),
    gauge(
      'atalaya_volume_recordings_bytes',
      'Recordings on the volume.',
      each((volume) => volume.recordingsBytes),
    ),
  ];
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'gauge', samples };
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: 'counter', samples: [{ value }] };
}
