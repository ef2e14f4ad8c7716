import { createHash } from 'node:crypto';
import type { Transport } from '../contract/camera.ts';
import type { StreamName } from '../contract/ids.ts';
import type { CameraAssignment, StreamAssignment } from '../contract/worker-protocol.ts';
import { demoKey, streamUrl, type CameraSource } from './camera-source.ts';

/** The nominal length of a segment (design: 60 s). */
export const SEGMENT_MS = 60_000;

export interface AssignmentInput {
  cameraId: string;
  source: CameraSource;
  transport: Transport;
  record: boolean;
}

/** RTSP URL of a demo camera's stream; undefined while the simulator does not listen. */
export type DemoResolver = (key: string, stream: StreamName) => string | undefined;

/** What a worker needs to run the camera; undefined while its demo source is not there yet. */
export function assignCamera(input: AssignmentInput, resolveDemo: DemoResolver): CameraAssignment | undefined {
  const { cameraId, source, transport, record } = input;
  const mainUrl = urlOf(source, 'main', resolveDemo);
  if (mainUrl === undefined) return undefined;
  const streams: StreamAssignment[] = [{ stream: 'main', url: mainUrl, transport, record }];
  const subUrl = urlOf(source, 'sub', resolveDemo);
  if (subUrl !== undefined) streams.push({ stream: 'sub', url: subUrl, transport, record: false });
  return { cameraId, streams, segmentMs: SEGMENT_MS, cutOffsetMs: cutOffsetMs(cameraId) };
}

function urlOf(source: CameraSource, stream: StreamName, resolveDemo: DemoResolver): string | undefined {
  const key = demoKey(source, stream);
  return key === undefined ? streamUrl(source, stream) : resolveDemo(key, stream);
}

/**
 * Spreads the cuts of all cameras over the length of a segment, so that not all files are closed and synced in the same
 * second. From the id alone: it must not move when other cameras come and go, which would restart the camera.
 */
function cutOffsetMs(cameraId: string): number {
  return createHash('sha256').update(cameraId).digest().readUInt32BE(0) % SEGMENT_MS;
}
