import videojs from 'video.js';
import type { Playlist } from './playlist.ts';

type Player = ReturnType<typeof videojs>;

/** What we use of video.js' HLS engine beyond its options. */
interface HlsEngine {
  playlists: { media: () => { segments: { start?: number; end?: number }[] } | undefined };
  playlistController_: {
    sourceUpdater_: { videoBuffer?: SourceBuffer; one: (event: 'createdsourcebuffers', run: () => void) => void };
    /** `load` makes it look at once for what to fetch next; else it looks every half second. */
    mainSegmentLoader_: { load: () => void };
  };
}

export interface DeckHandlers {
  /** A picture came to the screen; `seconds` is its time in the playlist. */
  onFrame: (seconds: number) => void;
  /** The end of the playlist has been played. */
  onEnded: () => void;
  /** The player gave up. `unsupported`: this browser cannot play the codec. */
  onError: (kind: 'unsupported' | 'failed', message: string) => void;
}

/** A paused element whose page is hidden shows no pictures: after this long a seek counts as done without one. */
const LONGEST_WAIT_FOR_PICTURE_MS = 700;
/** Players round times to microseconds; landing just inside a frame never shows the one before it. */
const INSIDE_FRAME_SECONDS = 0.002;
/** The engine's times of neighbouring entries touch but for rounding. */
const ENTRY_SLACK_SECONDS = 0.001;
/** MEDIA_ERR_SRC_NOT_SUPPORTED of HTMLMediaElement. */
const SOURCE_NOT_SUPPORTED = 4;
/** The engine's own words when it gives a playlist up for good: it does so for codecs only, failed requests it repeats. */
const UNSUPPORTED = /codec|supported/i;

/** A seek into what the buffer holds takes some tens of milliseconds; one that still runs after two looks has hung. */
const LOOK_AFTER_SEEK_MS = 250;
/** Far less than a frame: the same picture, but another seek. */
const NUDGE_SECONDS = 0.0005;

let isConfigured = false;

/** One video.js player on one video element, which plays one playlist at a time. */
export class Deck {
  /** Holds the picture; the owner puts it into the page. */
  readonly element: HTMLDivElement;
  readonly video: HTMLVideoElement;
  readonly #player: Player;
  readonly #handlers: DeckHandlers;
  #frameCallback = 0;
  #waiters: ((isShown: boolean) => void)[] = [];
  /** Pictures that still come are the old source's. */
  #isSourceDue = false;
  /** A picture came since the last seek began. */
  #hasFrame = false;
  #frameSeconds = 0;
  /**
   * A seek empties the buffer first. The engine cannot fetch meanwhile, and would look again half a second later, so it
   * is told to look at once. Not so while a source is new: to be hurried then can leave it without a picture.
   */
  #isSeekFresh = false;
  #isClosed = false;
  #seekWatch: ReturnType<typeof setInterval> | undefined;

