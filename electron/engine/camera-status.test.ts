import { describe, expect, it } from 'vitest';
import type { SegmentProgress } from '../contract/worker-protocol.ts';
import { CameraStatusTracker } from './camera-status.ts';

const of = { cameraId: 'c', stream: 'main' } as const;
const state = (name: 'connecting' | 'online' | 'offline', sinceMs: number, rest: object = {}) =>
  ({ type: 'streamState', ...of, state: name, sinceMs, ...rest }) as const;
const opened: SegmentProgress = {
  type: 'segmentProgress',
  ...of,
  segmentId: 's',
  endMs: 0,
  bytes: 0,
  newKeyFrames: [],
};
const video = { codec: 'avc1.64001f', width: 1920, height: 1080, fps: 0, bitrateBps: 0 };

describe('CameraStatusTracker', () => {
  it('says since when a camera is gone and why, through all retries', () => {
    const tracker = new CameraStatusTracker('connecting', false, 1);
    tracker.handle(state('offline', 10, { failure: 'unreachable', message: 'no route' }));
    expect(tracker.handle(state('connecting', 20))).toBe('none');
    tracker.handle(state('offline', 30, { failure: 'auth-failed', message: '401' }));
    expect(tracker.status).toMatchObject({
      state: 'offline',
      sinceMs: 10,
      lastError: { failure: 'auth-failed', message: '401', atMs: 10 },
    });
    tracker.handle(state('online', 40, { video }));
    expect(tracker.status).toEqual({ state: 'online', sinceMs: 40, recording: false, video });
  });

  it('keeps a disk error until bytes reach the disk again', () => {
    const tracker = new CameraStatusTracker('connecting', false, 1);
    tracker.handle(state('online', 2, { video }));
    tracker.handle(opened);
    expect(tracker.status.recording).toBe(true);
    tracker.handle({ type: 'recordingStopped', ...of, atMs: 5, failure: 'disk-full', message: 'full' });
    tracker.handle(state('online', 6, { video }));
    expect(tracker.status).toMatchObject({ recording: false, lastError: { failure: 'disk-full' } });
    tracker.handle(opened);
    expect(tracker.status.recording).toBe(true);
    expect(tracker.status.lastError).toBeUndefined();
  });

  it('is no error to be closed or removed', () => {
    const tracker = new CameraStatusTracker('connecting', false, 1);
    tracker.handle(opened);
    tracker.handle({ type: 'recordingStopped', ...of, atMs: 5, failure: 'closing', message: '' });
    expect(tracker.status).toEqual({ state: 'connecting', sinceMs: 1, recording: false });
  });

  it('takes figures in without announcing a change of state', () => {
    const tracker = new CameraStatusTracker('connecting', true, 1);
    expect(tracker.handle({ type: 'streamStats', ...of, fps: 25, bitrateBps: 4e6 })).toBe('none');
    tracker.handle(state('online', 2, { video }));
    expect(tracker.handle({ type: 'streamStats', ...of, fps: 25, bitrateBps: 4e6 })).toBe('figures');
    expect(tracker.status.video).toMatchObject({ fps: 25, bitrateBps: 4e6 });
    expect(tracker.status.sub).toEqual({ state: 'connecting', sinceMs: 1 });
  });
});
