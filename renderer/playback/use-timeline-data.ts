import { useEffect, useMemo, useRef, useState } from 'react';
import { fetchTimeline } from '../api/recordings.ts';
import { serverNowMs } from '../state/server.ts';
import { BucketCache, windowsFor, type BucketWindow, type LoadedBuckets } from './buckets.ts';
import type { TimeScale } from './time-scale.ts';

export interface TimelineData {
  /** What is known of the view, coarse stand-ins first. */
  loaded: LoadedBuckets[];
  /** True once every part of the view has been answered. */
  isComplete: boolean;
  error: unknown;
}

/** A zoom by wheel passes many scales: only where it rests is asked for. */
const REST_MS = 60;
const LOOK_AGAIN_MS = 5_000;

/** Coverage and gaps of the cameras for what the scale shows, asked for as it changes, with what is beside it. */
export function useTimelineData(cameraIds: readonly string[], scale: TimeScale): TimelineData {
  const ids = cameraIds.join(',');
  // Another choice of cameras is another set of answers.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const cache = useMemo(() => new BucketCache(), [ids]);
  const [version, setVersion] = useState(0);
  const [error, setError] = useState<unknown>();
  const pending = useRef(new Set<string>());
  const { needed } = windowsFor(scale);
  const keys = needed.map((window) => window.key).join(' ');

  useEffect(() => {
    if (ids === '') return;
    const abort = new AbortController();
    const asked = pending.current;
    const load = async (window: BucketWindow): Promise<void> => {
      const nowMs = serverNowMs();
      const key = `${ids} ${window.key}`;
      if (window.fromMs > nowMs || asked.has(key) || !cache.isDue(window, nowMs)) return;
      asked.add(key);
      try {
        const timeline = await fetchTimeline(ids.split(','), window, window.bucketMs, abort.signal);
        cache.set({ window, timeline, loadedMs: nowMs });
        setError(undefined);
        setVersion((before) => before + 1);
      } catch (caught) {
        if (!abort.signal.aborted) setError(caught);
      } finally {
        asked.delete(key);
      }
    };
    const loadAll = async (): Promise<void> => {
      const windows = windowsFor(scale);
      await Promise.all(windows.needed.map(load));
      if (!abort.signal.aborted) await Promise.all(windows.beside.map(load));
    };
    const first = setTimeout(() => void loadAll(), REST_MS);
    const timer = setInterval(() => void loadAll(), LOOK_AGAIN_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      abort.abort();
    };
    // The windows, not the scale itself, decide what is asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ids, keys, cache]);

  return useMemo(() => {
    const windows = windowsFor(scale).needed;
    const exact = windows.map((window) => cache.get(window)).filter((found) => found !== undefined);
    const nowMs = serverNowMs();
    const isComplete = windows.every((window) => window.fromMs > nowMs || cache.get(window) !== undefined);
    const loaded = isComplete ? exact : [...cache.standIns(scale), ...exact];
    return { loaded, isComplete, error };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cache, version, keys, scale.fromMs, scale.toMs, error]);
}
