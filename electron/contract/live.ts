import { z } from 'zod';
import { StreamName } from './ids.ts';

/** `audio=off` gives an init segment and fragments without the audio track: less to send, and nothing to wait for. */
export const LiveQuery = z.strictObject({
  stream: StreamName.default('main'),
  audio: z.enum(['on', 'off']).default('on'),
});

/**
 * Text frames of the live WebSocket; binary frames are the init segment right after each `init`, then whole fragments
 * (moof + mdat), the first of them a key frame. A new `init` follows when the stream restarts or changes its codec.
 */
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('init'),
    mimeType: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    hasAudio: z.boolean().describe('whether the camera sends audio, also when this viewer asked for none'),
  }),
  z.object({ type: z.literal('dropped'), frames: z.number().int() }),
  z.object({ type: z.literal('ended'), reason: z.string() }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;
