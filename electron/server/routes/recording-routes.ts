import { z } from 'zod';
import { Id } from '../../contract/ids.ts';
import { PlaybackQuery, Recordings, Timeline, TimelineQuery } from '../../contract/recordings.ts';
import { RefusedError } from '../../contract/refused-error.ts';
import { TimeRangeQuery } from '../../contract/times.ts';
import type { App } from '../app.ts';
import { createPlaylist } from '../playlist.ts';
import type { CameraControl, RecordingLibrary } from '../ports.ts';
import { requireCamera } from '../require-camera.ts';
import { sendFile } from '../send-file.ts';

const CameraParams = z.strictObject({ id: Id });
const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
const tags = ['recordings'];

/** What was recorded: coverage and gaps, playlists, the files themselves, the timeline. */
export function addRecordingRoutes(app: App, cameras: CameraControl, library: RecordingLibrary): void {
  app.get(
    '/cameras/:id/recordings',
    {
      schema: {
        summary: 'Coverage and gaps of a camera',
        description: 'Together they tile the part of the range in which the camera exists.',
        tags,
        params: CameraParams,
        querystring: TimeRangeQuery,
        response: { 200: Recordings },
      },
      serializerCompiler: trusted,
    },
    (request) => {
      requireCamera(cameras, request.params.id);
      return library.recordings(request.params.id, request.query.fromMs, request.query.toMs);
    },
  );

  app.get(
    '/cameras/:id/playback.m3u8',
    {
      schema: {
        summary: 'HLS playlist of a range',
        description: 'VOD over byte ranges of the recorded files. 404 when nothing is recorded in the range.',
        tags,
        params: CameraParams,
        querystring: PlaybackQuery,
        response: { 200: { content: { [PLAYLIST_TYPE]: { schema: z.string() } } } },
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const { fromMs, toMs, stream } = request.query;
      requireCamera(cameras, id);
      const playlist = createPlaylist(library.segments(id, stream, fromMs, toMs), fromMs, toMs, segmentAddress);
      if (playlist === undefined) throw new RefusedError('not-found', 'Nothing is recorded in this range.');
      reply.type(PLAYLIST_TYPE);
      return playlist;
    },
  );

  app.route({
    method: ['GET', 'HEAD'],
    url: '/segments/:id.mp4',
    schema: {
      summary: 'A recorded file, or a range of it',
      description: 'One range at a time. A file that still grows ends where its last whole fragment does.',
      tags,
      params: CameraParams,
      response: {
        200: { content: { 'video/mp4': { schema: z.unknown().describe('fragmented MP4') } } },
        206: { content: { 'video/mp4': { schema: z.unknown().describe('the range asked for') } } },
      },
    },
    handler: (request, reply) => {
      const file = library.segmentFile(request.params.id);
      if (file === undefined)
        throw new RefusedError('not-found', 'There is no such recording. It may have been deleted.');
      return sendFile(request, reply, {
        path: file.path,
        bytes: file.bytes,
        contentType: 'video/mp4',
        ...(file.closed ? { etag: `"${request.params.id}"` } : {}),
      });
    },
  });

  app.get(
    '/timeline',
    {
      schema: {
        summary: 'Coverage, gaps and events in buckets',
        description: '`bucketMs` of the answer may be larger than asked.',
        tags,
        querystring: TimelineQuery,
        response: { 200: Timeline },
      },
      serializerCompiler: trusted,
    },
    (request) => {
      for (const id of request.query.cameraIds) requireCamera(cameras, id);
      return library.timeline(request.query);
    },
  );
}

/** Typed, ours, and up to 64 cameras by 6000 buckets: checking each number would cost more than reading them. */
const trusted = () => (answer: unknown) => JSON.stringify(answer);

function segmentAddress(id: string): string {
  return `/api/v1/segments/${id}.mp4`;
}
