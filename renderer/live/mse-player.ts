import { keyFrameStartS, readVideoTrack, type VideoTrack } from './fragment-times.ts';
import { KeyFrames } from './key-frames.ts';
import { choosePace, TargetDelay } from './pace.ts';

export interface MsePlayerEvents {
  /** The first frame is on the screen. */
  onFirstPicture: () => void;
  /** It cannot go on; a new player with a new init segment may. */
  onFailed: (reason: string) => void;
  /** The browser plays it without sound, because the user has not touched the page yet. */
  onSoundRefused: () => void;
}

export interface PlayerStats {
  /** Buffered ahead of the picture, in seconds. */
  behindS: number;
  bufferedS: number;
  rate: number;
  shownFrames: number;
  /** Frames which the browser decoded too late to show. */
  lateFrames: number;
}

interface Waiting {
  bytes: Uint8Array[];
  sizeBytes: number;
}

const TICK_MS = 250;
/** A picture which does not move for this long while more arrives: the decoder hangs. */
const HUNG_MS = 5000;
/** More than any GOP weighs: so much waiting means that the browser takes nothing any more. */
const MOST_WAITING_BYTES = 48_000_000;

/** So soon after the start, media that comes in one go is the rest of the cached GOP. */
const FIRST_BURST_MS = 1_000;
/** Less is caught up unseen. */
const FIRST_BURST_LEAST_S = 0.3;

/** Plays one init segment and its fragments in one video element, near the live edge, with a bounded buffer. */
export class MsePlayer {
  readonly video: HTMLVideoElement;
  readonly #events: MsePlayerEvents;
  readonly #mediaSource: MediaSource;
  readonly #keyFrames = new KeyFrames();
  readonly #target = new TargetDelay(Date.now());
  readonly #track: VideoTrack | undefined;
  readonly #objectUrl: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #buffer: SourceBuffer | undefined;
  #waiting: Waiting;
  /** `failed`: takes no more, but its element keeps the last picture until its owner has a better one. */
  #state: 'opening' | 'starting' | 'playing' | 'failed' | 'closed' = 'opening';
  #isShown = false;
  #startedMs = 0;
  /** When it last played at the normal rate or slower. */
  #notCatchingUpMs = Date.now();
  #lastMoved = { timeS: 0, edgeS: 0, atMs: Date.now() };

