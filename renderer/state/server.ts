import { create } from 'zustand';
import type { Camera } from '../../electron/contract/camera.ts';
import type { ExportJob } from '../../electron/contract/exports.ts';
import type { FeedMessage } from '../../electron/contract/feed.ts';
import type { Health, Storage } from '../../electron/contract/storage.ts';
import { FeedConnection } from '../api/feed.ts';
import { fetchStorage } from '../api/system.ts';
import { useSession } from './session.ts';

export type FeedState = { kind: 'connecting' } | { kind: 'open' } | { kind: 'lost'; sinceMs: number };

interface ServerStore {
  feed: FeedState;
  /** False until the first snapshot: lists are unknown, not empty. */
  loaded: boolean;
  /** In the order the cameras were added. */
  cameras: Camera[];
  /** Newest first. */
  exports: ExportJob[];
  health: Health | undefined;
  storage: Storage | undefined;
  /** The server's clock minus this browser's, in milliseconds. */
  clockOffsetMs: number;
}

const NOTHING: ServerStore = {
  feed: { kind: 'connecting' },
  loaded: false,
  cameras: [],
  exports: [],
  health: undefined,
  storage: undefined,
  clockOffsetMs: 0,
};

/** What the server says of itself, kept as it changes by the feed. Read only: changes go through `api/`. */
export const useServer = create<ServerStore>()(() => NOTHING);

/** Up to when each camera is recorded, by camera id. Apart from the rest because it changes about once a second. */
export const useRecordedEnds = create<Record<string, number>>()(() => ({}));

const connection = new FeedConnection({
  onMessage: (message) => {
    if (message.type === 'recorded') useRecordedEnds.setState({ [message.cameraId]: message.endMs });
    else useServer.setState((state) => applyFeedMessage(state, message, Date.now()));
  },
  onLost: () => {
    if (useServer.getState().feed.kind !== 'lost') {
      useServer.setState({ feed: { kind: 'lost', sinceMs: Date.now() } });
    }
    // A refused upgrade does not say why; an expired session is one of the reasons.
    void useSession.getState().refresh();
  },
});

/** Follows the server until the returned function is called; then everything known is forgotten. */
export function followServer(): () => void {
  connection.start();
  void refreshStorage();
  return () => {
    connection.close();
    useServer.setState(NOTHING, true);
    useRecordedEnds.setState({}, true);
  };
}

/** Asks for the storage's state now; the feed tells of it only when it changes. Never rejects. */
export async function refreshStorage(): Promise<void> {
  // Failing, the old answer stays, and the feed's next word mends it.
  const storage = await fetchStorage().catch(() => undefined);
  if (storage !== undefined) useServer.setState({ storage });
}

/** UTC milliseconds by the server's clock: what "3 min ago" and "now" are measured against. */
export function serverNowMs(): number {
  return Date.now() + useServer.getState().clockOffsetMs;
}

/** Puts a camera that a request gave back into the list at once, ahead of the feed. */
export function rememberCamera(camera: Camera): void {
  useServer.setState((state) => ({ cameras: withCamera(state.cameras, camera) }));
}

export function forgetCamera(cameraId: string): void {
  useServer.setState((state) => ({ cameras: state.cameras.filter((camera) => camera.id !== cameraId) }));
}

/** The store after one message of the feed, `recorded` apart. `atMs` is this browser's clock at its arrival. */
export function applyFeedMessage(
  state: ServerStore,
  message: Exclude<FeedMessage, { type: 'recorded' }>,
  atMs: number,
): Partial<ServerStore> {
  switch (message.type) {
    case 'snapshot':
      return {
        feed: { kind: 'open' },
        loaded: true,
        cameras: message.cameras,
        exports: message.exports.toSorted(newestFirst),
        health: message.health,
        clockOffsetMs: message.nowMs - atMs,
      };
    case 'camera':
      return { cameras: withCamera(state.cameras, message.camera) };
    case 'cameraRemoved':
      return { cameras: state.cameras.filter((camera) => camera.id !== message.cameraId) };
    case 'export': {
      const others = state.exports.filter((job) => job.id !== message.job.id);
      return { exports: [...others, message.job].toSorted(newestFirst) };
    }
    case 'exportRemoved':
      return { exports: state.exports.filter((job) => job.id !== message.exportId) };
    case 'storage':
      return { storage: message.storage };
    case 'health':
      return { health: message.health };
  }
}

function withCamera(cameras: Camera[], camera: Camera): Camera[] {
  const known = cameras.some((other) => other.id === camera.id);
  return known ? cameras.map((other) => (other.id === camera.id ? camera : other)) : [...cameras, camera];
}

function newestFirst(a: ExportJob, b: ExportJob): number {
  return b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1);
}
