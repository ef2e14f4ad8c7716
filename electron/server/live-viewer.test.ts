import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { LiveFragment, LiveInit } from '../contract/worker-protocol.ts';
import { GopCache } from './gop-cache.ts';
import { LiveViewer, type ViewerSocket } from './live-viewer.ts';

const MIB = 1024 * 1024;
const INIT: LiveInit = {
  type: 'liveInit',
  cameraId: 'c',
  stream: 'main',
  mimeType: 'video/mp4',
  width: 640,
  height: 360,
  bytes: Buffer.alloc(1000),
};

/** A socket whose peer reads when the test says so. */
class FakeSocket implements ViewerSocket {
  bufferedAmount = 0;
  readonly sent: (Uint8Array | string)[] = [];
  readonly #unread: { bytes: number; sent: () => void }[] = [];

  send(data: Uint8Array | string, _options: { binary: boolean }, sent: () => void): void {
    this.sent.push(data);
    this.bufferedAmount += data.length;
    this.#unread.push({ bytes: data.length, sent });
  }

  read(messages = Infinity): void {
    for (const { bytes, sent } of this.#unread.splice(0, messages)) {
      this.bufferedAmount -= bytes;
      sent();
    }
  }

  told(): unknown[] {
    return this.sent.filter((data) => typeof data === 'string').map((text) => JSON.parse(text) as unknown);
  }
}

let socket: FakeSocket;
let viewer: LiveViewer;
let nowMs: number;
let dropped: number;

beforeEach(() => {
  nowMs = 0;
  dropped = 0;
  socket = new FakeSocket();
  viewer = new LiveViewer({
    socket,
    wantsAudio: true,
    clock: { nowMs: () => nowMs },
    onDropped: (frames) => {
      dropped += frames;
    },
  });
});

function frame(sizeBytes: number, keyFrame = false, track: LiveFragment['track'] = 'video'): LiveFragment {
  return { type: 'liveFragment', cameraId: 'c', stream: 'main', keyFrame, track, bytes: new Uint8Array(sizeBytes) };
}

test('a viewer who stands still for two seconds goes on at a key frame, however little is unsent', () => {
  viewer.begin(INIT, []);
  socket.read();
  viewer.fragment(frame(10, true));
  nowMs += 2001;
  viewer.fragment(frame(10));
  viewer.fragment(frame(10, false, 'audio'));
  viewer.fragment(frame(10, true));
  socket.read();
  viewer.fragment(frame(10));
  viewer.fragment(frame(10, true));
  expect(socket.told()).toEqual([
    { type: 'init', mimeType: 'video/mp4', width: 640, height: 360, hasAudio: false },
    { type: 'dropped', frames: 3 },
  ]);
  expect(dropped).toBe(3);
});

test('a cached GOP larger than the bound is sent in one go and drops nothing by itself', () => {
  const gop = [frame(3 * MIB, true), frame(MIB), frame(MIB)];
  viewer.begin(INIT, gop);
  nowMs += 10_000;
  viewer.fragment(frame(1000));
  socket.read();
  viewer.fragment(frame(1000));
  expect(dropped).toBe(0);
  expect(socket.sent.filter((data) => typeof data !== 'string')).toHaveLength(6);
});

test('a new init segment waits for its key frame and does not call the frames before it dropped', () => {
  viewer.begin(INIT, [frame(10, true)]);
  viewer.begin(INIT, []);
  viewer.fragment(frame(10));
  viewer.fragment(frame(20, true));
  expect(dropped).toBe(0);
  expect((socket.sent.at(-1) as Uint8Array).length).toBe(20);
});

test('whatever the camera sends and the peer reads: memory is bounded, and what is sent after a loss is a key frame', () => {
  const action = fc.oneof(
    { weight: 8, arbitrary: fc.record({ size: fc.integer({ min: 1, max: MIB / 2 }), keyFrame: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 3000 }) }) },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const peer = new FakeSocket();
      let now = 0;
      let lost = 0;
      const one = new LiveViewer({
        socket: peer,
        wantsAudio: true,
        clock: { nowMs: () => now },
        onDropped: (frames) => {
          lost += frames;
        },
      });
      one.begin(INIT, []);
      let wasSent = false;
      let offered = 0;
      let sentFrames = 0;
      for (const step of actions) {
        if ('read' in step) peer.read(step.read);
        else if ('passMs' in step) now += step.passMs;
        else {
          const before = peer.sent.length;
          one.fragment(frame(step.size, step.keyFrame));
          const isSent = peer.sent.length > before;
          if (isSent && !wasSent) expect(step.keyFrame).toBe(true);
          if (isSent) sentFrames += 1;
          if (sentFrames > 0) offered += 1;
          wasSent = isSent;
        }
        expect(peer.bufferedAmount).toBeLessThanOrEqual(2 * MIB + MIB / 2 + 2000);
      }
      expect(sentFrames + lost).toBe(offered);
    }),
  );
});

test('the cache begins at a picture, never at a sound, and gives up a GOP that is too large', () => {
  const cache = new GopCache();
  cache.push(frame(1, true, 'audio'));
  cache.push(frame(1));
  expect(cache.fragments).toHaveLength(0);
  cache.push(frame(1, true, 'both'));
  cache.push(frame(1, true, 'audio'));
  expect(cache.fragments).toHaveLength(2);
  cache.push(frame(17 * MIB));
  expect(cache.fragments).toHaveLength(0);
  cache.push(frame(1));
  expect(cache.fragments).toHaveLength(0);
  cache.push(frame(2, true));
  expect(cache.fragments).toHaveLength(1);
});