  constructor(video: HTMLVideoElement, mimeType: string, init: Uint8Array, events: MsePlayerEvents) {
    this.video = video;
    this.#events = events;
    this.#track = readVideoTrack(init);
    this.#waiting = { bytes: [init], sizeBytes: init.byteLength };
    this.#mediaSource = new (mediaSourceClass())();
    this.#mediaSource.addEventListener('sourceopen', () => this.#open(mimeType), { once: true });
    video.addEventListener('error', this.#onVideoError);
    video.addEventListener('waiting', this.#onWaiting);
    // A page may not send the video to another screen while it plays a managed source.
    video.disableRemotePlayback = true;
    this.#objectUrl = URL.createObjectURL(this.#mediaSource);
    video.src = this.#objectUrl;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    whenFirstPicture(video, () => {
      if (this.#state === 'closed') return;
      this.#isShown = true;
      events.onFirstPicture();
    });
  }

  /** Whether its first frame has been on the screen. */
  get isShown(): boolean {
    return this.#isShown;
  }

  append(fragment: Uint8Array): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    const keyFrameS = this.#track && keyFrameStartS(fragment, this.#track);
    if (keyFrameS !== undefined) this.#keyFrames.add(keyFrameS);
    this.#waiting.bytes.push(fragment);
    this.#waiting.sizeBytes += fragment.byteLength;
    if (this.#waiting.sizeBytes > MOST_WAITING_BYTES) this.#fail('the browser takes no more video');
    else this.#flush();
  }

  stats(): PlayerStats {
    const { buffered, playbackRate } = this.video;
    const startS = buffered.length > 0 ? buffered.start(0) : 0;
    const endS = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
    const quality = this.video.getVideoPlaybackQuality();
    return {
      behindS: Math.max(0, this.#behindS()),
      bufferedS: endS - startS,
      rate: playbackRate,
      shownFrames: quality.totalVideoFrames - quality.droppedVideoFrames,
      lateFrames: quality.droppedVideoFrames,
    };
  }

  /** Lets go of decoder and buffer; the element loses its picture. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearInterval(this.#timer);
    this.video.removeEventListener('error', this.#onVideoError);
    this.video.removeEventListener('waiting', this.#onWaiting);
    URL.revokeObjectURL(this.#objectUrl);
    this.video.removeAttribute('src');
    this.video.load();
    this.#buffer = undefined;
    this.#waiting = { bytes: [], sizeBytes: 0 };
  }

  #open(mimeType: string): void {
    if (this.#state !== 'opening') return;
    this.#state = 'starting';
    try {
      this.#buffer = this.#mediaSource.addSourceBuffer(mimeType);
    } catch (error) {
      this.#fail(String(error));
      return;
    }
    this.#buffer.addEventListener('updateend', () => this.#afterUpdate());
    this.#flush();
  }

  #afterUpdate(): void {
    if (this.#state === 'starting') this.#startNearEdge();
    else if (this.#state === 'playing') this.#followFirstBurst();
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#trim(false);
    this.#flush();
  }

  /** Appends all that waits as one piece: a burst of frames costs one round trip. */
  #flush(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || buffer.updating || this.#waiting.bytes.length === 0) return;
    if (this.#mediaSource.readyState !== 'open') return;
    if (this.#state === 'playing' && !this.video.seeking) {
      this.#target.observe(this.#behindS(), Date.now(), this.video.playbackRate);
    }
    const piece = join(this.#waiting);
    try {
      buffer.appendBuffer(piece);
      this.#waiting = { bytes: [], sizeBytes: 0 };
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      // Full: what was played makes room, and what waits is tried again after it.
      if (isFull && this.#trim(true)) this.#waiting = { bytes: [piece], sizeBytes: piece.byteLength };
      else this.#fail(String(error));
    }
  }

  /** Decoding begins at the cached key frame, but the first picture shown is the newest. */
  #startNearEdge(): void {
    const { buffered } = this.video;
    if (buffered.length === 0 || this.#waiting.bytes.length > 0) return;
    this.#state = 'playing';
    this.#startedMs = Date.now();
    this.#seekToEdge();
    this.#play();
  }

  /** The cached GOP may come in several pieces: what comes right after the start is not worth watching fast. */
  #followFirstBurst(): void {
    if (Date.now() - this.#startedMs > FIRST_BURST_MS || this.video.seeking) return;
    if (this.#behindS() > this.#target.seconds + FIRST_BURST_LEAST_S) this.#seekToEdge();
  }

  #seekToEdge(): void {
    const { buffered } = this.video;
    const last = buffered.length - 1;
    if (last < 0) return;
    const edgeS = buffered.end(last) - this.#target.seconds;
    this.video.currentTime = Math.max(buffered.start(last), edgeS);
    this.#target.restart(Date.now());
  }

  #behindS(): number {
    const { buffered, currentTime } = this.video;
    return buffered.length === 0 ? 0 : buffered.end(buffered.length - 1) - currentTime;
  }

  #play(): void {
    this.video.play().catch((error: unknown) => {
      if (this.#state === 'closed') return;
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      // Other refusals (a seek or a pause came between) mend themselves: the next tick plays again.
      if (!isRefused || this.video.muted) return;
      this.video.muted = true;
      this.#events.onSoundRefused();
      this.#play();
    });
  }

  #tick(): void {
    if (this.#state !== 'playing') return;
    const { buffered, currentTime } = this.video;
    const last = buffered.length - 1;
    if (last < 0) return;
    const edgeS = buffered.end(last);
    this.#watchForHang(currentTime, edgeS);
    if (this.video.paused) this.#play();
    if (this.video.seeking) return;
    // Frames were dropped on the way: playback would stand before the hole for ever.
    if (currentTime < buffered.start(last)) return this.#seekToEdge();
    const targetS = this.#target.seconds;
    const rateNow = this.video.playbackRate;
    const catchingUpMs = Date.now() - this.#notCatchingUpMs;
    const pace = choosePace({ behindS: edgeS - currentTime, targetS, rate: rateNow, catchingUpMs });
    if (pace.kind === 'jump') this.#seekToEdge();
    const rate = pace.kind === 'jump' ? 1 : pace.rate;
    if (rate <= 1) this.#notCatchingUpMs = Date.now();
    if (rate !== rateNow) this.video.playbackRate = rate;
  }

  #watchForHang(timeS: number, edgeS: number): void {
    const nowMs = Date.now();
    const { timeS: lastTimeS, edgeS: lastEdgeS, atMs } = this.#lastMoved;
    // No new media is no hang: then there is nothing to move to.
    if (timeS !== lastTimeS || edgeS === lastEdgeS) this.#lastMoved = { timeS, edgeS, atMs: nowMs };
    else if (nowMs - atMs > HUNG_MS) this.#fail('the picture hangs');
  }

  /** True where something is being removed. */
  #trim(must: boolean): boolean {
    const buffer = this.#buffer;
    if (buffer === undefined || buffer.updating || buffer.buffered.length === 0) return false;
    const endS = this.#keyFrames.removableEndS(buffer.buffered.start(0), this.video.currentTime, must);
    if (endS === undefined) return false;
    buffer.remove(0, endS);
    return true;
  }

  #fail(reason: string): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#state = 'failed';
    clearInterval(this.#timer);
    this.#events.onFailed(reason);
  }

  readonly #onVideoError = (): void => this.#fail(this.video.error?.message ?? 'the browser gave up the video');

  readonly #onWaiting = (): void => {
    // Seeking waits, too, and tells nothing of the network.
    if (this.#state === 'playing' && !this.video.seeking) this.#target.ranDry(Date.now());
  };
}

/** Whether this browser plays the media; false, too, where it has no Media Source Extensions. */
export function canPlay(mimeType: string): boolean {
  return hasMediaSource() && mediaSourceClass().isTypeSupported(mimeType);
}

function hasMediaSource(): boolean {
  return 'ManagedMediaSource' in window || 'MediaSource' in window;
}

/** Safari on phones has only the managed kind, and prefers it elsewhere. */
function mediaSourceClass(): typeof MediaSource {
  return (window as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource ?? MediaSource;
}

function whenFirstPicture(video: HTMLVideoElement, onFirstPicture: () => void): void {
  if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(onFirstPicture);
  else (video as HTMLVideoElement).addEventListener('playing', onFirstPicture, { once: true });
}

function join({ bytes, sizeBytes }: Waiting): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const piece of bytes) {
    joined.set(piece, offset);
    offset += piece.byteLength;
  }
  return joined;
}
