import type { StreamName } from '../../electron/contract/ids.ts';
import { LiveSocket, type LiveInit } from './live-socket.ts';
import { canPlay, MsePlayer, type PlayerStats } from './mse-player.ts';

export interface LiveTarget {
  stream: StreamName;
  audio: boolean;
}

/** What a tile shows. A picture is live only in `playing`. */
export type LiveState =
  /** No picture has come yet. */
  | { kind: 'connecting' }
  | { kind: 'playing'; stream: StreamName; audio: boolean; hasAudio: boolean; soundRefused: boolean }
  /** The last picture, if there is one, is as old as `sinceMs` (this browser's clock). */
  | { kind: 'stale'; sinceMs: number }
  /** This browser plays none of the camera's streams; `codec` is of the one that was wanted. */
  | { kind: 'unplayable'; codec: string };

export interface LiveStats extends PlayerStats {
  stream: StreamName;
  mimeType: string;
  width: number;
  height: number;
  /** Since the view began. */
  receivedBytes: number;
  /** Frames which the server left out because this viewer was too slow. */
  droppedFrames: number;
}

interface LiveViewOptions {
  openSocket: (target: LiveTarget) => WebSocket;
  hasSub: boolean;
}

/** One connection and what plays from it. */
interface Session {
  target: LiveTarget;
  socket: LiveSocket;
  player: MsePlayer | undefined;
  init: LiveInit | undefined;
}

/** Longer than any frame interval worth calling live. */
const STALE_AFTER_MS = 3000;
const WATCH_MS = 500;

/**
 * The live picture of one camera inside an element, apart from React. While a stream changes (size, sound, restart) the
 * old picture stays until the new one has its first frame: a player's element is put below and comes to light when the
 * older ones are taken away.
 */
export class LiveView {
  readonly #container: HTMLElement;
  readonly #options: LiveViewOptions;
  readonly #listeners = new Set<() => void>();
  readonly #startedMs = performance.now();
  readonly #watch: ReturnType<typeof setInterval>;
  /** The wanted connection. */
  #session: Session | undefined;
  /** Connections and players that go when the wanted one shows its first picture; the first of them is on screen. */
  #leaving: Session[] = [];
  #oldPlayers: MsePlayer[] = [];
  readonly #unplayable = new Set<StreamName>();
  #lastTarget: LiveTarget | undefined;
  #lastFragmentMs: number | undefined;
  #receivedBytes = 0;
  #droppedFrames = 0;
  #state: LiveState = { kind: 'connecting' };

