import { EventEmitter } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFailure, ExportJob, ExportRequest } from '../contract/exports.ts';
import { RefusedError } from '../contract/refused-error.ts';
import { Mp4FormatError } from '../mp4/box-reader.ts';
import type { ExportJobs, RecordingLibrary } from '../server/ports.ts';
import { cameraLife } from '../store/camera-life-queries.ts';
import { deleteExport, insertExport, listExports, updateExport } from '../store/export-queries.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { planCameraExport } from './export-plan.ts';
import type { CameraExportPlan } from './export-plan.ts';
import { runExport } from './export-run.ts';
import type { MeasureVolume } from './free-space.ts';
import type { Log } from './log.ts';
import type { SegmentsInUse } from './segments-in-use.ts';

export interface ExportManagerOptions {
  store: Store;
  library: RecordingLibrary;
  /** Absolute path; each job has a folder of its own in it. */
  exportsDir: string;
  inUse: SegmentsInUse;
  clock: Clock;
  log: Log;
  /** A new UUIDv7. */
  newId: () => string;
  measureVolume: MeasureVolume;
}

interface ExportEvents {
  changed: [job: ExportJob];
  removed: [exportId: string];
}

interface QueuedExport {
  id: string;
  /** Lets retention have the segments again. */
  release: () => void;
  abort: AbortController;
}

/** Progress reaches viewers this often. */
const PROGRESS_EVERY_MS = 250;
/** An export leaves this much free, or a hundredth of a small volume: recording goes on meanwhile. */
const LEFT_FREE_BYTES = 256 * 2 ** 20;
/** More waiting jobs than this are a loop, not a person. */
const MOST_QUEUED = 100;

const STOPPED = {
  state: 'failed',
  failure: 'stopped',
  error: 'Atalaya was stopped before this export was complete. Export the range again.',
} as const;

