import type { App } from './app.ts';
import type { FeedHub } from './feed-hub.ts';
import type { LiveHub } from './live-hub.ts';

/** Counts answers by their class, and writes the server's figures in the text exposition format of Prometheus. */
export function countResponses(app: App, live: LiveHub, feed: FeedHub): () => string {
  const responses = new Map<string, number>();
  app.addHook('onResponse', (_request, reply, done) => {
    const statusClass = `${Math.floor(reply.statusCode / 100)}xx`;
    responses.set(statusClass, (responses.get(statusClass) ?? 0) + 1);
    done();
  });
  return () => {
    const { viewers, droppedFrames } = live.figures();
    return [
      ...metric('atalaya_http_responses_total', 'counter', 'HTTP answers by class of status.'),
      ...[...responses].sort().map(([name, count]) => `atalaya_http_responses_total{class="${name}"} ${count}`),
      ...metric('atalaya_live_viewers', 'gauge', 'Open live views.'),
      `atalaya_live_viewers ${viewers}`,
      ...metric('atalaya_live_dropped_frames_total', 'counter', 'Frames left out because a viewer was too slow.'),
      `atalaya_live_dropped_frames_total ${droppedFrames}`,
      ...metric('atalaya_feed_listeners', 'gauge', 'Open feeds.'),
      `atalaya_feed_listeners ${feed.listenerCount}`,
      '',
    ].join('\n');
  };
}

function metric(name: string, type: 'counter' | 'gauge', help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}
