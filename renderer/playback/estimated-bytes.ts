import type { Camera } from '../../electron/contract/camera.ts';

/** What a camera is taken to send while it tells nothing of its rate. */
const USUAL_BITRATE_BPS = 4_000_000;

/** How large a range of these cameras will be about, by their present rates. */
export function estimatedBytes(cameras: readonly Camera[], lengthMs: number): number {
  const bitsPerSecond = cameras.reduce((sum, camera) => {
    const bitrateBps = camera.status.video?.bitrateBps;
    return sum + (bitrateBps === undefined || bitrateBps === 0 ? USUAL_BITRATE_BPS : bitrateBps);
  }, 0);
  return Math.round((bitsPerSecond / 8) * (lengthMs / 1000));
}
