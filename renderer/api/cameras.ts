import {
  Camera,
  CameraFootage,
  ProbeResult,
  type CameraCreate,
  type CameraPatch,
  type ProbeRequest,
} from '../../electron/contract/camera.ts';
import type { StreamName } from '../../electron/contract/ids.ts';
import { apiSocketUrl, requestBlob, requestJson, requestNothing } from './client.ts';

export function createCamera(body: CameraCreate): Promise<Camera> {
  return requestJson(Camera, 'POST', '/cameras', { body });
}

export function updateCamera(cameraId: string, body: CameraPatch): Promise<Camera> {
  return requestJson(Camera, 'PATCH', `/cameras/${cameraId}`, { body });
}

export function deleteCamera(cameraId: string): Promise<void> {
  return requestNothing('DELETE', `/cameras/${cameraId}`);
}

export function fetchCameraFootage(cameraId: string, signal?: AbortSignal): Promise<CameraFootage> {
  return requestJson(CameraFootage, 'GET', `/cameras/${cameraId}/footage`, { signal });
}

/** Looks whether there is a video stream at the URL. @throws ApiProblem of kind `probe-failed` with its cause */
export function probeCamera(body: ProbeRequest, signal?: AbortSignal): Promise<ProbeResult> {
  return requestJson(ProbeResult, 'POST', '/cameras/probe', { body, signal });
}

/** The latest picture of the main stream, as JPEG. @throws ApiProblem of kind `not-ready` while there is none */
export function fetchSnapshot(cameraId: string, signal?: AbortSignal): Promise<Blob> {
  return requestBlob(`/cameras/${cameraId}/snapshot.jpg`, { signal });
}

export function liveSocketUrl(cameraId: string, stream: StreamName, audio: boolean): string {
  return apiSocketUrl(`/cameras/${cameraId}/live?stream=${stream}&audio=${audio ? 'on' : 'off'}`);
}
