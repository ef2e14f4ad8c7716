import { v7 as uuidv7 } from 'uuid';
import type {
  Camera,
  CameraCreate,
  CameraFootage,
  CameraPatch,
  ProbeRequest,
  ProbeResult,
} from '../contract/camera.ts';
import type { FeedMessage } from '../contract/feed.ts';
import type { GapCause } from '../contract/gap.ts';
import type { StreamName } from '../contract/ids.ts';
import { RefusedError } from '../contract/refused-error.ts';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import type { CameraControl } from '../server/ports.ts';
import { insertCamera, listCameraRows, updateCamera, type CameraRow } from '../store/camera-queries.ts';
import type { Store } from '../store/store.ts';
import { assignCamera, type DemoResolver } from './camera-assignment.ts';
import {
  createSource,
  isDemo,
  isSameStream,
  openSource,
  patchSource,
  sourceColumns,
  streamUrl,
  type CameraSource,
} from './camera-source.ts';
import { CameraStatusTracker } from './camera-status.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { SecretBox } from './secret-box.ts';
import { publicUrl, sameServer, withCredentials } from './source-url-parts.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What the recording index must be told about a camera's life. */
export interface CameraLedger {
  /** The camera's life begins: from now on every second is covered or accounted for. */
  cameraAdded(cameraId: string, atMs: number): void;
  /** From `atMs` on, whatever is not recorded has this cause. */
  cameraCause(cameraId: string, cause: GapCause, detail: string | undefined, atMs: number): void;
  /** The camera and its footage are gone from every list at once; files follow in the background. */
  cameraRemoved(cameraId: string, atMs: number): void;
  footage(cameraId: string): CameraFootage;
}

/** Gives demo cameras their address, and starts what serves them when it is first asked. */
export interface DemoSources {
  resolve: DemoResolver;
  /** The same, waiting for the simulator to listen. */
  resolveSoon(key: string, stream: StreamName, signal: AbortSignal): Promise<string>;
  ensureRunning(): void;
}

export interface CameraManagerOptions {
  store: Store;
  secretBox: SecretBox;
  pool: Pick<WorkerPool, 'setCamera' | 'removeCamera' | 'snapshot' | 'probe'>;
  ledger: CameraLedger;
  demo: DemoSources;
  clock: Clock;
  log: Log;
  publish(message: FeedMessage): void;
}

interface ManagedCamera {
  row: CameraRow;
  source: CameraSource;
  /** The password is there but cannot be opened with the present key. */
  locked: boolean;
  tracker: CameraStatusTracker;
  /** JSON of what the worker was told; undefined while no worker runs the camera. */
  assigned: string | undefined;
  figuresSentMs: number;
}

/** Why no camera can run at present: a sentence, or undefined when they can. */
type Obstacle = { failure: 'ffmpeg-missing'; message: string } | undefined;

/** Figures (frame rate, bit rate) reach viewers this often; changes of state at once. */
const FIGURES_EVERY_MS = 5_000;

/** The cameras: their settings in the database, their secrets, and who runs them. */
export class CameraManager implements CameraControl {
  readonly #options: CameraManagerOptions;
  readonly #cameras = new Map<string, ManagedCamera>();
  #obstacle: Obstacle;

  constructor(options: CameraManagerOptions) {
    this.#options = options;
  }

