import type { SceneName } from './clip.ts';
import { clipParameters } from './clip.ts';
import type { CameraOptions } from './simulated-camera.ts';

export interface DemoCamera {
  readonly key: SceneName;
  readonly name: string;
  readonly mainPath: string;
  readonly subPath: string;
}

/** The four demo cameras in the order in which they are added. They need no hardware and no network. */
export const demoCameras: readonly DemoCamera[] = [
  demoCamera('front-door', 'Front door'),
  demoCamera('yard', 'Yard'),
  demoCamera('gate', 'Gate'),
  demoCamera('garage', 'Garage'),
];

/** The streams behind the demo cameras: 720p with sound on two of them, and a small sub-stream each. */
export function demoStreams(): CameraOptions[] {
  return demoCameras.flatMap(({ key, name, mainPath, subPath }) => {
    const shared = { scene: key, label: name, fps: 15, gopFrames: 30, seconds: 16, audio: AUDIO[key] } as const;
    const main = clipParameters({ ...shared, width: 1280, height: 720, bitrateKbps: 1500 });
    const sub = clipParameters({ ...shared, width: 640, height: 360, bitrateKbps: 400 });
    return [
      { path: mainPath, clip: main },
      { path: subPath, clip: sub },
    ];
  });
}

/** One of each kind that needs different handling: copied, transcoded, absent. */
const AUDIO = { 'front-door': 'aac', yard: 'pcmu', gate: 'none', garage: 'pcma' } as const;

function demoCamera(key: SceneName, name: string): DemoCamera {
  return { key, name, mainPath: `${key}/main`, subPath: `${key}/sub` };
}
