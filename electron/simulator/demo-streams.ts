import { DEMO_CAMERAS } from '../contract/demo-cameras.ts';
import { clipParameters } from './clip.ts';
import type { CameraOptions } from './simulated-camera.ts';

/** The streams behind the demo cameras: `<key>/main` in 720p and `<key>/sub`, small. */
export function demoStreams(): CameraOptions[] {
  return DEMO_CAMERAS.flatMap(({ key, name }) => {
    const shared = {
      scene: key,
      label: name,
      fps: 15,
      gopFrames: 30,
      seconds: 16,
      audio: AUDIO[key],
      counterStrip: false,
    } as const;
    const main = clipParameters({ ...shared, width: 1280, height: 720, bitrateKbps: 1500 });
    const sub = clipParameters({ ...shared, width: 640, height: 360, bitrateKbps: 400 });
    return [
      { path: `${key}/main`, clip: main },
      { path: `${key}/sub`, clip: sub },
    ];
  });
}

/** One of each kind that needs different handling: copied, transcoded, absent. */
const AUDIO = { 'front-door': 'aac', yard: 'pcmu', gate: 'none', garage: 'pcma' } as const;
