import { expect, it } from 'vitest';
import type { Camera } from '../../electron/contract/camera.ts';
import type { ExportJob } from '../../electron/contract/exports.ts';
import type { Health } from '../../electron/contract/storage.ts';
import { applyFeedMessage, useServer } from './server.ts';

const health: Health = {
  status: 'ok',
  version: '0.1.0',
  ffmpeg: { kind: 'found', version: '5.1' },
  camerasEnabled: 1,
  camerasRecording: 1,
};

it('takes everything from a snapshot, and the difference of the clocks', () => {
  const state = { ...useServer.getState(), cameras: [camera('gone')] };
  const jobs = [job('a', 1), job('b', 2)];
  const next = applyFeedMessage(
    state,
    { type: 'snapshot', nowMs: 5000, cameras: [camera('yard')], exports: jobs, health },
    4000,
  );
  expect(next).toMatchObject({ loaded: true, feed: { kind: 'open' }, health, clockOffsetMs: 1000 });
  expect(next.cameras?.map(({ id }) => id)).toEqual(['yard']);
  expect(next.exports?.map(({ id }) => id)).toEqual(['b', 'a']);
});

it('keeps the order of cameras when one of them changes', () => {
  const state = { ...useServer.getState(), cameras: [camera('a'), camera('b')] };
  const renamed = { ...camera('a'), name: 'renamed' };
  expect(applyFeedMessage(state, { type: 'camera', camera: renamed }, 0).cameras).toEqual([renamed, camera('b')]);
  expect(applyFeedMessage(state, { type: 'camera', camera: camera('c') }, 0).cameras).toHaveLength(3);
  expect(applyFeedMessage(state, { type: 'cameraRemoved', cameraId: 'a' }, 0).cameras).toEqual([camera('b')]);
});

it('keeps exports newest first', () => {
  const state = { ...useServer.getState(), exports: [job('old', 1)] };
  const next = applyFeedMessage(state, { type: 'export', job: job('new', 2) }, 0);
  expect(next.exports?.map(({ id }) => id)).toEqual(['new', 'old']);
  const done: ExportJob = { ...job('old', 1), state: 'done' };
  expect(applyFeedMessage(state, { type: 'export', job: done }, 0).exports).toEqual([done]);
  expect(applyFeedMessage(state, { type: 'exportRemoved', exportId: 'old' }, 0).exports).toEqual([]);
});

function camera(id: string): Camera {
  return {
    id,
    name: id,
    enabled: true,
    createdMs: 0,
    demo: false,
    source: { url: 'rtsp://host/1', transport: 'tcp', hasCredentials: false },
    recording: { mode: 'continuous' },
    status: { state: 'online', sinceMs: 0, recording: true },
  };
}

function job(id: string, createdMs: number): ExportJob {
  return {
    id,
    cameraIds: [],
    fromMs: 0,
    toMs: 1,
    format: 'mp4',
    state: 'running',
    progress: 0,
    bytes: 0,
    createdMs,
    files: [],
  };
}
