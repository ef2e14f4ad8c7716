/** Camera worker process: FFmpeg children in, segments and live fragments out. Started by the engine. */
import { setDefaultHighWaterMark } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { v7 as uuidv7 } from 'uuid';
import { CameraWorker } from './camera/camera-worker.ts';
import { openEngineChannel } from './camera/engine-channel.ts';
import { FrameMemory } from './camera/frame-memory.ts';
import { ReadPacer } from './camera/read-pacer.ts';

// The launchers differ in how they pass flags to V8; this way works in both.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const memory = new FrameMemory({ arrayBufferBytes: () => process.memoryUsage().arrayBuffers, collectGarbage });

// FFmpeg must not wait for room in its pipe between two turns: Linux gives it 200 kB, macOS 8 kB.
const pacer = process.platform === 'linux' ? new ReadPacer() : undefined;
// A stream that rests reads ahead up to this: 64 kB would be most of what comes meanwhile, frame by frame.
if (pacer !== undefined) setDefaultHighWaterMark(false, 1024);

const worker = new CameraWorker({
  channel: openEngineChannel(process),
  clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  limits: { connectMs: 15_000, stallMs: 10_000 },
  pacer,
  // glibc would keep an arena of half a megabyte for each of FFmpeg's threads.
  env: { ...process.env, MALLOC_ARENA_MAX: '1' },
  pid: process.pid,
  newId: uuidv7,
  random: Math.random,
  onClosed: () => process.exit(0),
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void worker.close());
memory.start();
worker.start();