  constructor(handlers: DeckHandlers) {
    configure();
    this.#handlers = handlers;
    this.element = document.createElement('div');
    this.element.className = 'playback-deck';
    this.video = document.createElement('video');
    this.video.playsInline = true;
    this.video.muted = true;
    this.video.disablePictureInPicture = true;
    this.element.append(this.video);
    this.#player = videojs(this.video, {
      controls: false,
      preload: 'auto',
      errorDisplay: false,
      // Only what fetches media: the page draws all controls itself.
      children: ['mediaLoader'],
      html5: {
        vhs: { overrideNative: true, withCredentials: false },
        nativeAudioTracks: false,
        nativeVideoTracks: false,
      },
    });
    this.#player.on('ended', () => this.#handlers.onEnded());
    this.#player.on('error', () => this.#reportError());
    this.video.addEventListener('seeking', () => {
      this.#hasFrame = false;
      this.#watchSeek();
    });
    this.video.addEventListener('seeked', () => this.#finishSeek());
    this.#watchFrames();
  }

  /** Where the player is, in seconds of the playlist; the wanted place while it is still seeking. */
  get seconds(): number {
    return this.video.currentTime;
  }

  /** The playlist's time of the picture on the screen. */
  get frameSeconds(): number {
    return this.#frameSeconds;
  }

  /**
   * Loads a playlist and shows the picture at `startSeconds`.
   *
   * @returns false when something else was asked for before the picture came
   */
  load(playlist: Playlist, startSeconds: number): Promise<boolean> {
    this.#settle(false);
    this.#isSeekFresh = false;
    const shown = this.#nextPicture();
    // A start position set right after the element got its new source makes the player fetch that place first. The
    // source is set some tasks later; an observer's microtask comes before the player looks at the position.
    this.#isSourceDue = true;
    const observer = new MutationObserver(() => {
      observer.disconnect();
      this.#isSourceDue = false;
      this.video.currentTime = startSeconds + INSIDE_FRAME_SECONDS;
      const controller = this.#engine()?.playlistController_;
      const updater = controller?.sourceUpdater_;
      updater?.one('createdsourcebuffers', () => {
        beginAnewWithOffset(updater.videoBuffer);
        updater.videoBuffer?.addEventListener('updateend', () => {
          if (this.#isSeekFresh && this.video.seeking) controller?.mainSegmentLoader_.load();
        });
      });
    });
    observer.observe(this.video, { attributeFilter: ['src'] });
    this.#player.src({
      src: `data:application/vnd.videojs.vhs+json,${JSON.stringify(playlist.manifest)}`,
      type: 'application/vnd.videojs.vhs+json',
    });
    return shown;
  }

  /** Shows the picture at `seconds` of the playlist; false when something else was asked for before it came. */
  seek(seconds: number): Promise<boolean> {
    this.#settle(false);
    this.#hasFrame = false;
    this.#isSeekFresh = true;
    const shown = this.#nextPicture();
    this.video.currentTime = seconds + INSIDE_FRAME_SECONDS;
    return shown;
  }

  /**
   * Which entry of the playlist a player time lies in, and where that entry really begins: after a discontinuity the
   * engine puts media where the media before it ended, which is not to the millisecond where EXTINF has it. Undefined
   * for what was not fetched yet.
   */
  entryAt(seconds: number): { index: number; startSeconds: number } | undefined {
    const segments = this.#engine()?.playlists.media()?.segments ?? [];
    const index = segments.findIndex(({ start, end }) => {
      return start !== undefined && end !== undefined && seconds >= start - ENTRY_SLACK_SECONDS && seconds < end;
    });
    const startSeconds = segments[index]?.start;
    return startSeconds === undefined ? undefined : { index, startSeconds };
  }

  /** Where an entry of the playlist really begins; undefined while it was not fetched. */
  startOf(index: number): number | undefined {
    return this.#engine()?.playlists.media()?.segments[index]?.start;
  }

  /** Begins to play. Where the browser wants a gesture before it lets sound out, it plays silently. */
  async play(rate: number): Promise<void> {
    this.setRate(rate);
    try {
      await this.video.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      this.video.muted = true;
      // Paused again meanwhile is the one refusal that is left, and then it must not play.
      await this.video.play().catch(() => undefined);
    }
  }

  pause(): void {
    this.video.pause();
  }

  setRate(rate: number): void {
    // A source that is replaced goes back to the default rate.
    this.video.defaultPlaybackRate = rate;
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#settle(false);
    clearInterval(this.#seekWatch);
    this.video.cancelVideoFrameCallback(this.#frameCallback);
    this.#player.dispose();
    this.element.remove();
  }

  #engine(): HlsEngine | undefined {
    return (this.#player.tech(true) as { vhs?: HlsEngine } | undefined)?.vhs;
  }

  #watchFrames(): void {
    this.#frameCallback = this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      if (this.#isClosed) return;
      this.#watchFrames();
      if (this.#isSourceDue) return;
      this.#hasFrame = true;
      this.#frameSeconds = mediaTime;
      if (!this.video.seeking) this.#settle(true);
      this.#handlers.onFrame(mediaTime);
    });
  }

  /**
   * Browsers sometimes leave a seek unfinished although its media came, when the buffer was emptied and filled in
   * between. Asking again ends it.
   */
  #watchSeek(): void {
    clearInterval(this.#seekWatch);
    let wasThere = false;
    this.#seekWatch = setInterval(() => {
      const { buffered, currentTime, seeking } = this.video;
      const isThere = seeking && covers(buffered, currentTime);
      if (isThere && wasThere) this.video.currentTime = currentTime + NUDGE_SECONDS;
      wasThere = isThere;
    }, LOOK_AFTER_SEEK_MS);
  }

  #nextPicture(): Promise<boolean> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The picture comes before or after `seeked`, as the browser likes: a seek is done when both were there. */
  #finishSeek(): void {
    this.#isSeekFresh = false;
    clearInterval(this.#seekWatch);
    if (this.#hasFrame) {
      this.#settle(true);
      return;
    }
    const waiters = this.#waiters;
    setTimeout(() => {
      if (this.#waiters === waiters) this.#settle(true);
    }, LONGEST_WAIT_FOR_PICTURE_MS);
  }

  #settle(isShown: boolean): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve(isShown);
  }

  #reportError(): void {
    const error = this.#player.error();
    this.#settle(false);
    if (error == null) return;
    const isUnsupported = error.code === SOURCE_NOT_SUPPORTED || UNSUPPORTED.test(error.message);
    this.#handlers.onError(isUnsupported ? 'unsupported' : 'failed', error.message);
  }
}

/**
 * Makes a buffer forget the media before whenever it gets a new timestamp offset, as after a discontinuity. Where the
 * old sound reaches a little further than the old picture, the new sound seems to jump back, and MSE then drops pictures
 * until the next key frame (Media Source Extensions, coded frame processing, step 6).
 */
function beginAnewWithOffset(buffer: SourceBuffer | undefined): void {
  const property = Object.getOwnPropertyDescriptor(SourceBuffer.prototype, 'timestampOffset');
  if (buffer === undefined || property?.get === undefined || property.set === undefined) return;
  const { get, set } = property;
  Object.defineProperty(buffer, 'timestampOffset', {
    get: () => get.call(buffer) as number,
    set: (offset: number) => {
      set.call(buffer, offset);
      buffer.abort();
    },
  });
}

function covers(ranges: TimeRanges, seconds: number): boolean {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) <= seconds && seconds < ranges.end(index)) return true;
  }
  return false;
}

function configure(): void {
  if (isConfigured) return;
  isConfigured = true;
  videojs.log.level('off');
  const engine = (videojs as unknown as { Vhs: { GOAL_BUFFER_LENGTH: number; MAX_GOAL_BUFFER_LENGTH: number } }).Vhs;
  // The server is near: reading far ahead only costs disk, network and memory at every seek.
  engine.GOAL_BUFFER_LENGTH = 10;
  engine.MAX_GOAL_BUFFER_LENGTH = 20;
}