/** Export jobs: one runs at a time, the others wait. Files and jobs stay until somebody deletes them. */
export class ExportManager extends EventEmitter<ExportEvents> implements ExportJobs {
  readonly #options: ExportManagerOptions;
  readonly #jobs = new Map<string, ExportJob>();
  readonly #queue: QueuedExport[] = [];
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: ExportManagerOptions) {
    super();
    this.#options = options;
  }

  /** Reads the jobs of earlier runs. What was not complete failed; what no job names any more is deleted. */
  async start(): Promise<void> {
    const { store, exportsDir } = this.#options;
    for (const job of listExports(store)) {
      this.#jobs.set(job.id, job);
      if (job.state !== 'queued' && job.state !== 'running') continue;
      await this.#deleteFolder(job.id);
      this.#finish(job.id, STOPPED);
    }
    await mkdir(exportsDir, { recursive: true });
    for (const name of await readdir(exportsDir)) {
      if (!this.#jobs.has(name) && /^[0-9a-f-]{36}$/.test(name)) await this.#deleteFolder(name);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { abort } of this.#queue) abort.abort(new Error(STOPPED.error));
    await this.#working;
  }

  list(): ExportJob[] {
    return [...this.#jobs.values()];
  }

  get(id: string): ExportJob | undefined {
    return this.#jobs.get(id);
  }

  async create(request: ExportRequest): Promise<ExportJob> {
    const plans = this.#plan(request);
    await this.#requireSpace(plans, request.format);
    if (this.#queue.length >= MOST_QUEUED) throw new RefusedError('conflict', 'Too many exports are waiting already.');
    const { store, newId, clock, inUse } = this.#options;
    const job: ExportJob = {
      id: newId(),
      ...request,
      ...{ state: 'queued', progress: 0, bytes: 0, createdMs: clock.nowMs(), files: [] },
    };
    insertExport(store, job);
    const release = inUse.hold(plans.flatMap((plan) => plan.segmentIds));
    this.#queue.push({ id: job.id, release, abort: new AbortController() });
    this.#set(job);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
    return job;
  }

  async remove(id: string): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (job === undefined) return false;
    const queued = this.#queue.find((entry) => entry.id === id);
    if (queued !== undefined) {
      queued.abort.abort(new Error('cancelled'));
      if (job.state === 'queued') this.#finish(id, { state: 'cancelled' });
      return true;
    }
    await this.#deleteFolder(id);
    deleteExport(this.#options.store, id);
    this.#jobs.delete(id);
    this.emit('removed', id);
    return true;
  }

  file(id: string, index: number): { path: string; name: string; bytes: number; contentType: string } | undefined {
    const job = this.#jobs.get(id);
    const file = job?.state === 'done' ? job.files[index] : undefined;
    if (file === undefined) return undefined;
    const contentType = file.name.endsWith('.zip') ? 'application/zip' : 'video/mp4';
    return { path: join(this.#options.exportsDir, id, file.name), name: file.name, bytes: file.bytes, contentType };
  }

  /** Works through the queue; an entry leaves it once its job has ended. */
  async #work(): Promise<void> {
    for (let entry = this.#queue[0]; entry !== undefined; entry = this.#queue[0]) {
      const job = this.#jobs.get(entry.id);
      if (job?.state === 'queued') await this.#run(job, entry.abort.signal);
      entry.release();
      this.#queue.shift();
    }
  }

  async #run(job: ExportJob, signal: AbortSignal): Promise<void> {
    const { id, format } = job;
    const { store, exportsDir, log } = this.#options;
    if (this.#isClosed) return this.#finish(id, STOPPED);
    this.#set({ ...job, state: 'running' });
    updateExport(store, { ...job, state: 'running' });
    let nextReportMs = 0;
    try {
      // Planned again: a growing segment has grown, and retention may have been faster than the request.
      const plans = this.#plan(job);
      await this.#requireSpace(plans, format);
      const folder = join(exportsDir, id);
      await mkdir(folder, { recursive: true });
      const files = await runExport({
        ...{ plans, format, folder, fromMs: job.fromMs, signal, log },
        nameOf: (cameraId) => cameraLife(store, cameraId)?.name ?? cameraId,
        onProgress: (progress, bytes) => {
          const nowMs = performance.now();
          if (nowMs < nextReportMs) return;
          nextReportMs = nowMs + PROGRESS_EVERY_MS;
          this.#set({ ...job, state: 'running', progress, bytes });
        },
      });
      signal.throwIfAborted();
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      this.#finish(id, { state: 'done', progress: 1, bytes, files });
    } catch (error) {
      await this.#deleteFolder(id);
      if (this.#isClosed) this.#finish(id, STOPPED);
      else if (signal.aborted) this.#finish(id, { state: 'cancelled' });
      else this.#finish(id, { state: 'failed', ...this.#explain(id, error) });
    }
  }

  #plan(request: Pick<ExportRequest, 'cameraIds' | 'fromMs' | 'toMs'>): CameraExportPlan[] {
    const { store, library } = this.#options;
    const { cameraIds, fromMs, toMs } = request;
    for (const cameraId of cameraIds) {
      const life = cameraLife(store, cameraId);
      if (life === undefined || life.removedMs !== null) {
        throw new RefusedError('not-found', 'One of the cameras does not exist any more.');
      }
    }
    const plans = cameraIds.flatMap((cameraId) => planCameraExport(library, cameraId, fromMs, toMs));
    if (plans.length === 0) {
      throw new RefusedError('not-found', 'Nothing is recorded in this range. Choose another range.');
    }
    return plans;
  }

  async #requireSpace(plans: readonly CameraExportPlan[], format: ExportRequest['format']): Promise<void> {
    const { exportsDir, measureVolume } = this.#options;
    const footageBytes = plans.reduce((sum, plan) => sum + plan.bytes, 0);
    // An archive stands beside the clips that it is made of until it is complete.
    const neededBytes = format === 'zip' ? 2 * footageBytes : footageBytes;
    const { totalBytes, freeBytes } = await measureVolume(exportsDir);
    const usableBytes = freeBytes - Math.min(LEFT_FREE_BYTES, totalBytes / 100);
    if (neededBytes <= usableBytes) return;
    const [needed, usable] = [neededBytes, Math.max(0, usableBytes)].map((bytes) => (bytes / 1e9).toFixed(1));
    throw new RefusedError(
      'insufficient-space',
      `This export needs ${needed} GB and ${usable} GB can be used. Free some space, or export a shorter range.`,
    );
  }

  #finish(id: string, end: Pick<ExportJob, 'state'> & Partial<ExportJob>): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    const finished = { ...job, ...end, finishedMs: this.#options.clock.nowMs() };
    updateExport(this.#options.store, finished);
    this.#set(finished);
  }

  #set(job: ExportJob): void {
    this.#jobs.set(job.id, job);
    this.emit('changed', job);
  }

  async #deleteFolder(id: string): Promise<void> {
    await rm(join(this.#options.exportsDir, id), { recursive: true, force: true });
  }

  #explain(id: string, error: unknown): { failure: ExportFailure; error: string } {
    if (error instanceof RefusedError) {
      const failure = error.kind === 'insufficient-space' ? 'disk-full' : 'not-recorded';
      return { failure, error: error.message };
    }
    this.#options.log.error({ err: error, exportId: id }, 'an export failed');
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC') {
      return { failure: 'disk-full', error: 'The disk is full. Free some space and export the range again.' };
    }
    if (code === 'ENOENT') {
      return { failure: 'deleted', error: 'The footage was deleted meanwhile. Choose another range.' };
    }
    if (error instanceof Mp4FormatError) {
      return { failure: 'unreadable', error: 'The footage of this range cannot be read. Choose another range.' };
    }
    return { failure: 'other', error: 'The files could not be written or read. Look at the log for the cause.' };
  }
}
