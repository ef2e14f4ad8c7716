import { z } from 'zod';
import { Id } from './ids.ts';
import { SourceUrl } from './source-url.ts';

export const Transport = z.enum(['tcp', 'udp']).describe('RTP over the RTSP connection, or over UDP');
export type Transport = z.infer<typeof Transport>;

export const RecordingMode = z.enum(['continuous', 'off']);
export type RecordingMode = z.infer<typeof RecordingMode>;

export const VideoInfo = z.object({
  codec: z.string().describe('RFC 6381, e.g. avc1.64001f'),
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().describe('frames per second, measured; 0 until known'),
  bitrateBps: z.number().int().describe('bits per second, measured; 0 until known'),
});
export type VideoInfo = z.infer<typeof VideoInfo>;

export const AudioInfo = z.object({
  codec: z.string().describe('as recorded, RFC 6381, e.g. mp4a.40.2'),
  sampleRate: z.number().int(),
  channels: z.number().int(),
});
export type AudioInfo = z.infer<typeof AudioInfo>;

/** What stands between us and a camera's stream, told apart because each asks for another step of the user. */
export const StreamFailure = z.enum([
  'unreachable',
  'auth-failed',
  'not-found',
  'timeout',
  'unsupported',
  'stalled',
  'garbage',
  'refused-url',
  'ffmpeg-missing',
  'disk-full',
  'disk-error',
  'clock',
  'worker-crashed',
]);
export type StreamFailure = z.infer<typeof StreamFailure>;

export const CameraState = z.enum(['connecting', 'online', 'offline', 'disabled']);
export type CameraState = z.infer<typeof CameraState>;

export const StreamStatus = z.object({
  state: CameraState,
  sinceMs: z.number().int().describe('since when the stream is in this state'),
  failure: StreamFailure.optional(),
  message: z.string().optional().describe('what FFmpeg or the system said, without secrets'),
  video: VideoInfo.optional(),
  audio: AudioInfo.optional(),
});
export type StreamStatus = z.infer<typeof StreamStatus>;

export const CameraStatus = z.object({
  state: CameraState,
  sinceMs: z.number().int(),
  recording: z.boolean().describe('true while bytes of the main stream reach the disk'),
  lastError: z.object({ failure: StreamFailure, message: z.string(), atMs: z.number().int() }).optional(),
  video: VideoInfo.optional().describe('main stream'),
  audio: AudioInfo.optional(),
  sub: StreamStatus.optional(),
});
export type CameraStatus = z.infer<typeof CameraStatus>;

export const Camera = z.object({
  id: Id,
  name: z.string(),
  enabled: z.boolean(),
  createdMs: z.number().int(),
  demo: z.boolean(),
  source: z.object({
    url: z.string().describe('without user name and password'),
    subUrl: z.string().optional(),
    transport: Transport,
    hasCredentials: z.boolean(),
    username: z.string().optional(),
  }),
  recording: z.object({ mode: RecordingMode }),
  status: CameraStatus,
});
export type Camera = z.infer<typeof Camera>;

/** It stands in logs, file names and headers. */
const CameraName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^\P{Cc}*$/u, 'A name holds no control characters, such as line breaks.');
const SourceInput = z.strictObject({
  url: SourceUrl.describe('may hold user:password@, which are taken out and encrypted'),
  subUrl: SourceUrl.optional(),
  transport: Transport.optional(),
  username: z.string().max(200).optional(),
  password: z.string().max(200).optional(),
});

export const CameraCreate = z.strictObject({
  name: CameraName,
  enabled: z.boolean().optional(),
  source: SourceInput,
  recording: z.strictObject({ mode: RecordingMode }).optional(),
});
export type CameraCreate = z.infer<typeof CameraCreate>;

/** Absent fields stay as they are. A changed host drops the stored password unless a new one comes with it. */
export const CameraPatch = z
  .strictObject({
    name: CameraName,
    enabled: z.boolean(),
    source: z.strictObject({
      url: SourceUrl.optional(),
      subUrl: SourceUrl.nullable().optional().describe('null: no sub-stream'),
      transport: Transport.optional(),
      username: z.string().max(200).optional(),
      password: z.string().max(200).optional(),
    }),
    recording: z.strictObject({ mode: RecordingMode }),
  })
  .partial();
export type CameraPatch = z.infer<typeof CameraPatch>;

/** What deleting a camera destroys, shown before the user confirms. */
export const CameraFootage = z.object({
  segments: z.number().int(),
  bytes: z.number().int(),
  fromMs: z.number().int().optional(),
  toMs: z.number().int().optional(),
});
export type CameraFootage = z.infer<typeof CameraFootage>;

export const ProbeRequest = z.strictObject({
  url: SourceUrl,
  transport: Transport.optional(),
  username: z.string().max(200).optional(),
  password: z.string().max(200).optional(),
  cameraId: Id.optional().describe('use the stored credentials of this camera, if host and port are the same'),
});
export type ProbeRequest = z.infer<typeof ProbeRequest>;

export const ProbeFailure = z.enum(['unreachable', 'auth-failed', 'not-found', 'timeout', 'unsupported']);
export type ProbeFailure = z.infer<typeof ProbeFailure>;

export const ProbeResult = z.object({
  video: VideoInfo,
  audio: z.object({ codec: z.string(), recordedAs: z.string() }).optional(),
  pictureBase64: z.string().optional().describe('JPEG of the first key frame'),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
