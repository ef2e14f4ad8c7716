import { z } from 'zod';
import { clipParameters, type ClipParameters } from './clip.ts';
import { demoStreams } from './demo-streams.ts';
import type { CameraOptions } from './simulated-camera.ts';

/*
 * What the simulator's process and its parent say to each other. The parent sends one `start`, the child answers
 * `listening` or `failed`; `close`, or the parent's end, ends the child.
 */

const clipSchema = z.strictObject({
  scene: z.enum(['front-door', 'yard', 'gate', 'garage']),
  label: z.string().max(64),
  codec: z.enum(['h264', 'h265']),
  width: z.int(),
  height: z.int(),
  fps: z.number(),
  seconds: z.number(),
  gopFrames: z.int(),
  bitrateKbps: z.number(),
  audio: z.enum(['none', 'aac', 'pcmu', 'pcma']),
  bFrames: z.int(),
  counterStrip: z.boolean(),
});

const cameraSchema = z.strictObject({
  path: z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/, 'a path has words between single slashes'),
  /** What is left out is filled in by `clipParameters`. */
  clip: clipSchema.partial().prefault({}),
  auth: z
    .strictObject({
      user: z.string().min(1),
      password: z.string(),
      scheme: z.enum(['basic', 'digest']),
      qop: z.literal('auth').exactOptional(),
    })
    .exactOptional(),
  sei: z.boolean().exactOptional(),
  audioOnly: z.boolean().exactOptional(),
});

const startSchema = z.strictObject({
  type: z.literal('start'),
  ffmpegPath: z.string().min(1),
  cacheDir: z.string().min(1),
  cameras: z.union([z.literal('demo'), z.array(cameraSchema).min(1)]),
  port: z.int().min(0).max(65_535),
});

const requestSchema = z.discriminatedUnion('type', [startSchema, z.strictObject({ type: z.literal('close') })]);

/** To the simulator's process. */
export type SimulatorRequest = z.input<typeof requestSchema>;

/** From the simulator's process. */
export type SimulatorReply =
  { readonly type: 'listening'; readonly port: number } | { readonly type: 'failed'; readonly message: string };

/** @throws Error with a readable sentence when the message is none of ours */
export function parseSimulatorRequest(message: unknown): z.output<typeof requestSchema> {
  const result = requestSchema.safeParse(message);
  if (!result.success) throw new Error(`The simulator cannot use this message. ${z.prettifyError(result.error)}`);
  return result.data;
}

/** The cameras of a start message with all parameters filled in. @throws RangeError for an impossible clip */
export function requestedCameras(cameras: z.output<typeof startSchema>['cameras']): CameraOptions[] {
  if (cameras === 'demo') return demoStreams();
  return cameras.map((camera) => ({ ...camera, clip: clipParameters(camera.clip as Partial<ClipParameters>) }));
}
