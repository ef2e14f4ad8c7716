import { beforeEach, describe, expect, it } from 'vitest';
import type { Camera, CameraCreate } from '../contract/camera.ts';
import type { CameraControl } from '../server/ports.ts';
import { addDemoCameras, DemoSimulator } from './demo.ts';
import { createLog } from './log.ts';
import { FakeLauncher } from './testing/fake-launcher.ts';

let launcher: FakeLauncher;
let listening: number;
let demo: DemoSimulator;
beforeEach(() => {
  launcher = new FakeLauncher();
  launcher.exitsOnClose = true;
  listening = 0;
  demo = new DemoSimulator({
    launcher,
    entry: '/simulator.js',
    cacheDir: '/cache',
    clock: { nowMs: () => 0 },
    log: createLog('silent', () => {}),
    onListening: () => (listening += 1),
  });
});

describe('DemoSimulator', () => {
  it('runs once a camera asks for it, and FFmpeg is there', () => {
    demo.ensureRunning();
    expect(launcher.processes).toEqual([]);
    demo.start('/ffmpeg');
    expect(launcher.processes).toEqual([]);
    demo.ensureRunning();
    demo.ensureRunning();
    expect(launcher.processes).toHaveLength(1);
    const start = { type: 'start', ffmpegPath: '/ffmpeg', cacheDir: '/cache', cameras: 'demo', port: 0 };
    expect(launcher.last.sent).toEqual([start]);
  });

  it('gives addresses while it listens', async () => {
    demo.start('/ffmpeg');
    demo.ensureRunning();
    expect(demo.resolve('gate', 'sub')).toBeUndefined();
    const soon = demo.resolveSoon('gate', 'main', new AbortController().signal);
    const aborted = demo.resolveSoon('gate', 'main', AbortSignal.abort(new Error('gone')));
    await expect(aborted).rejects.toThrow('gone');
    launcher.last.listener.onMessage({ type: 'listening', port: 5544 });
    expect(await soon).toBe('rtsp://127.0.0.1:5544/gate/main');
    expect(demo.resolve('gate', 'sub')).toBe('rtsp://127.0.0.1:5544/gate/sub');
    expect(listening).toBe(1);
    await demo.close();
    await demo.close();
  });

  it('starts again when it could not start', () => {
    demo.start('/ffmpeg');
    demo.ensureRunning();
    launcher.last.listener.onMessage({ type: 'failed', message: 'no clips' });
    expect(launcher.last.killed).toBe(true);
    expect(demo.resolve('gate', 'main')).toBeUndefined();
  });
});

describe('addDemoCameras', () => {
  it('adds those that are not there', async () => {
    const added: CameraCreate[] = [];
    const present = [{ name: 'My yard', source: { url: 'demo:yard' } }] as Camera[];
    const create = (camera: CameraCreate) => Promise.resolve(added.push(camera));
    await addDemoCameras({ list: () => present, create } as unknown as CameraControl);
    expect(added.map(({ source }) => source.url)).toEqual(['demo:front-door', 'demo:gate', 'demo:garage']);
  });
});