  /** Reads the cameras from the database; none of them runs before `run`. */
  load(): void {
    for (const row of listCameraRows(this.#options.store)) this.#add(row);
  }

  /** Lets every enabled camera run, or says why none can. */
  run(obstacle: Obstacle): void {
    this.#obstacle = obstacle;
    for (const camera of this.#cameras.values()) {
      this.#noteCause(camera, 'connecting', this.#options.clock.nowMs());
      this.#apply(camera);
      this.#publish(camera);
    }
  }

  list(): Camera[] {
    return [...this.#cameras.values()].map(toCamera);
  }

  get(id: string): Camera | undefined {
    const camera = this.#cameras.get(id);
    return camera === undefined ? undefined : toCamera(camera);
  }

  create(input: CameraCreate): Promise<Camera> {
    return settle(() => {
      const { store, secretBox, clock, ledger, log } = this.#options;
      const source = createSource(input.source);
      const id = uuidv7();
      const createdMs = clock.nowMs();
      const row = insertCamera(store, id, createdMs, {
        name: input.name,
        enabled: input.enabled === false ? 0 : 1,
        transport: input.source.transport ?? 'tcp',
        recordingMode: input.recording?.mode ?? 'continuous',
        ...sourceColumns(source, id, secretBox),
      });
      ledger.cameraAdded(id, createdMs);
      const camera = this.#add(row);
      log.info({ cameraId: id, name: row.name, url: row.url }, 'camera added');
      this.#noteCause(camera, 'connecting for the first time', createdMs);
      this.#apply(camera);
      this.#publish(camera);
      return toCamera(camera);
    });
  }

  update(id: string, patch: CameraPatch): Promise<Camera | undefined> {
    return settle(() => {
      const camera = this.#cameras.get(id);
      if (camera === undefined) return undefined;
      const { store, secretBox, clock, log } = this.#options;
      const source = patch.source === undefined ? camera.source : patchSource(camera.source, patch.source);
      const before = camera.row;
      const settings = {
        name: patch.name ?? before.name,
        enabled: patch.enabled === undefined ? before.enabled : patch.enabled ? 1 : 0,
        transport: patch.source?.transport ?? before.transport,
        recordingMode: patch.recording?.mode ?? before.recordingMode,
        ...(source === camera.source
          ? { url: before.url, subUrl: before.subUrl, credentials: before.credentials }
          : sourceColumns(source, id, secretBox)),
      };
      updateCamera(store, id, settings);
      camera.row = { ...before, ...settings };
      if (source !== camera.source) camera.locked = false;
      const isSwitched = settings.enabled !== before.enabled;
      const isOtherTransport = settings.transport !== before.transport;
      const restartsMain = isOtherTransport || !isSameStream(camera.source, source, 'main');
      const restartsSub = isOtherTransport || !isSameStream(camera.source, source, 'sub');
      camera.source = source;
      const atMs = clock.nowMs();
      // The worker leaves a stream alone that did not change, and says nothing new about it.
      if (isSwitched || camera.assigned === undefined) {
        camera.tracker = this.#freshTracker(camera, atMs);
      } else {
        if (restartsMain) camera.tracker.restartMain(atMs);
        if (restartsSub) camera.tracker.restartSub(settings.subUrl !== null, atMs);
      }
      if (isSwitched || restartsMain || settings.recordingMode !== before.recordingMode) {
        this.#noteCause(camera, restartsMain ? 'the settings of the camera were changed' : 'connecting', atMs);
      }
      log.info({ cameraId: id, name: settings.name, fields: Object.keys(patch) }, 'camera changed');
      this.#apply(camera);
      this.#publish(camera);
      return toCamera(camera);
    });
  }

  remove(id: string): Promise<boolean> {
    return settle(() => {
      const camera = this.#cameras.get(id);
      if (camera === undefined) return false;
      const { ledger, pool, clock, log, publish } = this.#options;
      this.#cameras.delete(id);
      if (camera.assigned !== undefined) pool.removeCamera(id);
      ledger.cameraRemoved(id, clock.nowMs());
      log.info({ cameraId: id, name: camera.row.name }, 'camera removed');
      publish({ type: 'cameraRemoved', cameraId: id });
      return true;
    });
  }

  footage(id: string): CameraFootage {
    return this.#options.ledger.footage(id);
  }

  async probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    if (this.#obstacle !== undefined) throw new RefusedError('ffmpeg-missing', this.#obstacle.message);
    const { pool, demo } = this.#options;
    const known = request.cameraId === undefined ? undefined : this.#cameras.get(request.cameraId)?.source;
    const given = createSource({ ...request, url: unmask(request.url, known) });
    const [, key] = /^demo:(.+)$/.exec(given.url) ?? [];
    if (key !== undefined) {
      demo.ensureRunning();
      return pool.probe(await demo.resolveSoon(key, 'main', signal), 'tcp', signal);
    }
    const stored = known !== undefined && sameServer(known.url, given.url) ? known.credentials : undefined;
    const storedSub = known !== undefined && given.url === known.subUrl ? streamUrl(known, 'sub') : undefined;
    const isStoredSub = storedSub !== undefined && given.credentials === undefined;
    const url = isStoredSub ? storedSub : withCredentials(given.url, given.credentials ?? stored);
    return pool.probe(url, request.transport ?? 'tcp', signal);
  }

  async snapshot(id: string, stream: StreamName): Promise<Uint8Array | undefined> {
    const camera = this.#cameras.get(id);
    if (camera?.assigned === undefined) return undefined;
    return this.#options.pool.snapshot(id, camera.source.subUrl === undefined ? 'main' : stream);
  }

  /** Takes in what a worker said about a camera. */
  handle(message: WorkerToEngine): void {
    switch (message.type) {
      case 'streamState':
      case 'streamStats':
      case 'segmentOpened':
      case 'segmentProgress':
      case 'recordingStopped': {
        const camera = this.#cameras.get(message.cameraId);
        // Last words about a camera that was disabled or removed meanwhile.
        if (camera?.assigned === undefined) return;
        const change = camera.tracker.handle(message);
        if (message.type === 'streamState') this.#logState(camera, message);
        if (change === 'state' || (change === 'figures' && this.#figuresDue(camera))) this.#publish(camera);
        return;
      }
      default:
        return;
    }
  }

  /** These cameras' worker died; those that still run get another. */
  workerLost(cameraIds: readonly string[], atMs: number): void {
    for (const id of cameraIds) {
      const camera = this.#cameras.get(id);
      if (camera?.assigned === undefined) continue;
      camera.tracker.fail('worker-crashed', 'The process that records this camera ended; it is started again.', atMs);
      this.#publish(camera);
    }
  }

  /** The simulator listens (again, perhaps on another port): demo cameras get their new address. */
  refreshDemo(): void {
    for (const camera of this.#cameras.values()) if (isDemo(camera.source.url)) this.#apply(camera);
  }

  #add(row: CameraRow): ManagedCamera {
    const { source, locked } = openSource(row, this.#options.secretBox);
    if (locked) this.#options.log.error({ cameraId: row.id }, 'the password of this camera cannot be decrypted');
    const state = row.enabled === 1 ? 'connecting' : 'disabled';
    const tracker = new CameraStatusTracker(state, row.subUrl !== null, this.#options.clock.nowMs());
    const camera: ManagedCamera = { row, source, locked, tracker, assigned: undefined, figuresSentMs: 0 };
    this.#cameras.set(row.id, camera);
    return camera;
  }

  #freshTracker(camera: ManagedCamera, atMs: number): CameraStatusTracker {
    const state = camera.row.enabled === 1 ? 'connecting' : 'disabled';
    return new CameraStatusTracker(state, camera.row.subUrl !== null, atMs);
  }

  /** Makes the worker run what the settings say. Does nothing when it does already: a new name interrupts nothing. */
  #apply(camera: ManagedCamera): void {
    const { pool, demo, clock } = this.#options;
    const { row, source } = camera;
    if (row.enabled === 1 && this.#obstacle !== undefined) {
      camera.tracker.fail(this.#obstacle.failure, this.#obstacle.message, clock.nowMs());
    }
    const runs = row.enabled === 1 && this.#obstacle === undefined;
    if (runs && isDemo(source.url)) demo.ensureRunning();
    const record = row.recordingMode === 'continuous';
    const wanted = runs
      ? assignCamera({ cameraId: row.id, source, transport: row.transport, record }, demo.resolve)
      : undefined;
    const assigned = wanted === undefined ? undefined : JSON.stringify(wanted);
    if (assigned === camera.assigned) return;
    if (wanted === undefined) pool.removeCamera(row.id);
    else pool.setCamera(wanted);
    // What was said while nobody ran the camera (FFmpeg is missing) is no longer true.
    if (camera.assigned === undefined) camera.tracker = this.#freshTracker(camera, clock.nowMs());
    camera.assigned = assigned;
  }

  #noteCause(camera: ManagedCamera, connecting: string, atMs: number): void {
    const { ledger } = this.#options;
    const { row } = camera;
    const tell = (cause: GapCause, detail?: string): void => ledger.cameraCause(row.id, cause, detail, atMs);
    if (row.enabled === 0) tell('disabled');
    else if (row.recordingMode === 'off') tell('disabled', 'recording is switched off');
    else if (this.#obstacle !== undefined) tell('camera-offline', this.#obstacle.message);
    else tell('camera-offline', connecting);
  }

  #logState(camera: ManagedCamera, message: Extract<WorkerToEngine, { type: 'streamState' }>): void {
    const { cameraId, stream, state, failure, message: detail } = message;
    const fields = { cameraId, name: camera.row.name, stream, failure, detail };
    if (state === 'offline') this.#options.log.warn(fields, `camera ${camera.row.name} is offline`);
    else this.#options.log.info(fields, `camera ${camera.row.name} is ${state}`);
  }

  #figuresDue(camera: ManagedCamera): boolean {
    const nowMs = this.#options.clock.nowMs();
    if (Math.abs(nowMs - camera.figuresSentMs) < FIGURES_EVERY_MS) return false;
    camera.figuresSentMs = nowMs;
    return true;
  }

  #publish(camera: ManagedCamera): void {
    this.#options.publish({ type: 'camera', camera: toCamera(camera) });
  }
}

function toCamera({ row, source, tracker }: ManagedCamera): Camera {
  const { url, subUrl, credentials, subCredentials } = source;
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled === 1,
    createdMs: row.createdMs,
    demo: isDemo(url),
    source: {
      url: row.url,
      ...(subUrl !== undefined && { subUrl: publicUrl(subUrl) }),
      transport: row.transport,
      hasCredentials: row.credentials !== null || credentials !== undefined || subCredentials !== undefined,
      ...(credentials !== undefined && { username: credentials.username }),
    },
    recording: { mode: row.recordingMode },
    status: tracker.status,
  };
}

/** A URL that was shown with its secrets masked and came back unchanged means the stored one. */
function unmask(url: string, known: CameraSource | undefined): string {
  return [known?.url, known?.subUrl].find((stored) => stored !== undefined && url === publicUrl(stored)) ?? url;
}

/** The store is synchronous; the port is not. A throw becomes a rejection. */
async function settle<Result>(work: () => Result): Promise<Result> {
  return work();
}
