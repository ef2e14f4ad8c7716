import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FfmpegError, runFfmpeg } from '../../native/run-ffmpeg.ts';
import { clipParameters } from './clip.ts';
import { readSeiCounters } from './sei-counter.ts';
import { TestRtspClient, ffmpegPath, testSimulator, waitFor } from './test-support.ts';

const clip = clipParameters({ gopFrames: 15 });
const heavy = clipParameters({ width: 1280, height: 720, fps: 25, seconds: 1, gopFrames: 5, bitrateKbps: 80_000 });
const simulator = testSimulator([
  { path: 'yard', clip, sei: true },
  { path: 'gate', clip: clipParameters({ scene: 'gate', gopFrames: 15 }) },
  { path: 'heavy', clip: heavy },
]);
const camera = simulator.camera('yard');
let client: TestRtspClient;

beforeAll(() => simulator.start(), 60_000);
afterAll(() => simulator.close());

async function watch(path = 'yard'): Promise<TestRtspClient> {
  client = new TestRtspClient(simulator.url(path));
  await client.play(simulator.url(path));
  await waitFor('the picture', () => client.timestamps().length > 5);
  return client;
}

/** Frame numbers in what the client got, in order. */
function frames(): number[] {
  return readSeiCounters(Buffer.concat(client.rtp().map(({ payload }) => payload))).map(({ frame }) => frame);
}

function holes(): number[] {
  const numbers = frames();
  return numbers
    .slice(1)
    .map((frame, at) => frame - numbers[at]! - 1)
    .filter((missing) => missing !== 0);
}

