import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import type { GapCause } from '../contract/gap.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { startCameras, TestEngine, TestFolder, waitFor } from './harness.ts';
import { decode, findUntiled, recordedFiles } from './media.ts';

let folder: TestFolder;
let simulator: CameraSimulator;
let engine: TestEngine;
let camera: Camera;

beforeAll(async () => {
  folder = await TestFolder.create();
  simulator = await startCameras([{ path: 'gate', clip: clipParameters() }]);
  engine = await TestEngine.start(folder);
  camera = await engine.api.addCamera({ name: 'Gate', source: { url: simulator.url('gate') } });
  await recordedPast(Date.now());
});
afterAll(async () => {
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

/** Until coverage reaches beyond the instant. */
const recordedPast = (timeMs: number) =>
  waitFor('footage', async () => {
    const { coverage } = await engine.api.recordings(camera);
    return (coverage.at(-1)?.endMs ?? 0) > timeMs;
  });

const lastGap = async () => (await engine.api.recordings(camera)).gaps.at(-1);

/** What happens after the last footage so far has this cause; then the ledger still accounts for every millisecond. */
async function expectGap(sinceMs: number, cause: GapCause): Promise<void> {
  await waitFor(`a gap because of ${cause}`, async () => {
    const gap = await lastGap();
    return gap !== undefined && gap.endMs > sinceMs && gap.cause === cause;
  });
  expect(findUntiled(await engine.api.recordings(camera), camera.createdMs)).toEqual([]);
}

describe('the ledger says why there is no footage', () => {
  it('when the camera is disabled, and enabled again', async () => {
    const sinceMs = Date.now();
    const disabled = await engine.api.patchCamera(camera.id, { enabled: false });
    expect(disabled.status).toMatchObject({ state: 'disabled', recording: false });
    await expectGap(sinceMs, 'disabled');
    await waitFor('the end of the session', () => simulator.stats.connectedClients === 0);
    await engine.api.patchCamera(camera.id, { enabled: true });
    await recordedPast(Date.now());
    expect(findUntiled(await engine.api.recordings(camera), camera.createdMs)).toEqual([]);
  });

  it('when recording is switched off; live view goes on', async () => {
    const sinceMs = Date.now();
    await engine.api.patchCamera(camera.id, { recording: { mode: 'off' } });
    await expectGap(sinceMs, 'disabled');
    await waitFor('the stream', async () => (await engine.api.camera(camera.id)).status.state === 'online');
    expect((await engine.api.camera(camera.id)).status.recording).toBe(false);
    await engine.api.patchCamera(camera.id, { recording: { mode: 'continuous' } });
    await recordedPast(Date.now());
  });

  it('when the camera is lost; and it is found again', async () => {
    const sinceMs = Date.now();
    await simulator.stopListening();
    await expectGap(sinceMs, 'camera-offline');
    const { status } = await waitFor('the loss', async () => {
      const now = await engine.api.camera(camera.id);
      return now.status.state === 'offline' && now;
    });
    expect(status).toMatchObject({ recording: false, lastError: { failure: 'unreachable' } });
    expect(status.sinceMs).toBeGreaterThanOrEqual(sinceMs);
    await simulator.listen();
    await recordedPast(Date.now());
    expect((await engine.api.camera(camera.id)).status.lastError).toBeUndefined();
  });

  it('when the camera goes silent', async () => {
    const sinceMs = Date.now();
    simulator.camera('gate').stall();
    await expectGap(sinceMs, 'stream-stalled');
    simulator.camera('gate').resume();
    await recordedPast(Date.now());
  });

  it('when Atalaya was stopped', async () => {
    expect(await engine.end('SIGTERM')).toMatchObject({ code: 0 });
    const stoppedMs = Date.now();
    engine = await TestEngine.start(folder);
    const startedMs = Date.now();
    await recordedPast(startedMs);
    const { coverage, gaps } = await engine.api.recordings(camera);
    expect(findUntiled({ coverage, gaps }, camera.createdMs)).toEqual([]);
    const stopped = gaps.filter(({ cause }) => cause === 'app-stopped');
    expect(stopped).toHaveLength(1);
    expect(stopped[0]!.startMs).toBeLessThanOrEqual(stoppedMs);
    expect(stopped[0]!.endMs).toBeGreaterThan(stoppedMs);
    expect(stopped[0]!.endMs).toBeLessThanOrEqual(startedMs);
  });

  it('when Atalaya was killed', async () => {
    await engine.end('SIGKILL');
    const killedMs = Date.now();
    engine = await TestEngine.start(folder);
    await recordedPast(Date.now());
    const { coverage, gaps } = await engine.api.recordings(camera);
    expect(findUntiled({ coverage, gaps }, camera.createdMs)).toEqual([]);
    const crashed = gaps.filter(({ cause }) => cause === 'app-crashed');
    expect(crashed.length).toBeGreaterThanOrEqual(1);
    expect(crashed.some(({ startMs, endMs }) => startMs <= killedMs && endMs >= killedMs)).toBe(true);
  });

  it('and every file still plays', async () => {
    await engine.end('SIGTERM');
    for (const file of await recordedFiles(folder.recordingsDir))
      expect((await decode(file)).frames).toBeGreaterThan(0);
  });
});
