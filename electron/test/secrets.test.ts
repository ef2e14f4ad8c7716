import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import type { CameraSimulator } from '../simulator/camera-simulator.ts';
import { clipParameters } from '../simulator/clip.ts';
import { startCameras, TestEngine, TestFolder, waitFor } from './harness.ts';

const PASSWORD = 'hunter2-§-s3cret';
const WRONG = 'wr0ng-passw0rd';

let folder: TestFolder;
let simulator: CameraSimulator;
let engine: TestEngine;
let camera: Camera;
/** Every answer that the API gave. */
const answers: string[] = [];

beforeAll(async () => {
  folder = await TestFolder.create();
  const auth = { user: 'admin', password: PASSWORD, scheme: 'digest' } as const;
  simulator = await startCameras([{ path: 'door', clip: clipParameters(), auth }]);
  engine = await TestEngine.start(folder, { env: { ATALAYA_LOG_LEVEL: 'debug' } });
});
afterAll(async () => {
  await engine?.dispose();
  await simulator?.close();
  await folder?.dispose();
});

async function send<Body>(method: string, path: string, body?: unknown) {
  const answer = await engine.api.send<Body>(method, path, body);
  answers.push(JSON.stringify([answer.body, [...answer.headers]]));
  return answer;
}

const stateOf = async () => (await send<Camera>('GET', `/cameras/${camera.id}`)).body.status;

describe('a camera that asks for a password', () => {
  it('is refused without one, and with a wrong one, with the cause', async () => {
    for (const credentials of [{}, { username: 'admin', password: WRONG }]) {
      const { status, body } = await send('POST', '/cameras/probe', { url: simulator.url('door'), ...credentials });
      expect({ status, body }).toMatchObject({
        status: 422,
        body: { type: '/problems/probe-failed', cause: 'auth-failed' },
      });
    }
    const url = simulator.url('door').replace('//', `//admin:${WRONG}@`);
    camera = (await send<Camera>('POST', '/cameras', { name: 'Door', source: { url } })).body;
    const status = await waitFor('the refusal', async () => {
      const now = await stateOf();
      return now.state === 'offline' && now;
    });
    expect(status.lastError).toMatchObject({ failure: 'auth-failed' });
    const { gaps } = await engine.api.recordings(camera);
    expect(gaps.at(-1)?.cause).toBe('auth-failed');
  });

  it('is recorded once the password is right', async () => {
    await send('PATCH', `/cameras/${camera.id}`, { source: { password: PASSWORD } });
    await waitFor('the recording', async () => (await stateOf()).recording);
    const probe = await send('POST', '/cameras/probe', { url: simulator.url('door'), cameraId: camera.id });
    expect(probe.status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('gives workers and FFmpeg no secret of the environment', async () => {
    const processes = await descendants(engine.pid);
    const programs = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
    expect(programs.some((program) => program.includes('ffmpeg'))).toBe(true);
    for (const pid of processes) expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('PASSWORD');
  });

  it('is recorded again after a restart: the password is kept', async () => {
    expect(await engine.end('SIGTERM')).toMatchObject({ code: 0 });
    engine = await TestEngine.start(folder, { env: { ATALAYA_LOG_LEVEL: 'debug' } });
    await waitFor('the recording', async () => (await stateOf()).recording);
  });

  it('loses its password to nobody: not to another server, an answer, a log, or the database', async () => {
    const moved = await send<Camera>('PATCH', `/cameras/${camera.id}`, { source: { url: 'rtsp://127.0.0.1:9/door' } });
    expect(moved.body.source).toMatchObject({ url: 'rtsp://127.0.0.1:9/door', hasCredentials: false });
    await waitFor('the refusal', async () => (await stateOf()).state === 'offline');
    await send('GET', '/cameras');
    await send('GET', '/health');
    await engine.end('SIGTERM');

    const files = await readdir(folder.path, { recursive: true });
    const kept = files.filter((file) => /\.(log|db|db-wal|db-shm|key)$/.test(file));
    expect(kept.some((file) => file.endsWith('.log'))).toBe(true);
    expect(kept.some((file) => file.endsWith('atalaya.db'))).toBe(true);
    const texts = [...answers, engine.output.join('\n')];
    for (const file of kept) texts.push((await readFile(join(folder.path, file))).toString('latin1'));
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(PASSWORD).toString('latin1'), WRONG]) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
  });

  it('has a key that nobody else can read', async () => {
    expect((await stat(join(folder.dataDir, 'secret.key'))).mode & 0o077).toBe(0);
    expect((await stat(folder.dataDir)).mode & 0o077).toBe(0);
  });
});

/** Process ids of a process's children and their children. */
async function descendants(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
