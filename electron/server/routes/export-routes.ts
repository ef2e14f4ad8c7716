import { z } from 'zod';
import { ExportJob, ExportRequest } from '../../contract/exports.ts';
import { Id } from '../../contract/ids.ts';
import { RefusedError } from '../../contract/refused-error.ts';
import type { App } from '../app.ts';
import type { CameraControl, ExportJobs } from '../ports.ts';
import { requireCamera } from '../require-camera.ts';
import { sendFile } from '../send-file.ts';

const ExportParams = z.strictObject({ id: Id });
const tags = ['exports'];

/** Clips: begin, list, watch, download, cancel or delete. */
export function addExportRoutes(app: App, cameras: CameraControl, exports: ExportJobs): void {
  app.get(
    '/exports',
    { schema: { summary: 'All exports', tags, response: { 200: z.object({ exports: z.array(ExportJob) }) } } },
    () => ({ exports: exports.list() }),
  );

  app.post(
    '/exports',
    { schema: { summary: 'Export a range of some cameras', tags, body: ExportRequest, response: { 202: ExportJob } } },
    async (request, reply) => {
      for (const id of request.body.cameraIds) requireCamera(cameras, id);
      const job = await exports.create(request.body);
      return reply.code(202).header('location', `/api/v1/exports/${job.id}`).send(job);
    },
  );

  app.get(
    '/exports/:id',
    { schema: { summary: 'One export', tags, params: ExportParams, response: { 200: ExportJob } } },
    (request) => requireExport(exports, request.params.id),
  );

  app.delete(
    '/exports/:id',
    {
      schema: {
        summary: 'Cancel an export, or delete its files',
        tags,
        params: ExportParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      if (!(await exports.remove(request.params.id))) throw unknownExport();
      return reply.code(204).send();
    },
  );

  app.route({
    method: ['GET', 'HEAD'],
    url: '/exports/:id/file',
    schema: {
      summary: 'Download a file of an export, or a range of it',
      description: '409 while the export is not done.',
      tags,
      params: ExportParams,
      querystring: z.strictObject({ index: z.coerce.number().int().min(0).max(1000).default(0) }),
      response: {
        200: { content: { 'application/octet-stream': { schema: z.unknown().describe('MP4 or ZIP') } } },
        206: { content: { 'application/octet-stream': { schema: z.unknown().describe('the range asked for') } } },
      },
    },
    handler: (request, reply) => {
      const { id } = request.params;
      const job = requireExport(exports, id);
      if (job.state !== 'done') throw new RefusedError('conflict', 'This export has no file: it is not done.');
      const file = exports.file(id, request.query.index);
      if (file === undefined) throw new RefusedError('not-found', 'This export has no such file.');
      return sendFile(request, reply, {
        path: file.path,
        bytes: file.bytes,
        contentType: file.contentType,
        etag: `"${id}-${request.query.index}"`,
        downloadName: file.name,
      });
    },
  });
}

function requireExport(exports: ExportJobs, id: string): ExportJob {
  const job = exports.get(id);
  if (job === undefined) throw unknownExport();
  return job;
}

function unknownExport(): RefusedError {
  return new RefusedError('not-found', 'There is no such export. It may have been deleted.');
}
