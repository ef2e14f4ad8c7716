/** Camera worker process: FFmpeg children in, segments and live fragments out. Started by the engine. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { v7 as uuidv7 } from 'uuid';
import { CameraWorker } from './camera/camera-worker.ts';
import { openEngineChannel } from './camera/engine-channel.ts';
import { FrameMemory } from './camera/frame-memory.ts';

// The launchers differ in how they pass flags to V8; this way works in both.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const memory = new FrameMemory({ arrayBufferBytes: () => process.memoryUsage().arrayBuffers, collectGarbage });

const worker = new CameraWorker({
  channel: openEngineChannel(process),
  clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  limits: { connectMs: 15_000, stallMs: 10_000 },
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
