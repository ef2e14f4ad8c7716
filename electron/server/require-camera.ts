import type { Camera } from '../contract/camera.ts';
import { RefusedError } from '../contract/refused-error.ts';
import type { CameraControl } from './ports.ts';

/** @throws {RefusedError} `not-found` */
export function requireCamera(cameras: CameraControl, id: string): Camera {
  const camera = cameras.get(id);
  if (camera === undefined) throw unknownCamera();
  return camera;
}

export function unknownCamera(): RefusedError {
  return new RefusedError('not-found', 'There is no such camera. It may have been deleted.');
}
