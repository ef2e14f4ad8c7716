import type { StreamName } from '../../electron/contract/ids.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { fetchPlaylist, type TimeRange } from '../api/recordings.ts';
import { Deck } from './deck.ts';
import { isContinuationDue, isDecided, windowAfter, windowAround } from './playback-window.ts';
import { readPlaylist, type Playlist } from './playlist.ts';

export type PictureState =
  | { kind: 'loading' }
  | { kind: 'shown' }
  /** Nothing is recorded at the time asked for. */
  | { kind: 'gap'; atMs: number }
  /** This browser cannot play what was recorded. */
  | { kind: 'unplayable' }
  | { kind: 'failed'; error: unknown };

/** What became of a wish to see a moment. */
export type Shown = 'shown' | 'gap' | 'superseded' | 'failed';

export interface PictureOptions {
  cameraId: string;
  stream: StreamName;
  /** The server's clock. */
  nowMs: () => number;
  /** Up to when the camera is recorded, as far as known. */
  recordedEndMs: () => number;
  onFrame: (wallMs: number) => void;
  /** Playback went over a stretch without footage. */
  onGap: (gap: TimeRange) => void;
  /** Playback came to the end of what is recorded, as far as known; it goes on by itself if more comes soon. */
  onEnd: (endMs: number) => void;
  onState: (state: PictureState) => void;
}

/** A loaded range of a camera; the deck that holds it, once it had something to show. */
interface Loaded {
  range: TimeRange;
  endMs: number;
  loadedMs: number;
  playlist: Playlist;
  deck: Deck | undefined;
}

/** Less than this between two pictures is no absence worth a word. */
const SHORTEST_GAP_MS = 1_000;
/** Less than half a frame at any usual rate. */
const LARGEST_MISS_SECONDS = 0.01;
/** Further than the nominal time of an entry is ever off. */
const EDGE_MS = 150;
/** The first picture of an entry may come some milliseconds after its sound. */
const PAST_EDGE_SECONDS = 0.01;
const EDGE_NUDGES_SECONDS = [0.03, 0.12];
const LONGEST_LOAD_MS = 8_000;
const END_CHECK_MS = 400;

/**
 * The picture of one camera at any time: two decks, of which one is seen while the other gets the next stretch ready, so
 * that neither a far seek nor the end of a playlist shows black.
 */
export class Picture {
  readonly element: HTMLDivElement;
  readonly #options: PictureOptions;
  readonly #decks: readonly [Deck, Deck];
  #current: Loaded | undefined;
  #next: Loaded | 'loading' | undefined;
  #wanted: { atMs: number; resolve: (shown: Shown) => void } | undefined;
  #isBusy = false;
  /** Undefined while paused. */
  #rate: number | undefined;
  #hasEnded = false;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #wallMs: number | undefined;
  #state: PictureState = { kind: 'loading' };
  #isClosed = false;
  readonly #abort = new AbortController();

