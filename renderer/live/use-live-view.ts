import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';
import type { Camera } from '../../electron/contract/camera.ts';
import type { StreamName } from '../../electron/contract/ids.ts';
import { liveSocketUrl } from '../api/cameras.ts';
import type { Size } from '../ui/use-size.ts';
import { LiveView, type LiveState } from './live-view.ts';
import { chooseStream } from './stream-choice.ts';

interface LiveWish {
  camera: Camera;
  /** Where the video goes: an element that React leaves empty. */
  container: RefObject<HTMLElement | null>;
  size: Size | undefined;
  /** Whether anybody can see the tile. */
  visible: boolean;
  audio: boolean;
}

const NOTHING: LiveState = { kind: 'connecting' };
const nothing = (): LiveState => NOTHING;
const never = (): (() => void) => () => undefined;

/** Keeps a LiveView in the container showing what fits the tile, and tells its state. */
export function useLiveView(wish: LiveWish): { view: LiveView | undefined; state: LiveState } {
  const { camera, container, size, visible, audio } = wish;
  const hasSub = camera.source.subUrl !== undefined || camera.status.sub !== undefined;
  const cameraId = camera.id;
  const [view, setView] = useState<LiveView>();
  const [stream, setStream] = useState<StreamName>();

  useEffect(() => {
    if (container.current === null) return;
    const created = new LiveView(container.current, {
      openSocket: (target) => new WebSocket(liveSocketUrl(cameraId, target.stream, target.audio)),
      hasSub,
    });
    setView(created);
    return () => created.close();
  }, [cameraId, hasSub, container]);

  const width = size?.width;
  useEffect(() => {
    if (width !== undefined) setStream((present) => chooseStream(width, hasSub, present));
  }, [width, hasSub]);

  const watching = visible && camera.enabled && stream !== undefined;
  useEffect(() => {
    view?.show(watching ? { stream, audio } : undefined);
  }, [view, watching, stream, audio]);

  const codecs = `${camera.status.video?.codec} ${camera.status.sub?.video?.codec}`;
  useEffect(() => view?.codecsChanged(), [view, codecs]);

  const isOnline = camera.status.state === 'online';
  useEffect(() => {
    if (isOnline) view?.retryNow();
  }, [view, isOnline]);

  const state = useSyncExternalStore(view?.subscribe ?? never, view?.state ?? nothing);
  return { view, state };
}
