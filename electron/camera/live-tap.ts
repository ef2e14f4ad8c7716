import type { StreamName } from '../contract/ids.ts';
import { videoOnlyInit } from '../mp4/init-segment.ts';
import type { MediaFragment, StreamConfiguration } from './media-fragment.ts';
import type { WorkerContext } from './worker-context.ts';

/** A longer GOP is no start for a viewer: it would have to decode half a minute before it is live. */
const LONGEST_CACHE_MS = 30_000;
const MOST_CACHED_BYTES = 16 * 1024 * 1024;
/** What may wait for an engine that does not keep up, over all streams of this worker. */
const MOST_BACKLOG_BYTES = 8 * 1024 * 1024;

/** What was sent to the present watcher: nothing yet, a still of a GOP too long to cache, or all of the GOP. */
type Watch = 'none' | 'waits-for-key-frame' | 'follows';

/** Keeps the current GOP of one stream and hands the stream on while it is watched. */
export class LiveTap {
  readonly #identity: { cameraId: string; stream: StreamName };
  readonly #context: Pick<WorkerContext, 'send' | 'liveBacklogBytes'>;
  #configuration: StreamConfiguration | undefined;
  /** Begins with a key frame; empty when there is none. */
  #cache: MediaFragment[] = [];
  #cachedBytes = 0;
  /** The cache holds the whole GOP up to now, not only its key frame. */
  #isWhole = true;
  #watch: Watch = 'none';

  constructor(
    identity: { cameraId: string; stream: StreamName },
    context: Pick<WorkerContext, 'send' | 'liveBacklogBytes'>,
  ) {
    this.#identity = identity;
    this.#context = context;
  }

  /** The latest key frame, with what is needed to decode it. */
  get keyFrame(): { configuration: StreamConfiguration; fragment: MediaFragment } | undefined {
    const [fragment] = this.#cache;
    const configuration = this.#configuration;
    return fragment === undefined || configuration === undefined ? undefined : { configuration, fragment };
  }

  configure(configuration: StreamConfiguration): void {
    this.#configuration = configuration;
    this.#clear();
    if (this.#watch !== 'none') this.#begin();
  }

  take(fragment: MediaFragment): void {
    this.#keep(fragment);
    if (this.#watch === 'none') return;
    if (this.#context.liveBacklogBytes() > MOST_BACKLOG_BYTES) this.#watch = 'waits-for-key-frame';
    else if (fragment.keyFrame) this.#watch = 'follows';
    if (this.#watch === 'follows') this.#send(fragment);
  }

  /** The stream is gone for now. The watch stays: a new init segment follows when it is back. */
  end(reason: string): void {
    this.#configuration = undefined;
    this.#clear();
    if (this.#watch === 'none') return;
    this.#context.send({ type: 'liveEnded', ...this.#identity, reason });
  }

  /** Watching again begins again: with the init segment and the cached GOP. */
  setWatched(watching: boolean): void {
    this.#watch = watching ? 'waits-for-key-frame' : 'none';
    if (watching && this.#configuration !== undefined) this.#begin();
  }

  #begin(): void {
    if (this.#configuration === undefined) return;
    const { init, video, audio } = this.#configuration;
    this.#context.send({
      type: 'liveInit',
      ...this.#identity,
      mimeType: init.mimeType,
      width: video.width ?? 0,
      height: video.height ?? 0,
      bytes: init.bytes,
      ...(audio !== undefined && { videoOnly: pickInit(videoOnlyInit(init)) }),
    });
    for (const fragment of this.#cache) this.#send(fragment);
    this.#watch = this.#cache.length > 0 && this.#isWhole ? 'follows' : 'waits-for-key-frame';
  }

  #keep(fragment: MediaFragment): void {
    if (fragment.keyFrame) {
      this.#clear();
    } else if (this.#cache.length === 0 || !this.#isWhole) {
      return;
    }
    this.#cache.push(fragment);
    this.#cachedBytes += fragment.bytes.length;
    const [first] = this.#cache;
    if (first === undefined || fragment.keyFrame) return;
    const isLong = fragment.track === 'video' && fragment.decodeMs - first.decodeMs > LONGEST_CACHE_MS;
    if (!isLong && this.#cachedBytes <= MOST_CACHED_BYTES) return;
    // The key frame alone still gives a first picture and the snapshot.
    this.#cache = [first];
    this.#cachedBytes = first.bytes.length;
    this.#isWhole = false;
  }

  #clear(): void {
    this.#cache = [];
    this.#cachedBytes = 0;
    this.#isWhole = true;
  }

  #send({ keyFrame, track, bytes }: MediaFragment): void {
    this.#context.send({ type: 'liveFragment', ...this.#identity, keyFrame, track, bytes });
  }
}

function pickInit({ mimeType, bytes }: { mimeType: string; bytes: Buffer }): { mimeType: string; bytes: Buffer } {
  return { mimeType, bytes };
}
