import type { Camera } from '../contract/camera.ts';
import type { StreamName } from '../contract/ids.ts';
import { RefusedError } from '../contract/refused-error.ts';
import type { CameraControl } from './ports.ts';

/** @throws {RefusedError} `not-found` */
export function requireCamera(cameras: CameraControl, id: string): Camera {
  const camera = cameras.get(id);
  if (camera === undefined) throw unknownCamera();
  return camera;
}

/** @throws {RefusedError} `not-found` also when the camera has no such stream */
export function requireStream(cameras: CameraControl, id: string, stream: StreamName): Camera {
  const camera = requireCamera(cameras, id);
  if (stream === 'sub' && camera.source.subUrl === undefined) {
    throw new RefusedError('not-found', 'This camera has no sub-stream.');
  }
  return camera;
}

export function unknownCamera(): RefusedError {
  return new RefusedError('not-found', 'There is no such camera. It may have been deleted.');
}
