import { v7 as uuidv7 } from 'uuid';
import type { Camera, CameraCreate, ProbeResult } from '../../contract/camera.ts';
import type { ExportJob } from '../../contract/exports.ts';
import type { FeedMessage } from '../../contract/feed.ts';
import type { StreamName } from '../../contract/ids.ts';
import type { Health, Storage } from '../../contract/storage.ts';
import type { EnginePorts, LiveListener, PlayableSegment } from '../ports.ts';

/** An engine without cameras or disks: what the server asks of the real one, in memory, for the server's tests. */
export class MemoryEngine implements EnginePorts {
  readonly items = new Map<string, Camera>();
  readonly jobs = new Map<string, ExportJob>();
  readonly exportFiles = new Map<string, { path: string; name: string; bytes: number; contentType: string }>();
  readonly playable: PlayableSegment[] = [];
  readonly segmentFiles = new Map<string, { path: string; bytes: number; cameraId: string; closed: boolean }>();
  /** Live watches by `cameraId/stream`. */
  readonly watches = new Map<string, LiveListener>();
  watchCount = 0;
  readonly feedListeners = new Set<(message: FeedMessage) => void>();
  picture: Uint8Array | undefined;
  /** How the next probe ends. */
  probe: (signal: AbortSignal) => Promise<ProbeResult> = () => Promise.resolve(PROBED);

  readonly health: Health = {
    status: 'ok',
    version: '1.2.3',
    ffmpeg: { kind: 'found', version: '5.1' },
    camerasEnabled: 1,
    camerasRecording: 1,
  };
  readonly storage: Storage = { volumes: [], cameras: [] };

  readonly cameras: EnginePorts['cameras'] = {
    list: () => [...this.items.values()],
    get: (id) => this.items.get(id),
    create: (input) => Promise.resolve(this.add(input)),
    update: (id, patch) => {
      const camera = this.items.get(id);
      if (camera === undefined) return Promise.resolve(undefined);
      if (patch.name !== undefined) camera.name = patch.name;
      if (patch.enabled !== undefined) camera.enabled = patch.enabled;
      return Promise.resolve(camera);
    },
    remove: (id) => {
      const isKnown = this.items.delete(id);
      if (isKnown) this.publish({ type: 'cameraRemoved', cameraId: id });
      return Promise.resolve(isKnown);
    },
    footage: () => ({ segments: 0, bytes: 0 }),
    probe: (_request, signal) => this.probe(signal),
    snapshot: () => Promise.resolve(this.picture),
  };

  readonly live: EnginePorts['live'] = {
    watch: (cameraId, stream, listener) => {
      const key = `${cameraId}/${stream}`;
      this.watches.set(key, listener);
      this.watchCount += 1;
      return () => this.watches.delete(key);
    },
  };

  readonly library: EnginePorts['library'] = {
    segments: (_cameraId, stream, fromMs, toMs) =>
      this.playable.filter((one) => one.stream === stream && one.endMs > fromMs && one.startMs < toMs),
    recordings: () => ({ coverage: [], gaps: [] }),
    gaps: () => [],
    timeline: (query) => ({ startMs: query.fromMs, bucketMs: query.bucketMs, cameras: [] }),
    segmentFile: (id) => this.segmentFiles.get(id),
  };

  readonly exports: EnginePorts['exports'] = {
    list: () => [...this.jobs.values()],
    get: (id) => this.jobs.get(id),
    create: (request) => {
      const job: ExportJob = {
        id: uuidv7(),
        ...request,
        state: 'queued',
        progress: 0,
        bytes: 0,
        createdMs: 0,
        files: [],
      };
      this.jobs.set(job.id, job);
      return Promise.resolve(job);
    },
    remove: (id) => Promise.resolve(this.jobs.delete(id)),
    file: (id, index) => this.exportFiles.get(`${id}/${index}`),
  };

  readonly feed: EnginePorts['feed'] = {
    snapshot: () => ({
      type: 'snapshot',
      nowMs: 0,
      cameras: [...this.items.values()],
      exports: [...this.jobs.values()],
      health: this.health,
    }),
    subscribe: (listener) => {
      this.feedListeners.add(listener);
      return () => this.feedListeners.delete(listener);
    },
  };

  readonly system: EnginePorts['system'] = {
    health: () => this.health,
    storage: () => Promise.resolve(this.storage),
    metrics: () => '# TYPE atalaya_up gauge\natalaya_up 1\n',
  };

  add(input: CameraCreate): Camera {
    const camera: Camera = {
      id: uuidv7(),
      name: input.name,
      enabled: input.enabled ?? true,
      createdMs: 0,
      demo: false,
      source: { url: input.source.url, transport: 'tcp', hasCredentials: false },
      recording: { mode: 'continuous' },
      status: { state: 'connecting', sinceMs: 0, recording: false },
    };
    this.items.set(camera.id, camera);
    return camera;
  }

  publish(message: FeedMessage): void {
    for (const listener of this.feedListeners) listener(message);
  }

  watched(cameraId: string, stream: StreamName): LiveListener | undefined {
    return this.watches.get(`${cameraId}/${stream}`);
  }
}

const PROBED: ProbeResult = { video: { codec: 'avc1.64001f', width: 640, height: 360, fps: 25, bitrateBps: 0 } };
