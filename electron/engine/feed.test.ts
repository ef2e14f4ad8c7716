import { describe, expect, it } from 'vitest';
import type { FeedMessage } from '../contract/feed.ts';
import { FeedHub } from './feed.ts';

const removed = (exportId: string): FeedMessage => ({ type: 'exportRemoved', exportId });

describe('FeedHub', () => {
  it('tells every listener until it stops', () => {
    const feed = new FeedHub(() => removed('snapshot'));
    const heard: FeedMessage[] = [];
    const listener = (message: FeedMessage): void => void heard.push(message);
    const stops = [feed.subscribe(listener), feed.subscribe(listener)];
    feed.publish(removed('a'));
    stops[0]!();
    feed.publish(removed('b'));
    stops[1]!();
    feed.publish(removed('c'));
    expect(heard).toEqual([removed('a'), removed('a'), removed('b')]);
    expect(feed.snapshot()).toEqual(removed('snapshot'));
  });
});