  constructor(options: PictureOptions) {
    this.#options = options;
    this.element = document.createElement('div');
    this.element.className = 'absolute inset-0';
    this.#decks = [this.#createDeck(), this.#createDeck()];
    this.element.append(this.#decks[0].element, this.#decks[1].element);
  }

  get state(): PictureState {
    return this.#state;
  }

  /** Wall clock of the picture on the screen. */
  get wallMs(): number | undefined {
    return this.#state.kind === 'shown' ? this.#wallMs : undefined;
  }

  /** The element that shows the picture at present, to save it or to hear it. */
  get video(): HTMLVideoElement | undefined {
    return this.#current?.deck?.video;
  }

  /** Whether the loaded range holds footage of this moment; undefined where it does not say. */
  hasFootage(atMs: number): boolean | undefined {
    const current = this.#current;
    if (current === undefined || !isDecided(current, atMs)) return undefined;
    return current.playlist.clock.spans.some((span) => atMs >= span.startMs && atMs < span.endMs);
  }

  setMuted(muted: boolean): void {
    for (const deck of this.#decks) deck.video.muted = muted;
  }

  /** Shows the moment; of several wishes that come while one is being fulfilled only the last counts. */
  show(atMs: number): Promise<Shown> {
    this.#wanted?.resolve('superseded');
    return new Promise((resolve) => {
      this.#wanted = { atMs, resolve };
      if (!this.#isBusy) void this.#fulfil();
    });
  }

  play(rate: number): void {
    this.#rate = rate;
    if (this.#state.kind !== 'shown') return;
    if (this.#hasEnded) this.#goOn();
    else void this.#current?.deck?.play(rate);
  }

  setRate(rate: number): void {
    if (this.#rate === undefined) return;
    this.#rate = rate;
    this.#current?.deck?.setRate(rate);
  }

  pause(): void {
    this.#rate = undefined;
    clearTimeout(this.#endTimer);
    for (const deck of this.#decks) deck.pause();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.pause();
    this.#abort.abort();
    this.#wanted?.resolve('superseded');
    for (const deck of this.#decks) deck.close();
    this.element.remove();
  }

  async #fulfil(): Promise<void> {
    this.#isBusy = true;
    while (this.#wanted !== undefined && !this.#isClosed) {
      const { atMs, resolve } = this.#wanted;
      this.#wanted = undefined;
      try {
        resolve(await this.#bring(atMs));
      } catch (error) {
        if (!this.#isClosed) this.#setState({ kind: 'failed', error });
        resolve('failed');
      }
    }
    this.#isBusy = false;
  }

  async #bring(atMs: number): Promise<Shown> {
    this.#dropNext();
    this.#hasEnded = false;
    if (this.#current === undefined || !isDecided(this.#current, atMs)) {
      const loaded = await this.#fetch(windowAround(atMs));
      if (this.#isClosed) return 'superseded';
      // The deck in sight keeps its picture until the other has its own.
      this.#current = loaded;
    }
    const current = this.#current;
    const target = current.playlist.clock.seekTo(atMs);
    if (target === undefined || target.skippedMs > SHORTEST_GAP_MS) {
      this.#seenDeck()?.pause();
      this.#setState({ kind: 'gap', atMs });
      return 'gap';
    }
    const wantedMs = atMs + target.skippedMs;
    const known = current.deck && secondsAt(current.playlist, current.deck, wantedMs);
    // The nominal time of the first frame after a gap may still be the last one before: aim beyond, then land exactly.
    const isAtEdge = current.playlist.clock.spans.some(
      (span) => wantedMs >= span.startMs && wantedMs < span.startMs + EDGE_MS,
    );
    const seconds = known ?? target.playerSeconds + (isAtEdge ? EDGE_MS / 1000 : 0);
    const isShown =
      current.deck === undefined ? await this.#loadInto(current, seconds) : await current.deck.seek(seconds);
    if (!isShown || !(await this.#landExactly(current, wantedMs))) return 'superseded';
    this.#setState({ kind: 'shown' });
    return 'shown';
  }

  /**
   * An entry that was not fetched before the seek may begin a little before or after its nominal time. Once fetched its
   * time is known: seek again where that makes another picture.
   */
  async #landExactly({ deck, playlist }: Loaded, wantedMs: number): Promise<boolean> {
    if (deck === undefined) return true;
    const seconds = secondsAt(playlist, deck, wantedMs);
    const isOff = seconds !== undefined && Math.abs(deck.seconds - seconds) >= LARGEST_MISS_SECONDS;
    if (isOff && !(await deck.seek(seconds))) return false;
    for (const nudgeSeconds of EDGE_NUDGES_SECONDS) {
      // What was fetched again may stand a little later than before: still the other side of the gap.
      const shownMs = wallMsAt(playlist, deck, deck.frameSeconds);
      if (shownMs === undefined || playlist.clock.gapBetween(shownMs, wantedMs) === undefined) return true;
      if (!(await deck.seek(deck.seconds + nudgeSeconds))) return false;
    }
    return true;
  }

  /** Gives the range to the deck that is not seen, and swaps once its picture is there. */
  async #loadInto(loaded: Loaded, seconds: number): Promise<boolean> {
    const deck = this.#hiddenDeck();
    const isShown = await withTimeLimit(deck.load(loaded.playlist, seconds), LONGEST_LOAD_MS);
    if (!isShown || this.#current !== loaded) return false;
    loaded.deck = deck;
    this.#reveal(deck);
    return true;
  }

  #reveal(deck: Deck): void {
    for (const other of this.#decks) {
      if (other === deck) continue;
      other.pause();
      delete other.element.dataset['shown'];
    }
    deck.element.dataset['shown'] = '';
    this.#wallMs = this.#current && wallMsAt(this.#current.playlist, deck, deck.seconds);
    if (this.#wallMs !== undefined) this.#options.onFrame(this.#wallMs);
  }

  async #fetch(range: TimeRange): Promise<Loaded> {
    const loadedMs = this.#options.nowMs();
    const text = await fetchPlaylist(this.#options.cameraId, this.#options.stream, range, this.#abort.signal).catch(
      (error: unknown) => {
        // Nothing recorded in the range is an answer, too.
        if (error instanceof ApiProblem && error.kind === 'not-found') return '';
        throw error;
      },
    );
    const playlist = readPlaylist(text);
    return { range, playlist, loadedMs, endMs: playlist.clock.endMs ?? range.fromMs, deck: undefined };
  }

  #createDeck(): Deck {
    const deck: Deck = new Deck({
      onFrame: (seconds) => this.#takeFrame(deck, seconds),
      onEnded: () => {
        if (this.#current?.deck === deck && this.#rate !== undefined) this.#reachEnd();
      },
      onError: (kind, message) => {
        // A continuation that cannot be got ready is noticed when playback gets there.
        if (this.#current?.deck !== undefined && this.#current.deck !== deck) return;
        if (kind === 'unsupported') this.#setState({ kind: 'unplayable' });
        else this.#setState({ kind: 'failed', error: new Error(message) });
      },
    });
    return deck;
  }

  #takeFrame(deck: Deck, seconds: number): void {
    const current = this.#current;
    if (current === undefined || current.deck !== deck) return;
    const wallMs = wallMsAt(current.playlist, deck, seconds);
    if (wallMs === undefined) return;
    if (this.#rate !== undefined && this.#wallMs !== undefined) {
      const gap = current.playlist.clock.gapBetween(this.#wallMs, wallMs);
      if (gap !== undefined) this.#tellGap(gap.startMs, gap.endMs);
    }
    this.#wallMs = wallMs;
    this.#options.onFrame(wallMs);
    if (this.#rate !== undefined) this.#prepareNext();
  }

  #prepareNext(): void {
    const current = this.#current;
    if (current === undefined || this.#next !== undefined || this.#wallMs === undefined) return;
    const { recordedEndMs } = this.#options;
    if (!isContinuationDue(current, this.#wallMs, this.#rate ?? 1, recordedEndMs())) return;
    this.#next = 'loading';
    void this.#loadNext(current).catch(() => {
      // Tried again with the next picture, or told by the seek that follows the end.
      if (this.#next === 'loading') this.#next = undefined;
    });
  }

  async #loadNext(current: Loaded): Promise<void> {
    const next = await this.#fetch(windowAfter(current.endMs));
    if (this.#current !== current || this.#isClosed) return;
    const target = next.playlist.clock.seekTo(current.endMs);
    const deck = this.#hiddenDeck();
    if (target === undefined || !(await deck.load(next.playlist, target.playerSeconds))) {
      if (this.#current === current) this.#next = undefined;
      return;
    }
    if (this.#current !== current) return;
    next.deck = deck;
    this.#next = next;
    if (this.#hasEnded) this.#goOn();
  }

  #reachEnd(): void {
    this.#hasEnded = true;
    this.#goOn();
  }

  /** From the end of the loaded range into the next one, as soon as there is one. */
  #goOn(): void {
    clearTimeout(this.#endTimer);
    const current = this.#current;
    if (current === undefined || this.#rate === undefined) return;
    if (this.#next !== undefined && this.#next !== 'loading') {
      const next = this.#next;
      const beforeMs = current.endMs;
      this.#next = undefined;
      this.#hasEnded = false;
      this.#current = next;
      if (next.deck === undefined) return;
      this.#reveal(next.deck);
      if (this.#wallMs !== undefined) this.#tellGap(beforeMs, this.#wallMs);
      void next.deck.play(this.#rate);
      return;
    }
    if (this.#next === undefined) {
      this.#options.onEnd(current.endMs);
      this.#prepareNext();
    }
    this.#endTimer = setTimeout(() => this.#goOn(), END_CHECK_MS);
  }

  #dropNext(): void {
    clearTimeout(this.#endTimer);
    this.#next = undefined;
  }

  #tellGap(fromMs: number, toMs: number): void {
    if (toMs - fromMs >= SHORTEST_GAP_MS) this.#options.onGap({ fromMs, toMs });
  }

  #seenDeck(): Deck | undefined {
    return this.#decks.find((deck) => deck.element.dataset['shown'] !== undefined);
  }

  #hiddenDeck(): Deck {
    return this.#seenDeck() === this.#decks[0] ? this.#decks[1] : this.#decks[0];
  }

  #setState(state: PictureState): void {
    if (state.kind === 'shown' && this.#state.kind === 'shown') return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** Wall clock of a player time: exact where the deck knows where the entry begins, else by the playlist's own lengths. */
function wallMsAt({ entries, clock }: Playlist, deck: Deck, seconds: number): number | undefined {
  const found = deck.entryAt(seconds);
  const entry = found && entries[found.index];
  if (found === undefined || entry === undefined) return clock.wallMsOf(seconds);
  return Math.round(entry.startMs + (seconds - found.startSeconds) * 1000);
}

/** Player time of a moment in an entry which the deck has fetched; undefined for any other. */
function secondsAt({ entries }: Playlist, deck: Deck, wallMs: number): number | undefined {
  const index = entries.findLastIndex((entry) => entry.startMs <= wallMs);
  const startSeconds = deck.startOf(index);
  const entry = entries[index];
  const next = entries[index + 1];
  if (entry === undefined || startSeconds === undefined) return undefined;
  const seconds = startSeconds + Math.max(PAST_EDGE_SECONDS, (wallMs - entry.startMs) / 1000);
  // In a gap the entry is over: the next one is meant.
  return next !== undefined && seconds > startSeconds + next.startSeconds - entry.startSeconds ? undefined : seconds;
}

function withTimeLimit(shown: Promise<boolean>, limitMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ApiProblem('no-answer', 0)), limitMs);
    void shown.then((isShown) => {
      clearTimeout(timer);
      resolve(isShown);
    });
  });
}
