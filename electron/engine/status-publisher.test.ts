import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedMessage } from '../contract/feed.ts';
import type { Health, Storage } from '../contract/storage.ts';
import { FeedHub } from './feed.ts';
import { createLog } from './log.ts';
import { StatusPublisher } from './status-publisher.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const camera = { type: 'camera' } as FeedMessage;

describe('StatusPublisher', () => {
  it('tells of the health once when it has changed, and of the storage again and again', async () => {
    const feed = new FeedHub(() => camera);
    const heard: string[] = [];
    feed.subscribe(({ type }) => heard.push(type));
    let camerasRecording = 0;
    let storage: () => Promise<Storage> = () => Promise.resolve({ volumes: [], cameras: [] });
    const system = {
      health: () => ({ camerasRecording }) as Health,
      storage: () => storage(),
      metrics: () => '',
    };
    const publisher = new StatusPublisher(
      system,
      feed,
      createLog('silent', () => {}),
    );
    publisher.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.splice(0)).toEqual(['storage']);

    camerasRecording = 4;
    for (let times = 0; times < 4; times++) feed.publish(camera);
    await vi.advanceTimersByTimeAsync(250);
    expect(heard.splice(0)).toEqual(['camera', 'camera', 'camera', 'camera', 'health']);
    feed.publish(camera);
    await vi.advanceTimersByTimeAsync(250);
    expect(heard.splice(0)).toEqual(['camera']);

    storage = () => Promise.reject(new Error('disk gone'));
    await vi.advanceTimersByTimeAsync(10_000);
    storage = () => Promise.resolve({ volumes: [], cameras: [] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard.splice(0)).toEqual(['storage']);

    camerasRecording = 3;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard.splice(0).sort()).toEqual(['health', 'storage']);

    feed.publish(camera);
    publisher.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard).toEqual(['camera']);
  });
});
