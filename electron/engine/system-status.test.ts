import { describe, expect, it } from 'vitest';
import type { Camera } from '../contract/camera.ts';
import type { FfmpegLookup } from './ffmpeg-watch.ts';
import { EngineStatus } from './system-status.ts';

const found: FfmpegLookup = { kind: 'found', path: '/usr/bin/ffmpeg', version: '7.1', source: 'path' };
const missing: FfmpegLookup = { kind: 'missing', tried: [], installHint: 'apt-get install ffmpeg' };

const camera = (name: string, state: 'online' | 'offline' | 'disabled', mode: 'continuous' | 'off' = 'continuous') =>
  ({
    id: name,
    name,
    enabled: state !== 'disabled',
    recording: { mode },
    status: { state, sinceMs: 0, recording: state === 'online' && mode === 'continuous' },
  }) as Camera;

function createStatus(cameras: Camera[], ffmpeg = found): EngineStatus {
  return new EngineStatus({
    version: '1.2.3',
    cameras: () => cameras,
    ffmpeg: () => ffmpeg,
    storage: () =>
      Promise.resolve({
        volumes: [{ path: '/d', totalBytes: 9, freeBytes: 4, thresholdBytes: 1, recordingsBytes: 3 }],
        cameras: [],
      }),
    processes: () => ({ workers: 2, workersLost: 1, watchedStreams: 3 }),
  });
}

describe('EngineStatus', () => {
  it('is well when every camera that should be recorded is', () => {
    const cameras = [camera('a', 'online'), camera('b', 'online', 'off'), camera('c', 'disabled')];
    expect(createStatus(cameras).health()).toEqual({
      status: 'ok',
      version: '1.2.3',
      ffmpeg: { kind: 'found', version: '7.1' },
      camerasEnabled: 2,
      camerasRecording: 1,
    });
    expect(createStatus([...cameras, camera('d', 'offline')]).health().status).toBe('degraded');
  });

  it('is not well without FFmpeg, even without cameras', () => {
    expect(createStatus([], missing).health()).toMatchObject({
      status: 'degraded',
      ffmpeg: { kind: 'missing', installHint: 'apt-get install ffmpeg' },
    });
  });

  it('gives its figures to Prometheus, whatever the cameras are called', async () => {
    const status = createStatus([camera('say "cheese"\\\n', 'online')]);
    await status.storage();
    const { segmentId, ...rest } = { segmentId: 's', cameraId: 'a', stream: 'main', endMs: 1, bytes: 500 } as const;
    status.handle({
      type: 'segmentClosed',
      segmentId,
      ...rest,
      frames: 1,
      newKeyFrames: [],
      sha256: Buffer.alloc(32),
    });
    const lines = status.metrics().split('\n');
    expect(lines).toContain('# TYPE atalaya_camera_recording gauge');
    expect(lines.some((line) => line.endsWith('name="say \\"cheese\\"\\\\\\n"} 1'))).toBe(true);
    expect(lines).toContain('atalaya_volume_free_bytes{path="/d"} 4');
    expect(lines).toContain('atalaya_segment_bytes_total 500');
    expect(lines).toContain('atalaya_workers_lost_total 1');
    for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.+\})? [\d.e+-]+|)$/);
  });
});
