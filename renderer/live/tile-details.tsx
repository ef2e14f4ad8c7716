import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { codecName } from '../ui/codec-name.ts';
import { useNumberFormat } from '../ui/number-format.ts';
import type { LiveStats, LiveView } from './live-view.ts';

interface Sample {
  atMs: number;
  stats: LiveStats;
}

const EVERY_MS = 1000;

/** Codec, size and rates of what the tile plays, looked up once a second only while shown. */
export function TileDetails({ camera, view }: { camera: Camera; view: LiveView }) {
  const { t } = useTranslation();
  const numbers = useNumberFormat();
  const [samples, setSamples] = useState<{ now?: Sample; before?: Sample }>({});
  useEffect(() => {
    const look = (): void => {
      const stats = view.stats();
      if (stats === undefined) return;
      setSamples(({ now }) => {
        const next: Sample = { atMs: performance.now(), stats };
        return now?.stats.stream === stats.stream ? { now: next, before: now } : { now: next };
      });
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [view]);

  const stats = samples.now?.stats;
  const rates = measure(samples.now, samples.before);
  const unknown = '–';
  const rows: [string, string][] = [
    [t('live.details.stream'), stats ? t(`live.details.stream-${stats.stream}`) : unknown],
    [t('live.details.codec'), stats ? codecName(stats.mimeType) : codecName(camera.status.video?.codec ?? unknown)],
    [t('live.details.size'), stats ? `${stats.width} × ${stats.height}` : unknown],
    [t('live.details.fps'), rates ? numbers.fps(rates.fps) : unknown],
    [t('live.details.bitrate'), rates ? numbers.bitrate(rates.bitrateBps) : unknown],
    [t('live.details.buffer'), stats ? t('live.details.ms', { ms: numbers.integer(stats.behindS * 1000) }) : unknown],
    [
      t('live.details.dropped'),
      stats ? t('live.details.dropped-value', { server: stats.droppedFrames, browser: stats.lateFrames }) : unknown,
    ],
  ];
  return (
    <dl className="figures pointer-events-none absolute top-1.5 left-1.5 grid grid-cols-[auto_auto] gap-x-3 gap-y-0.5 rounded bg-picture/75 px-2.5 py-2 text-xs">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-on-picture/75">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function measure(now: Sample | undefined, before: Sample | undefined): { fps: number; bitrateBps: number } | undefined {
  if (!now || !before) return undefined;
  const seconds = (now.atMs - before.atMs) / 1000;
  if (seconds <= 0) return undefined;
  return {
    // A new player counts from 0 again.
    fps: Math.max(0, now.stats.shownFrames - before.stats.shownFrames) / seconds,
    bitrateBps: ((now.stats.receivedBytes - before.stats.receivedBytes) * 8) / seconds,
  };
}
