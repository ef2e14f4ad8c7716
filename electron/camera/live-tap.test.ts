import { beforeEach, describe, expect, it } from 'vitest';
import type { WorkerToEngine } from '../contract/worker-protocol.ts';
import { LiveTap } from './live-tap.ts';
import type { MediaFragment } from './media-fragment.ts';
import { testConfiguration } from './testing/recorder-harness.ts';

const identity = { cameraId: 'camera', stream: 'main' } as const;
let sent: WorkerToEngine[];
let backlogBytes: number;
let tap: LiveTap;

beforeEach(() => {
  sent = [];
  backlogBytes = 0;
  const send = (message: WorkerToEngine): void => void sent.push(message);
  tap = new LiveTap(identity, { send, liveBacklogBytes: () => backlogBytes });
  tap.configure(testConfiguration());
});

function video(index: number, gopFrames: number, sizeBytes = 10): MediaFragment {
  const bytes = Buffer.alloc(sizeBytes, index);
  return { bytes, track: 'video', keyFrame: index % gopFrames === 0, decodeMs: index * 40, durationMs: 40 };
}

function sentFrames(): number[] {
  return sent.flatMap((message) => (message.type === 'liveFragment' ? [message.bytes[0] ?? -1] : []));
}

describe('LiveTap', () => {
  it('says nothing while nobody watches', () => {
    for (let index = 0; index < 20; index += 1) tap.take(video(index, 5));
    tap.end('gone');
    expect(sent).toEqual([]);
  });

  it('begins with the init segment and the current GOP, then goes on', () => {
    for (let index = 0; index < 8; index += 1) tap.take(video(index, 5));
    tap.setWatched(true);
    expect(sent[0]).toMatchObject({ type: 'liveInit', width: 640 });
    expect(sentFrames()).toEqual([5, 6, 7]);
    tap.take(video(8, 5));
    expect(sentFrames()).toEqual([5, 6, 7, 8]);
    tap.setWatched(false);
    tap.take(video(9, 5));
    expect(sentFrames()).toEqual([5, 6, 7, 8]);
  });

  it('waits for the first key frame of a stream that was joined in the middle', () => {
    tap.setWatched(true);
    for (let index = 3; index < 7; index += 1) tap.take(video(index, 5));
    expect(sentFrames()).toEqual([5, 6]);
  });

  it('gives a picture of a GOP too long to cache, then waits for the next', () => {
    for (let index = 0; index < 1_000; index += 1) tap.take(video(index % 251, 251, 10));
    const long = new LiveTap(identity, { send: (message) => void sent.push(message), liveBacklogBytes: () => 0 });
    long.configure(testConfiguration());
    for (let index = 0; index < 800; index += 1) long.take(video(index, 100_000));
    long.setWatched(true);
    expect(sentFrames()).toEqual([0]);
    long.take({ ...video(801, 100_000) });
    expect(sentFrames()).toEqual([0]);
    long.take({ ...video(802, 1) });
    expect(sentFrames()).toHaveLength(2);
    expect(long.keyFrame?.fragment.keyFrame).toBe(true);
  });

  it('bounds the bytes that it keeps', () => {
    for (let index = 0; index < 20; index += 1) tap.take(video(index, 100, 1024 * 1024));
    tap.setWatched(true);
    expect(sentFrames()).toEqual([0]);
  });

  it('skips to a key frame when the engine does not keep up', () => {
    tap.setWatched(true);
    for (let index = 0; index < 3; index += 1) tap.take(video(index, 5));
    backlogBytes = 64 * 1024 * 1024;
    for (let index = 3; index < 7; index += 1) tap.take(video(index, 5));
    backlogBytes = 0;
    for (let index = 7; index < 12; index += 1) tap.take(video(index, 5));
    expect(sentFrames()).toEqual([0, 1, 2, 10, 11]);
  });

  it('tells the end, and begins again with a new init segment', () => {
    tap.setWatched(true);
    tap.take(video(0, 5));
    tap.end('The camera closed the connection.');
    expect(tap.keyFrame).toBeUndefined();
    tap.configure(testConfiguration('second'));
    tap.take(video(5, 5));
    expect(sent.map(({ type }) => type)).toEqual(['liveInit', 'liveFragment', 'liveEnded', 'liveInit', 'liveFragment']);
  });
});