  constructor(container: HTMLElement, options: LiveViewOptions) {
    this.#container = container;
    this.#options = options;
    this.#watch = setInterval(() => this.#lookForStale(), WATCH_MS);
    this.#setState({ kind: 'connecting' });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LiveState => this.#state;

  /** Shows a stream; where it is not playable the other one, if there is one. Undefined: stops, keeping the picture. */
  show(target: LiveTarget | undefined): void {
    this.#lastTarget = target;
    if (target === undefined) {
      this.#leaveSession();
      for (const session of this.#leaving) session.socket.close();
      this.#becomeStale();
      return;
    }
    const playable = this.#playable(target);
    const current = this.#session?.target;
    if (current?.stream === playable.stream && current.audio === playable.audio) return;
    if (this.#state.kind === 'unplayable' && this.#unplayable.has(playable.stream)) return;
    this.#leaveSession();
    this.#openSession(playable);
  }

  /** The camera is known to be back. */
  retryNow(): void {
    this.#session?.socket.retryNow();
  }

  /** The camera sends other codecs now: what could not be played may be playable. */
  codecsChanged(): void {
    this.#unplayable.clear();
    if (this.#state.kind !== 'unplayable' || this.#lastTarget === undefined) return;
    this.#setState({ kind: 'connecting' });
    this.#openSession(this.#lastTarget);
  }

  /** Undefined while nothing plays. */
  stats(): LiveStats | undefined {
    const { player, init, target } = this.#session ?? {};
    if (!player || !init || !target) return undefined;
    return {
      ...player.stats(),
      stream: target.stream,
      mimeType: init.mimeType,
      width: init.width,
      height: init.height,
      receivedBytes: this.#receivedBytes,
      droppedFrames: this.#droppedFrames,
    };
  }

  close(): void {
    clearInterval(this.#watch);
    this.#listeners.clear();
    this.#leaveSession();
    this.#dropOld();
  }

  #playable(target: LiveTarget): LiveTarget {
    if (!this.#unplayable.has(target.stream)) return target;
    const other: StreamName = target.stream === 'main' ? 'sub' : 'main';
    const isOtherThere = other === 'main' || this.#options.hasSub;
    return isOtherThere && !this.#unplayable.has(other) ? { ...target, stream: other } : target;
  }

  #openSession(target: LiveTarget): void {
    const socket = new LiveSocket(() => this.#options.openSocket(target), {
      onInit: (init, segment) => this.#begin(session, init, segment),
      onFragment: (fragment) => this.#take(session, fragment),
      onDropped: (frames) => {
        this.#droppedFrames += frames;
      },
      // Staleness shows by itself once nothing comes; the camera's own status says why.
      onEnded: () => undefined,
      onLost: () => undefined,
    });
    const session: Session = { target, socket, player: undefined, init: undefined };
    this.#session = session;
  }

  #leaveSession(): void {
    if (this.#session === undefined) return;
    const session = this.#session;
    this.#session = undefined;
    if (session.player?.isShown) {
      this.#leaving.push(session);
      return;
    }
    session.socket.close();
    if (session.player) discard(session.player);
  }

  #begin(session: Session, init: LiveInit, segment: Uint8Array): void {
    if (!canPlay(init.mimeType)) return this.#giveUpStream(session, init);
    if (session.player?.isShown) this.#oldPlayers.push(session.player);
    else if (session.player) discard(session.player);
    const video = document.createElement('video');
    video.muted = !session.target.audio;
    video.playsInline = true;
    video.tabIndex = -1;
    video.setAttribute('aria-hidden', 'true');
    video.className = 'live-video';
    this.#container.prepend(video);
    session.init = init;
    const player = new MsePlayer(video, init.mimeType, segment, {
      onFirstPicture: () => this.#present(session, player),
      onFailed: () => {
        if (session === this.#session) session.socket.restart();
        else session.socket.close();
      },
      onSoundRefused: () => {
        if (this.#state.kind === 'playing') this.#setState({ ...this.#state, soundRefused: true });
      },
    });
    session.player = player;
  }

  #take(session: Session, fragment: Uint8Array): void {
    this.#receivedBytes += fragment.byteLength;
    this.#lastFragmentMs = Date.now();
    session.player?.append(fragment);
    if (this.#state.kind === 'stale' && session === this.#session && session.player?.isShown) this.#setPlaying(session);
  }

  #present(session: Session, player: MsePlayer): void {
    if (session !== this.#session || player !== session.player) return;
    this.#dropOld();
    this.#container.dataset['firstPictureMs'] ??= String(Math.round(performance.now() - this.#startedMs));
    this.#setPlaying(session);
  }

  #dropOld(): void {
    for (const session of this.#leaving) {
      session.socket.close();
      if (session.player) this.#oldPlayers.push(session.player);
    }
    this.#leaving = [];
    for (const player of this.#oldPlayers) discard(player);
    this.#oldPlayers = [];
  }

  #giveUpStream(session: Session, init: LiveInit): void {
    session.socket.close();
    if (session !== this.#session) return;
    this.#unplayable.add(session.target.stream);
    const other = this.#playable(session.target);
    this.#session = undefined;
    if (other.stream !== session.target.stream) this.#openSession(other);
    else this.#setState({ kind: 'unplayable', codec: codecOf(init.mimeType) });
  }

  #lookForStale(): void {
    if (this.#state.kind !== 'playing') return;
    if (Date.now() - (this.#lastFragmentMs ?? 0) > STALE_AFTER_MS) this.#becomeStale();
  }

  #becomeStale(): void {
    if (this.#state.kind === 'playing') this.#setState({ kind: 'stale', sinceMs: this.#lastFragmentMs ?? Date.now() });
  }

  #setPlaying(session: Session): void {
    this.#setState({
      kind: 'playing',
      ...session.target,
      hasAudio: session.init?.hasAudio ?? false,
      soundRefused: session.target.audio && (session.player?.video.muted ?? false),
    });
  }

  #setState(state: LiveState): void {
    this.#state = state;
    this.#container.dataset['state'] = state.kind;
    if (state.kind === 'playing') this.#container.dataset['stream'] = state.stream;
    for (const listener of this.#listeners) listener();
  }
}

function discard(player: MsePlayer): void {
  player.close();
  player.video.remove();
}

/** `hvc1.1.6.L93.B0` of `video/mp4; codecs="hvc1.1.6.L93.B0, mp4a.40.2"`. */
function codecOf(mimeType: string): string {
  return /codecs="([^",]+)/.exec(mimeType)?.[1] ?? mimeType;
}
