import fc from 'fast-check';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FfmpegError, runFfmpeg } from '../../native/run-ffmpeg.ts';
import { clipParameters } from './clip.ts';
import { decodeFrameCounters, findCounterBreaks } from './frame-counter.ts';
import { readSeiCounters } from './sei-counter.ts';
import { TestRtspClient, ffmpegPath, testSimulator, waitFor } from './test-support.ts';

const credentials = { user: 'admin', password: 'p@ss:word/1' };
const simulator = testSimulator([
  { path: 'h264', clip: clipParameters({ gopFrames: 15 }), sei: true },
  { path: 'h265', clip: clipParameters({ codec: 'h265', gopFrames: 15 }), sei: true },
  { path: 'reordered', clip: clipParameters({ bFrames: 2, gopFrames: 15, audio: 'aac' }), sei: true },
  { path: 'yard/main', clip: clipParameters({ audio: 'aac' }), auth: { ...credentials, scheme: 'digest' } },
  { path: 'mu', clip: clipParameters({ audio: 'pcmu' }), auth: { ...credentials, scheme: 'digest', qop: 'auth' } },
  { path: 'a', clip: clipParameters({ audio: 'pcma' }), auth: { ...credentials, scheme: 'basic' } },
  { path: 'sound', clip: clipParameters({ audio: 'pcma' }), audioOnly: true },
]);
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'atalaya-simulator-'));
  await simulator.start();
}, 60_000);

afterAll(async () => {
  await simulator.close();
  await simulator.close();
  await rm(dir, { recursive: true, force: true });
});

async function pull(url: string, transport: string, output: string[]): Promise<Buffer> {
  const input = ['-rtsp_transport', transport, '-timeout', '8000000', '-i', url];
  const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', ...input, ...output];
  const { stdout } = await runFfmpeg({ ffmpegPath, args, timeLimitMs: 20_000 });
  return stdout;
}

describe.concurrent('FFmpeg gets every frame', () => {
  test.each([
    ['h264', 'tcp', 'h264'],
    ['h264', 'udp', 'h264'],
    ['h265', 'tcp', 'hevc'],
    ['h265', 'udp', 'hevc'],
    ['reordered', 'tcp', 'h264'],
  ])(
    '%s over %s',
    async (path, transport, format) => {
      const file = join(dir, `${path}-${transport}.${format}`);
      await pull(simulator.url(path), transport, ['-map', '0:v', '-c', 'copy', '-frames:v', '40', '-f', format, file]);
      const counters = await decodeFrameCounters({ ffmpegPath, file });
      // FFmpeg holds back or cuts a few reordered frames at the end of the stream.
      expect(counters.length).toBeGreaterThan(35);
      expect(counters[0]! % 15).toBe(0);
      expect(findCounterBreaks(counters, 120)).toEqual([]);
      const frames = readSeiCounters(await readFile(file)).map(({ frame }) => frame);
      expect(frames).toHaveLength(40);
      expect(frames).toEqual(frames.map((_, at) => frames[0]! + at));
    },
    30_000,
  );

  test.each([
    ['yard/main', 'tcp'],
    ['yard/main', 'udp'],
    ['mu', 'tcp'],
    ['a', 'udp'],
    ['sound', 'tcp'],
  ])(
    'sound of %s over %s, with its beep each second',
    async (path, transport) => {
      const url = simulator.url(path, { withCredentials: true });
      const rate = 8000;
      const samples = await pull(url, transport, [
        '-map',
        '0:a',
        '-t',
        '2.5',
        '-ar',
        `${rate}`,
        '-f',
        's16le',
        'pipe:1',
      ]);
      expect(samples.length / 2 / rate).toBeGreaterThan(2.2);
      const loud: number[] = [];
      for (let at = 0; at + 1 < samples.length; at += 2)
        if (Math.abs(samples.readInt16LE(at)) > 3000) loud.push(at / 2);
      const beeps = loud.filter((at, index) => index === 0 || at - loud[index - 1]! > rate / 2);
      expect(beeps.length).toBeGreaterThanOrEqual(2);
      const apart = (beeps.at(-1)! - beeps.at(-2)!) / rate;
      expect(apart).toBeGreaterThan(0.9);
      expect(apart).toBeLessThan(1.1);
    },
    30_000,
  );
});

describe('who may watch', () => {
  test.each(['yard/main', 'mu', 'a'])('%s refuses a wrong password and none', async (path) => {
    const output = ['-t', '1', '-f', 'null', '-'];
    await expect(pull(simulator.url(path), 'tcp', output)).rejects.toThrow(/401/);
    const wrong = simulator.url(path, { withCredentials: true }).replace('word', 'sword');
    await expect(pull(wrong, 'tcp', output)).rejects.toThrow(/401/);
  });

  test('an unknown path is not found', async () => {
    const nowhere = simulator.url('h264').replace('h264', 'attic');
    await expect(pull(nowhere, 'tcp', ['-f', 'null', '-'])).rejects.toThrow(FfmpegError);
    const client = new TestRtspClient(nowhere);
    expect((await client.request('DESCRIBE', nowhere)).status).toBe(404);
    client.close();
  });
});

