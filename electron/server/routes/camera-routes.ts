import { z } from 'zod';
import { Camera, CameraCreate, CameraFootage, CameraPatch, ProbeRequest, ProbeResult } from '../../contract/camera.ts';
import { Id, StreamName } from '../../contract/ids.ts';
import { RefusedError } from '../../contract/refused-error.ts';
import type { App } from '../app.ts';
import type { CameraControl } from '../ports.ts';
import { requireCamera, unknownCamera } from '../require-camera.ts';

const CameraParams = z.strictObject({ id: Id });
const tags = ['cameras'];

/** Cameras: list, add, change, delete, probe, snapshot. */
export function addCameraRoutes(app: App, cameras: CameraControl): void {
  app.get(
    '/cameras',
    { schema: { summary: 'All cameras', tags, response: { 200: z.object({ cameras: z.array(Camera) }) } } },
    () => ({ cameras: cameras.list() }),
  );

  app.post(
    '/cameras',
    { schema: { summary: 'Add a camera', tags, body: CameraCreate, response: { 201: Camera } } },
    async (request, reply) => {
      const camera = await cameras.create(request.body);
      return reply.code(201).header('location', `/api/v1/cameras/${camera.id}`).send(camera);
    },
  );

  app.post(
    '/cameras/probe',
    {
      schema: {
        summary: 'Look at a stream without adding it',
        description: '422 with the `cause` when there is no usable stream. Ends when the client goes away.',
        tags,
        body: ProbeRequest,
        response: { 200: ProbeResult },
      },
    },
    (request, reply) => {
      const { cameraId } = request.body;
      if (cameraId !== undefined) requireCamera(cameras, cameraId);
      const controller = new AbortController();
      reply.raw.once('close', () => controller.abort());
      return cameras.probe(request.body, controller.signal);
    },
  );

  app.get(
    '/cameras/:id',
    { schema: { summary: 'One camera', tags, params: CameraParams, response: { 200: Camera } } },
    (request) => requireCamera(cameras, request.params.id),
  );

  app.patch(
    '/cameras/:id',
    {
      schema: {
        summary: 'Change a camera',
        description: 'Absent fields stay as they are.',
        tags,
        params: CameraParams,
        body: CameraPatch,
        response: { 200: Camera },
      },
    },
    async (request) => {
      const camera = await cameras.update(request.params.id, request.body);
      if (camera === undefined) throw unknownCamera();
      return camera;
    },
  );

  app.delete(
    '/cameras/:id',
    {
      schema: {
        summary: 'Delete a camera and all its footage',
        tags,
        params: CameraParams,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      if (!(await cameras.remove(request.params.id))) throw unknownCamera();
      return reply.code(204).send();
    },
  );

  app.get(
    '/cameras/:id/footage',
    {
      schema: {
        summary: 'What deleting the camera would destroy',
        tags,
        params: CameraParams,
        response: { 200: CameraFootage },
      },
    },
    (request) => {
      requireCamera(cameras, request.params.id);
      return cameras.footage(request.params.id);
    },
  );

  app.get(
    '/cameras/:id/snapshot.jpg',
    {
      schema: {
        summary: 'The latest picture',
        description: 'Of the main stream where there is no sub-stream. 503 while there is none.',
        tags,
        params: CameraParams,
        querystring: z.strictObject({ stream: StreamName.default('main') }),
        response: { 200: { content: { 'image/jpeg': { schema: z.unknown().describe('JPEG') } } } },
      },
    },
    async (request, reply) => {
      requireCamera(cameras, request.params.id);
      const jpeg = await cameras.snapshot(request.params.id, request.query.stream);
      if (jpeg === undefined) throw new RefusedError('not-ready', 'There is no picture of this camera yet.');
      return reply.type('image/jpeg').send(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
    },
  );
}