describe('one camera', () => {
  test('drop closes every connection of that camera only', async () => {
    const other = await watch('gate');
    await watch();
    camera.drop();
    await waitFor('the end of the connection', () => client.closed);
    expect(other.closed).toBe(false);
    other.close();
  });

  test('stall keeps the connection and the answers, and resume goes on at a key frame', async () => {
    const other = await watch('gate');
    await watch();
    camera.stall();
    const before = client.packets.length;
    expect((await client.request('GET_PARAMETER', simulator.url('yard'))).status).toBe(200);
    const sent = camera.stats.framesSent;
    const otherFrames = other.timestamps().length;
    await waitFor('frames of the other camera', () => other.timestamps().length > otherFrames + 4);
    other.close();
    expect(client.packets.length).toBe(before);
    expect(camera.stats).toMatchObject({ framesSent: sent, playingClients: 1 });
    camera.resume();
    await waitFor('the picture', () => client.packets.length > before + 3);
    const next = client.packets.slice(before).find(({ channel }) => channel === 0);
    expect(next!.bytes[12]! & 0x1f).toBe(7);
    expect(holes()).toHaveLength(1);
    client.close();
  });

  test.each([401, 404, 453, 500, 503])('refuse answers %i until it is resumed', async (status) => {
    camera.refuse(status);
    const url = simulator.url('yard');
    const refused = new TestRtspClient(url);
    expect((await refused.request('DESCRIBE', url)).status).toBe(status);
    camera.resume();
    expect((await refused.request('DESCRIBE', url)).status).toBe(200);
    refused.close();
  });

  test('FFmpeg reports the refusal', async () => {
    camera.refuse(503);
    const args = ['-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', simulator.url('yard'), '-f', 'null', '-'];
    await expect(runFfmpeg({ ffmpegPath, args, timeLimitMs: 10_000 })).rejects.toThrow(FfmpegError);
    camera.resume();
  });

  test('silence never answers, but the connection stands', async () => {
    camera.silence();
    const url = simulator.url('yard');
    const waiting = new TestRtspClient(url);
    const answers: number[] = [];
    void waiting.request('DESCRIBE', url).then(
      ({ status }) => answers.push(status),
      () => undefined,
    );
    // The other camera's answer on another connection is later than ours could have been.
    const other = new TestRtspClient(url);
    expect((await other.request('DESCRIBE', simulator.url('gate'))).status).toBe(200);
    expect(answers).toEqual([]);
    expect(waiting.closed).toBe(false);
    waiting.close();
    other.close();
    camera.resume();
  });

  test('switchClip changes the picture size at a key frame with its parameter sets', async () => {
    await watch();
    const before = client.timestamps().at(-1)!;
    await camera.switchClip(clipParameters({ width: 320, height: 180, gopFrames: 15 }));
    const isNewSps = ({ timestamp, payload }: { timestamp: number; payload: Buffer }): boolean =>
      timestamp !== before && (payload[0]! & 0x1f) === 7;
    await waitFor(
      'new parameter sets',
      () =>
        new Set(
          client
            .rtp()
            .filter(({ payload }) => (payload[0]! & 0x1f) === 7)
            .map(({ payload }) => payload.toString('hex')),
        ).size === 2,
    );
    expect(client.rtp().filter(isNewSps).length).toBeGreaterThan(0);
    expect(holes()).toEqual([]);
    const steps = client.timestamps().map((timestamp, at, all) => (at === 0 ? 6000 : (timestamp - all[at - 1]!) >>> 0));
    expect(new Set(steps)).toEqual(new Set([6000]));
    const described = await client.request('DESCRIBE', simulator.url('yard'));
    const sps = client
      .rtp()
      .findLast(({ payload }) => (payload[0]! & 0x1f) === 7)!
      .payload.toString('base64');
    expect(described.body).toContain(sps);
    client.close();
    await camera.switchClip(clip);
  });

  test('switchClip to another codec ends the sessions, and the next one gets the other codec', async () => {
    await watch();
    await camera.switchClip({ ...clip, codec: 'h265' });
    await waitFor('the end of the connection', () => client.closed);
    const url = simulator.url('yard');
    const next = new TestRtspClient(url);
    expect((await next.request('DESCRIBE', url)).body).toMatch(/H265\/90000[^]*sprop-vps=/);
    next.close();
    await camera.switchClip(clip);
  });

  test.each([30, -30])('jumpTimestamps shifts RTP time by %i s and nothing else', async (seconds) => {
    await watch();
    camera.jumpTimestamps(seconds);
    const before = client.timestamps().length;
    await waitFor('frames after the jump', () => client.timestamps().length > before + 3);
    const times = client.timestamps();
    const steps = times.slice(1).map((timestamp, at) => (timestamp - times[at]!) | 0);
    expect(steps.filter((step) => step !== 6000)).toEqual([6000 + seconds * 90_000]);
    expect(holes()).toEqual([]);
    client.close();
  });

  test('skipFrames leaves a hole of that many frames', async () => {
    await watch();
    camera.skipFrames(4);
    const before = frames().length;
    await waitFor('frames after the hole', () => frames().length > before + 2);
    expect(holes()).toEqual([4]);
    client.close();
  });

  test('garbage comes in place of framed packets', async () => {
    await watch();
    expect(client.strayBytes).toBe(0);
    camera.garbage();
    await waitFor('garbage', () => client.strayBytes > 0);
    client.close();
    camera.resume();
  });

  test('garbage in payloads keeps RTP intact', async () => {
    await watch();
    camera.garbage('payload');
    const before = frames().length;
    const packets = client.packets.length;
    await waitFor('garbage', () => client.packets.length > packets + 40);
    expect(client.strayBytes).toBe(0);
    expect(frames().length - before).toBeLessThanOrEqual(1);
    client.close();
    camera.resume();
  });
});

test('a client that does not read loses frames, not the simulator memory, and goes on at a key frame', async () => {
  await watch('heavy');
  const { stats: before } = simulator.camera('heavy');
  client.socket.pause();
  await waitFor('dropped frames', () => simulator.camera('heavy').stats.framesDropped > before.framesDropped, 30_000);
  const sent = simulator.camera('heavy').stats.framesSent;
  client.socket.resume();
  await waitFor('frames again', () => simulator.camera('heavy').stats.framesSent > sent + 5);
  client.close();
}, 60_000);

test('stopListening refuses connections, listen accepts them on the same port', async () => {
  await watch();
  const { port } = simulator;
  await simulator.stopListening();
  await waitFor('the end of the connection', () => client.closed);
  const refused = new TestRtspClient(simulator.url('yard'));
  await waitFor('the refusal', () => refused.closed);
  await simulator.listen();
  expect(simulator.port).toBe(port);
  await watch();
  client.close();
});

test('a silent server accepts connections and says nothing', async () => {
  await waitFor('the end of earlier connections', () => simulator.stats.connections === 0);
  simulator.silence();
  const waiting = new TestRtspClient(simulator.url('yard'));
  const answered = waiting.request('OPTIONS', '*').then(
    () => true,
    () => false,
  );
  await waitFor('the connection', () => simulator.stats.connections > 0);
  simulator.speak();
  await watch();
  expect(waiting.closed).toBe(false);
  waiting.close();
  expect(await answered).toBe(false);
  client.close();
});
