import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Health } from '../contract/storage.ts';
import { runEngineToEnd, TestEngine, TestFolder, waitFor } from './harness.ts';

let folder: TestFolder;
let engine: TestEngine | undefined;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(async () => {
  await engine?.dispose();
  engine = undefined;
  await folder.dispose();
});

describe('the headless engine', () => {
  it('prints one line when it is ready, and ends cleanly on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      engine = await TestEngine.start(folder);
      expect(engine.output).toEqual([`Atalaya is ready at ${engine.url}`]);
      const { code, tookMs } = await engine.end(signal);
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(5_000);
    }
  });

  it('refuses what it does not understand', async () => {
    const cases = [
      { args: ['--fast'], message: /--fast/ },
      { args: ['--lan'], message: /LAN access is not available yet/ },
      { args: ['--port', 'http'], message: /port must be a number/ },
    ];
    for (const { args, message } of cases) {
      const { code, stdout, stderr } = await runEngineToEnd(folder, { args });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('says what it understands, and its version', async () => {
    const help = await runEngineToEnd(folder, { args: ['--help'] });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const flag of ['--data-dir', '--port', '--demo', 'ATALAYA_ADMIN_PASSWORD'])
      expect(help.stdout).toContain(flag);
    expect((await runEngineToEnd(folder, { args: ['--version'] })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('lets no second engine into its data folder, and leaves no lock behind when it is killed', async () => {
    engine = await TestEngine.start(folder);
    const second = await runEngineToEnd(folder);
    expect(second.code).toBe(1);
    expect(second.stderr).toBe(
      `Another Atalaya is using ${folder.dataDir} already. Close it first, or give this one its own folder with --data-dir.\n`,
    );
    await engine.end('SIGKILL');
    engine = await TestEngine.start(folder);
    expect((await engine.api.get<Health>('/health')).status).toBe('ok');
  });

  it('says what to do when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, stderr } = await runEngineToEnd(folder, { args: ['--port', String(port)] });
    server.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Port ${port} is in use by another program, perhaps by Atalaya itself. Close that, or choose another with --port.\n`,
    );
  });

  it('says what to do about a data folder that it cannot use', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const inFile = await runEngineToEnd(folder, { args: ['--data-dir', join(folder.path, 'file', 'data')] });
    expect(inFile).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be created/) });
    await mkdir(folder.dataDir, { recursive: true });
    await writeFile(join(folder.dataDir, 'atalaya.db'), 'this is no database, but a longer text');
    const damaged = await runEngineToEnd(folder, { args: ['--port', '0'] });
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringMatching(/damaged/) });
    expect(damaged.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('refuses an administrator’s password that is too short', async () => {
    const { code, stderr } = await runEngineToEnd(folder, {
      args: ['--port', '0'],
      env: { ATALAYA_ADMIN_PASSWORD: 'short' },
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'ATALAYA_ADMIN_PASSWORD must have 8 to 256 characters.\n',
    });
  });

  it('goes on when nobody reads its output, and ends in time when a camera hangs', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    engine = await TestEngine.start(folder);
    engine.stopReadingOutput();
    await engine.api.addCamera({ name: 'Gone', source: { url: 'rtsp://127.0.0.1:9/gone' } });
    await engine.api.addCamera({ name: 'Silent', source: { url: `rtsp://127.0.0.1:${port}/silent` } });
    // Both are warned of on standard error.
    const running = engine;
    await waitFor('the loss', async () => (await running.api.cameras())[0]?.status.state === 'offline');
    const { code, tookMs } = await engine.end('SIGTERM');
    silent.close();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('does everything but record without FFmpeg, and says how to get it', async () => {
    engine = await TestEngine.start(folder, { env: { PATH: '', ATALAYA_FFMPEG: join(folder.path, 'no-ffmpeg') } });
    const health = await engine.api.get<Health>('/health');
    expect(health).toMatchObject({
      status: 'degraded',
      ffmpeg: { kind: 'missing', installHint: expect.stringMatching(/./) },
    });
    const camera = await engine.api.addCamera({ name: 'Yard', source: { url: 'rtsp://127.0.0.1:9/yard' } });
    expect(camera.status).toMatchObject({
      state: 'offline',
      recording: false,
      lastError: { failure: 'ffmpeg-missing' },
    });
    expect((await engine.api.patchCamera(camera.id, { name: 'Garden' })).name).toBe('Garden');
    const probe = await engine.api.send('POST', '/cameras/probe', { url: 'rtsp://127.0.0.1:9/yard' });
    expect(probe.body['type']).toBe('/problems/ffmpeg-missing');
    const { gaps, coverage } = await engine.api.recordings(camera);
    expect(coverage).toEqual([]);
    expect(gaps).toMatchObject(
      [{ startMs: camera.createdMs, cause: 'camera-offline', detail: /FFmpeg is missing/ }].map(
        ({ detail: _, ...gap }) => gap,
      ),
    );
    expect(gaps[0]?.detail).toMatch(/FFmpeg is missing/);
    expect(await engine.api.send('DELETE', `/cameras/${camera.id}`)).toMatchObject({ status: 204 });
    expect(await engine.end('SIGTERM')).toMatchObject({ code: 0 });
  });
});

describe('demo cameras', () => {
  /** Drawing and encoding their clips takes a minute on a busy machine: done once for all runs. */
  const env = { XDG_CACHE_HOME: join(tmpdir(), 'atalaya-test-cache') };
  const CLIPS_LIMIT_MS = 150_000;

  it(
    'are added once, record without any hardware, and come back without the flag',
    async () => {
      engine = await TestEngine.start(folder, { args: ['--port', '0', '--demo'], env });
      const added = await engine.api.cameras();
      expect(added.map(({ name, demo, source }) => [name, demo, source.url])).toEqual([
        ['Front door', true, 'demo:front-door'],
        ['Yard', true, 'demo:yard'],
        ['Gate', true, 'demo:gate'],
        ['Garage', true, 'demo:garage'],
      ]);
      const allRecord = (running: TestEngine) =>
        waitFor(
          'four recordings',
          async () => (await running.api.cameras()).every(({ status }) => status.recording),
          CLIPS_LIMIT_MS,
        );
      await allRecord(engine);
      await engine.end('SIGTERM');
      engine = await TestEngine.start(folder, { env });
      expect((await engine.api.cameras()).map(({ id }) => id)).toEqual(added.map(({ id }) => id));
      await allRecord(engine);
      await engine.end('SIGTERM');
      engine = await TestEngine.start(folder, { args: ['--port', '0', '--demo'], env });
      expect(await engine.api.cameras()).toHaveLength(4);
    },
    2 * CLIPS_LIMIT_MS,
  );
});
