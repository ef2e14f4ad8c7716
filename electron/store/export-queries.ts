import type { Selectable } from 'kysely';
import type { ExportJob } from '../contract/exports.ts';
import type { ExportsTable } from './schema.ts';
import type { Store } from './store.ts';

export function insertExport(store: Store, job: ExportJob): void {
  store.run(store.db.insertInto('exports').values(toRow(job)));
}

export function updateExport(store: Store, job: ExportJob): void {
  store.run(store.db.updateTable('exports').set(toRow(job)).where('id', '=', job.id));
}

export function deleteExport(store: Store, id: string): void {
  store.run(store.db.deleteFrom('exports').where('id', '=', id));
}

/** All jobs, oldest first (UUIDv7 sorts by time). */
export function listExports(store: Store): ExportJob[] {
  return store.all(store.db.selectFrom('exports').selectAll().orderBy('id')).map(toJob);
}

function toRow(job: ExportJob): Selectable<ExportsTable> {
  return {
    id: job.id,
    cameraIds: JSON.stringify(job.cameraIds),
    fromMs: job.fromMs,
    toMs: job.toMs,
    format: job.format,
    state: job.state,
    bytes: job.bytes,
    createdMs: job.createdMs,
    finishedMs: job.finishedMs ?? null,
    failure: job.failure ?? null,
    error: job.error ?? null,
    files: JSON.stringify(job.files),
  };
}

/** Progress is not stored: a job is whole, or it is not. */
function toJob(row: Selectable<ExportsTable>): ExportJob {
  return {
    id: row.id,
    cameraIds: JSON.parse(row.cameraIds) as string[],
    fromMs: row.fromMs,
    toMs: row.toMs,
    format: row.format,
    state: row.state,
    progress: row.state === 'done' ? 1 : 0,
    bytes: row.bytes,
    createdMs: row.createdMs,
    ...(row.finishedMs !== null && { finishedMs: row.finishedMs }),
    ...(row.failure !== null && { failure: row.failure }),
    ...(row.error !== null && { error: row.error }),
    files: JSON.parse(row.files) as ExportJob['files'],
  };
}
