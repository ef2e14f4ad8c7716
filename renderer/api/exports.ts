import { ExportJob, type ExportRequest } from '../../electron/contract/exports.ts';
import { apiPath, requestJson, requestNothing } from './client.ts';

export function createExport(body: ExportRequest): Promise<ExportJob> {
  return requestJson(ExportJob, 'POST', '/exports', { body });
}

/** Cancels a job that still runs; deletes the files of one that is over. @throws ApiProblem */
export function removeExport(exportId: string): Promise<void> {
  return requestNothing('DELETE', `/exports/${exportId}`);
}

/** Where the browser downloads one file of a finished export. */
export function exportFileAddress(exportId: string, index: number): string {
  return apiPath(`/exports/${exportId}/file?index=${index}`);
}