describe('the protocol', () => {
  test('describes the tracks, keeps the session alive and ends it', async () => {
    const url = simulator.url('reordered');
    const client = new TestRtspClient(url);
    const described = await client.request('DESCRIBE', url);
    expect(described.headers.get('content-base')).toBe(`${url}/`);
    expect(described.body).toMatch(/sprop-parameter-sets=[\w+/=]+,[\w+/=]+/);
    expect(described.body).toContain('a=rtpmap:97 MPEG4-GENERIC/16000/1');
    expect((await client.request('OPTIONS', '*')).headers.get('public')).toContain('GET_PARAMETER');
    const opened = simulator.camera('reordered').stats.sessionsOpened;
    const played = await client.play(url);
    expect(played.headers.get('session')).toMatch(/^[0-9a-f]+;timeout=60$/);
    await waitFor('packets', () => client.rtp().length > 5);
    const [info] = played.headers.get('rtp-info')!.split(',');
    expect(info).toContain(`seq=${client.rtp()[0]!.sequence};`);
    expect((await client.request('GET_PARAMETER', url)).status).toBe(200);
    expect(simulator.camera('reordered').stats).toMatchObject({ playingClients: 1, sessionsOpened: opened + 1 });
    expect(client.packets.find(({ channel }) => channel === 1)?.bytes.readUInt16BE(0)).toBe(0x80c8);
    expect((await client.request('TEARDOWN', url)).status).toBe(200);
    expect(simulator.camera('reordered').stats.connectedClients).toBe(0);
    client.close();
  });

  test('refuses what is out of order', async () => {
    const url = simulator.url('h264');
    const client = new TestRtspClient(url);
    expect((await client.request('PLAY', url)).status).toBe(454);
    expect((await client.request('RECORD', url)).status).toBe(501);
    expect((await client.request('SETUP', `${url}/audio`, { Transport: 'RTP/AVP/TCP' })).status).toBe(404);
    expect((await client.request('SETUP', `${url}/video`, { Transport: 'RTP/AVP;multicast' })).status).toBe(461);
    client.socket.write('\u0016\u0003\u0001 not RTSP\r\n\r\n');
    await waitFor('the end of the connection', () => client.closed);
  });

  test('random bytes from many clients leave the server as it was', async () => {
    const url = simulator.url('h264');
    const starts = [
      '',
      '$',
      '\r\n',
      'DESCRIBE ',
      `SETUP ${url} RTSP/1.0\r\nTransport: `,
      `PLAY ${url} RTSP/1.0\r\n\r\n`,
    ];
    const noise = fc.sample(fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 400 })), 40);
    const clients = noise.map(([start, bytes]) => {
      const client = new TestRtspClient(url);
      client.socket.end(Buffer.concat([Buffer.from(start), bytes]));
      return client;
    });
    await waitFor('the end of the connections', () => clients.every((client) => client.closed));
    const client = new TestRtspClient(url);
    expect((await client.request('DESCRIBE', url)).status).toBe(200);
    client.close();
  });

  test('two viewers get the same packets, the second from the next key frame on', async () => {
    const url = simulator.url('h264');
    const [first, second] = [new TestRtspClient(url), new TestRtspClient(url)];
    await first.play(url);
    await waitFor('the first viewer', () => first.timestamps().length > 3);
    await second.play(url);
    await waitFor('the second viewer', () => second.timestamps().length > 3);
    const [start] = second.rtp();
    expect(start!.payload[0]! & 0x1f).toBe(7);
    expect(first.rtp().find(({ sequence }) => sequence === start!.sequence)).toEqual(start);
    first.close();
    second.close();
  });
});

test('a client that keeps quiet for longer than its session lasts is thrown out', async () => {
  const brief = testSimulator([{ path: 'yard', clip: clipParameters() }], 1);
  await brief.start();
  const client = new TestRtspClient(brief.url('yard'));
  await client.play(brief.url('yard'));
  await waitFor('the end of the session', () => client.closed);
  await waitFor('the end of it at the other side', () => brief.stats.connections === 0);
  expect(brief.stats.connectedClients).toBe(0);
  await brief.close();
});

test('receiver reports over UDP keep a session alive that is quiet otherwise', async () => {
  const brief = testSimulator([{ path: 'yard', clip: clipParameters() }], 1);
  await brief.start();
  const [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')];
  const quiet = new TestRtspClient(brief.url('yard'));
  try {
    for (const socket of [rtp, rtcp]) await once(socket.bind(0, '127.0.0.1'), 'listening');
    const ports = `client_port=${rtp.address().port}-${rtcp.address().port}`;
    let packets = 0;
    rtp.on('message', (bytes) => (packets += bytes[0] === 0x80 ? 1 : 0));
    const url = brief.url('yard');
    const setUp = await quiet.request('SETUP', `${url}/video`, { Transport: `RTP/AVP;unicast;${ports}` });
    const [, port] = /server_port=\d+-(\d+)/.exec(setUp.headers.get('transport')!)!;
    await quiet.request('PLAY', url);
    const report = setInterval(() => rtcp.send(Buffer.alloc(8, 0x80), Number(port), '127.0.0.1'), 100);
    // Three seconds of pictures, thrice what a session without a sign of life would last.
    await waitFor('three seconds of pictures', () => brief.stats.framesSent > 45);
    clearInterval(report);
    expect(quiet.closed).toBe(false);
    expect(packets).toBeGreaterThan(45);
    await waitFor('the end of the session', () => quiet.closed);
  } finally {
    for (const socket of [rtp, rtcp]) socket.close();
    await brief.close();
  }
}, 20_000);
