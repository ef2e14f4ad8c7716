import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { SimulatorReply, SimulatorRequest } from './process-messages.ts';
import { TestRtspClient, clipCacheDir, ffmpegPath, waitFor } from './test-support.ts';

const entry = fileURLToPath(new URL('../simulator.ts', import.meta.url));
const start: SimulatorRequest = {
  type: 'start',
  ffmpegPath,
  cacheDir: clipCacheDir,
  cameras: [{ path: 'yard/main', clip: { audio: 'aac' }, sei: true }],
  port: 0,
};
let child: ChildProcess;

function launch(): ChildProcess {
  return (child = fork(entry, { serialization: 'advanced', execArgv: [] }));
}

async function ask(message: unknown): Promise<SimulatorReply> {
  child.send(message as object);
  const [reply] = (await once(child, 'message')) as [SimulatorReply];
  return reply;
}

afterEach(() => {
  child.kill('SIGKILL');
});

test('serves cameras for its parent until it is told to close', async () => {
  launch();
  const reply = await ask(start);
  if (reply.type !== 'listening') throw new Error(reply.message);
  const url = `rtsp://127.0.0.1:${reply.port}/yard/main`;
  const client = new TestRtspClient(url);
  expect((await client.request('DESCRIBE', url)).body).toContain('MPEG4-GENERIC');
  await client.play(url);
  await waitFor('pictures', () => client.timestamps().length > 2);
  expect(await ask(start)).toEqual({ type: 'failed', message: 'The simulator runs already.' });
  child.send({ type: 'close' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  await waitFor('the end of the connection', () => client.closed);
});

test('offers the demo cameras at once and ends with its parent', async () => {
  launch();
  const reply = await ask({ ...start, cameras: 'demo' });
  if (reply.type !== 'listening') throw new Error(reply.message);
  const url = `rtsp://127.0.0.1:${reply.port}/front-door/main`;
  const client = new TestRtspClient(url);
  expect((await client.request('DESCRIBE', url)).body).toContain('s=Front door');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 60_000);

test.each([
  [{ type: 'start' }, /cannot use this message/],
  [{ ...start, cameras: [{ path: '/yard/' }] }, /single slashes/],
  [{ ...start, cameras: [{ path: 'yard', clip: { width: 641 } }] }, /641/],
  [{ ...start, unknown: 1 }, /Unrecognized key/],
  ['nonsense', /cannot use this message/],
])('a bad message gets a reason: %j', async (message, reason) => {
  launch();
  const reply = await ask(message);
  expect(reply).toMatchObject({ type: 'failed', message: expect.stringMatching(reason) as string });
});
