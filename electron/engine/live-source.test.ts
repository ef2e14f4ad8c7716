import { beforeEach, describe, expect, it } from 'vitest';
import type { LiveFragment, LiveInit } from '../contract/worker-protocol.ts';
import type { LiveListener } from '../server/ports.ts';
import { WorkerLiveSource } from './live-source.ts';

const of = { cameraId: 'c', stream: 'main' } as const;
const init: LiveInit = { type: 'liveInit', ...of, mimeType: 'video/mp4', width: 1, height: 1, bytes: Buffer.of(0) };
const fragment = (name: number, keyFrame = false): LiveFragment => ({
  type: 'liveFragment',
  ...of,
  keyFrame,
  track: 'video',
  bytes: Buffer.of(name),
});

let asked: boolean[];
let source: WorkerLiveSource;
beforeEach(() => {
  asked = [];
  source = new WorkerLiveSource((_id, _stream, watching) => asked.push(watching));
});

function listen(): { heard: (number | string)[]; listener: LiveListener } {
  const heard: (number | string)[] = [];
  return {
    heard,
    listener: {
      onInit: () => heard.push('init'),
      onFragment: ({ bytes }) => heard.push(bytes[0]!),
      onEnded: (reason) => heard.push(reason),
    },
  };
}

describe('WorkerLiveSource', () => {
  it('watches at the worker as long as the server does', () => {
    const stop = source.watch('c', 'main', listen().listener);
    expect(source.watched).toBe(1);
    expect(() => source.watch('c', 'main', listen().listener)).toThrow('watched already');
    stop();
    stop();
    expect(asked).toEqual([true, false]);
    expect(source.watched).toBe(0);
  });

  it('gives fragments from before a new watch to nobody', () => {
    const stop = source.watch('c', 'main', listen().listener);
    source.handle(init);
    stop();
    const again = listen();
    source.watch('c', 'main', again.listener);
    source.handle(fragment(7));
    source.handle(init);
    source.handle(fragment(8, true));
    expect(again.heard).toEqual(['init', 8]);
  });

  it('says why a stream ended, and goes on when it comes back', () => {
    const { heard, listener } = listen();
    source.watch('c', 'main', listener);
    source.handle(init);
    source.handle({ type: 'liveEnded', ...of, reason: 'gone' });
    source.handle(fragment(1, true));
    source.handle(init);
    expect(heard).toEqual(['init', 'gone', 'init']);
    expect(asked).toEqual([true]);
  });

  it('ends the streams of a worker that died, and gives nothing of the old ones to its successor’s viewers', () => {
    const { heard, listener } = listen();
    source.watch('c', 'main', listener);
    source.handle(init);
    source.workerLost(['other']);
    source.workerLost(['c']);
    source.workerLost(['c']);
    source.handle(fragment(1, true));
    source.handle(init);
    expect(heard).toEqual(['init', 'the worker was lost', 'init']);
  });
});
