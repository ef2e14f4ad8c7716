import { describe, expect, it } from 'vitest';
import { TimelineGestures } from './timeline-gestures.ts';

const RULER_PX = 28;

function record(): { log: unknown[][]; gestures: TimelineGestures } {
  const log: unknown[][] = [];
  const gestures = new TimelineGestures(
    {
      onPan: (byPx) => log.push(['pan', byPx]),
      onZoom: (aboutPx, factor) => log.push(['zoom', aboutPx, factor]),
      onSeek: (px, isHeld) => log.push(['seek', px, isHeld]),
      onHover: () => undefined,
    },
    (_px, py) => (py < RULER_PX ? 'scrub' : 'pan'),
  );
  return { log, gestures };
}

describe('timeline gestures', () => {
  it('seek where a row is clicked', () => {
    const { log, gestures } = record();
    gestures.down(1, 100, 50);
    gestures.move(1, 102, 50, false);
    gestures.up(1, false);
    expect(log).toEqual([['seek', 102, false]]);
  });

  it('pan when a row is dragged', () => {
    const { log, gestures } = record();
    gestures.down(1, 100, 50);
    gestures.move(1, 110, 50, false);
    gestures.move(1, 105, 50, false);
    gestures.up(1, false);
    expect(log).toEqual([
      ['pan', 10],
      ['pan', -5],
    ]);
  });

  it('scrub on the ruler, and let go at the last place', () => {
    const { log, gestures } = record();
    gestures.down(1, 100, 10);
    gestures.move(1, 130, 90, false);
    gestures.up(1, false);
    expect(log).toEqual([
      ['seek', 100, true],
      ['seek', 130, true],
      ['seek', 130, false],
    ]);
  });

  it('zoom and pan with two fingers, and do not click when they leave', () => {
    const { log, gestures } = record();
    gestures.down(1, 100, 50);
    gestures.down(2, 200, 50);
    gestures.move(2, 300, 50, true);
    gestures.up(2, false);
    gestures.move(1, 150, 50, true);
    gestures.up(1, false);
    expect(log).toEqual([
      ['pan', 50],
      ['zoom', 200, 2],
    ]);
  });

  it('do nothing for a press that the system takes away', () => {
    const { log, gestures } = record();
    gestures.down(1, 100, 50);
    gestures.up(1, true);
    expect(log).toEqual([]);
  });
});
