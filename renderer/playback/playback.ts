import type { StreamName } from '../../electron/contract/ids.ts';
import type { TimeRange } from '../api/recordings.ts';
import { Picture, type PictureState } from './picture.ts';
import { PAUSED, type Notice, type PlaybackState } from './playback-state.ts';
import { causeOfGap, findEarliestStart, findLatestEnd } from './recording-search.ts';
import { Stepper } from './stepper.ts';
import { correctionOf } from './sync.ts';

export interface PlaybackOptions {
  nowMs: () => number;
  recordedEndMs: (cameraId: string) => number;
}

const SYNC_EVERY_MS = 250;
const NOTICE_MS = 4_000;
/** How far behind now playback stays at the growing end: what is being written is not there to be read yet. */
const LIVE_EDGE_MS = 2_500;
/** The last picture of a recording: just before its end. */
const BEFORE_END_MS = 100;
/** When the pictures advance by less than this share of the wanted speed, single pictures are shown instead. */
const SLOWEST_SHARE = 0.6;
const SPEED_CHECK_MS = 1_500;
/** Slower than this is no video any more. */
const LONGEST_FRAME_MS = 2_000;
/** How long pictures wait for each other: the others for the active one, playback for the others. */
const LONGEST_WAIT_MS = 400;

/** Plays some cameras at one wall-clock time. One of them leads; the others are kept at its time. */
export class Playback {
  readonly #options: PlaybackOptions;
  readonly #pictures = new Map<string, Picture>();
  readonly #listeners = new Set<() => void>();
  readonly #positionListeners = new Set<(atMs: number) => void>();
  #activeId: string | undefined;
  #leaderId: string | undefined;
  #positionMs: number;
  #seekCount = 0;
  #isHeld = false;
  #muted = true;
  readonly #stepper: Stepper;
  #speedCheck = { atMs: 0, sinceMs: 0 };
  #syncTimer: ReturnType<typeof setInterval> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #isSearching = false;
  #state: PlaybackState = PAUSED;

  constructor(positionMs: number, options: PlaybackOptions) {
    this.#positionMs = positionMs;
    this.#options = options;
    this.#stepper = new Stepper({
      show: (atMs) => Promise.all([...this.#pictures.values()].map((picture) => picture.show(atMs))),
      onPosition: (atMs) => this.#setPosition(atMs),
      onGap: (atMs) => void this.#leaveGap(atMs),
      onLatest: () => this.#meetLiveEdge(),
      latestMs: () => this.#options.nowMs() - LIVE_EDGE_MS,
    });
  }

  get state(): PlaybackState {
    return this.#state;
  }

  get positionMs(): number {
    return this.#positionMs;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back for every new position: as often as pictures come. */
  onPosition(listener: (atMs: number) => void): () => void {
    this.#positionListeners.add(listener);
    return () => this.#positionListeners.delete(listener);
  }

  /** Puts a camera's picture into an element of the page until the returned function is called. */
  mount(cameraId: string, stream: StreamName, host: HTMLElement): () => void {
    const picture = this.#createPicture(cameraId, stream);
    this.#pictures.set(cameraId, picture);
    picture.setMuted(this.#muted || cameraId !== this.#activeId);
    host.append(picture.element);
    this.#setPictureState(cameraId, picture.state);
    // The others are where they are: only the new one has to be brought there.
    const isFirst = this.#pictures.size === 1;
    if (isFirst || cameraId === this.#activeId) void this.seek(this.#positionMs);
    else void picture.show(this.#positionMs).then(() => this.#resume(picture));
    return () => {
      picture.close();
      if (this.#pictures.get(cameraId) === picture) this.#pictures.delete(cameraId);
    };
  }

  /** The camera that is shown large, heard, and followed where it has footage. */
  setActive(cameraId: string | undefined): void {
    if (this.#activeId === cameraId) return;
    this.#activeId = cameraId;
    this.#leaderId = undefined;
    this.setMuted(this.#muted);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    for (const [cameraId, picture] of this.#pictures) picture.setMuted(muted || cameraId !== this.#activeId);
  }

  picture(cameraId: string): Picture | undefined {
    return this.#pictures.get(cameraId);
  }

  /** Shows a moment on all pictures; playback then goes on from there. Resolves when the active one shows it. */
  async seek(wantedMs: number): Promise<void> {
    const atMs = Math.round(Math.min(wantedMs, this.#options.nowMs()));
    const count = ++this.#seekCount;
    const startedMs = performance.now();
    this.#setPosition(atMs);
    this.#stopPictures();
    this.#stepper.stop();
    this.#leaderId = undefined;
    this.#setState({ isSeeking: true });
    // The active picture comes first: four that are decoded at once come four times as late, all of them.
    const active = this.#activePicture();
    const first = active?.show(atMs).then((shown) => {
      if (shown === 'shown') this.#setState({ lastSeekMs: Math.round(performance.now() - startedMs) });
    });
    await settledWithin(LONGEST_WAIT_MS, [first]);
    if (count !== this.#seekCount) return;
    const others = [...this.#pictures.values()].filter((picture) => picture !== active);
    await settledWithin(LONGEST_WAIT_MS, [first, ...others.map((picture) => picture.show(atMs))]);
    await first;
    if (count !== this.#seekCount) return;
    this.#setState({ isSeeking: false });
    if (this.#state.mode === 'playing' && !this.#isHeld) this.#run();
  }

  /** While held (a finger on the timeline), moments are shown but playback waits. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    if (!isHeld && !this.#state.isSeeking && this.#state.mode === 'playing') this.#run();
  }

  play(speed = this.#state.speed): void {
    this.#setState({ mode: 'playing', speed });
    if (!this.#state.isSeeking) this.#run();
  }

  pause(): void {
    this.#stopPictures();
    this.#stepper.stop();
    this.#setState({ mode: 'paused', speed: Math.max(0.5, Math.abs(this.#state.speed)) });
  }

  toggle(): void {
    if (this.#state.mode === 'playing') this.pause();
    else this.play();
  }

  setSpeed(speed: number): void {
    this.#setState({ speed });
    if (this.#state.mode === 'playing' && !this.#state.isSeeking) this.#run();
  }

  /**
   * Pauses, and shows the frame before or after. `frameMs` is the length of a frame of the camera as it is now: what was
   * recorded may have longer ones.
   */
  async stepFrame(direction: 1 | -1, frameMs: number): Promise<void> {
    const leader = this.#leader();
    const fromMs = leader?.wallMs ?? this.#positionMs;
    this.pause();
    // To the middle of the neighbour: its exact time is not known.
    if (direction === -1) return this.seek(fromMs - 0.5 * frameMs);
    for (let aheadMs = 1.5 * frameMs; aheadMs <= LONGEST_FRAME_MS; aheadMs += frameMs) {
      const shown = this.seek(fromMs + aheadMs);
      const count = this.#seekCount;
      await shown;
      if (count !== this.#seekCount || leader?.wallMs !== fromMs) return;
    }
  }

  say(notice: Notice): void {
    clearTimeout(this.#noticeTimer);
    this.#setState({ notice });
    this.#noticeTimer = setTimeout(() => this.#setState({ notice: undefined }), NOTICE_MS);
  }

  close(): void {
    this.#seekCount += 1;
    this.#stepper.stop();
    clearInterval(this.#syncTimer);
    clearTimeout(this.#noticeTimer);
    for (const picture of this.#pictures.values()) picture.close();
    this.#pictures.clear();
  }

  #createPicture(cameraId: string, stream: StreamName): Picture {
    const picture: Picture = new Picture({
      cameraId,
      stream,
      nowMs: this.#options.nowMs,
      recordedEndMs: () => this.#options.recordedEndMs(cameraId),
      onFrame: (wallMs) => {
        if (this.#state.mode === 'playing' && !this.#state.isSeeking && picture === this.#leader()) {
          this.#setPosition(wallMs);
        }
      },
      onGap: (gap) => {
        if (picture === this.#leader()) void this.#crossGap(cameraId, gap);
      },
      onEnd: (endMs) => {
        if (picture === this.#leader()) void this.#goBeyond(cameraId, endMs);
      },
      onState: (state) => this.#setPictureState(cameraId, state),
    });
    return picture;
  }

  /** Sets everything in motion from the present position. */
  #run(): void {
    clearInterval(this.#syncTimer);
    const { speed } = this.#state;
    if (speed < 0) {
      this.#startStepping();
      return;
    }
    this.#stepper.stop();
    this.#leaderId = this.#pickLeader();
    const leader = this.#leader();
    if (leader === undefined || leader.state.kind !== 'shown') {
      if (this.#leaderId !== undefined) void this.#goBeyond(this.#leaderId, this.#positionMs);
      return;
    }
    for (const picture of this.#pictures.values()) this.#resume(picture);
    this.#speedCheck = { atMs: this.#positionMs, sinceMs: performance.now() };
    this.#syncTimer = setInterval(() => this.#synchronise(), SYNC_EVERY_MS);
  }

  #resume(picture: Picture): void {
    const { mode, speed } = this.#state;
    if (mode === 'playing' && speed > 0 && !this.#isHeld && !this.#stepper.isRunning) picture.play(speed);
  }

  #stopPictures(): void {
    clearInterval(this.#syncTimer);
    for (const picture of this.#pictures.values()) picture.pause();
  }

  #synchronise(): void {
    const leader = this.#leader();
    const leaderMs = leader?.wallMs;
    if (leaderMs === undefined) return;
    const { speed } = this.#state;
    for (const picture of this.#pictures.values()) {
      if (picture === leader) continue;
      const hasFootage = picture.hasFootage(leaderMs);
      const followerMs = picture.wallMs;
      if (hasFootage === false && picture.state.kind === 'gap') continue;
      if (hasFootage === false || followerMs === undefined) {
        if (picture.state.kind !== 'unplayable') void picture.show(leaderMs).then(() => this.#resume(picture));
        continue;
      }
      const correction = correctionOf(followerMs, leaderMs, speed);
      if (correction.kind === 'rate') picture.setRate(correction.rate);
      else void picture.show(correction.toMs).then(() => this.#resume(picture));
    }
    this.#slowDownAtLiveEdge(leaderMs);
    this.#checkSpeed(leaderMs);
  }

  /** Nothing can be watched faster than it happens. */
  #slowDownAtLiveEdge(leaderMs: number): void {
    if (this.#state.speed > 1 && leaderMs > this.#options.nowMs() - LIVE_EDGE_MS * this.#state.speed) {
      this.#meetLiveEdge();
    }
  }

  #meetLiveEdge(): void {
    this.setSpeed(1);
    this.say({ kind: 'live-edge' });
  }

  #checkSpeed(leaderMs: number): void {
    const now = performance.now();
    const { sinceMs, atMs } = this.#speedCheck;
    if (this.#state.speed < 4 || now - sinceMs < SPEED_CHECK_MS) return;
    const share = (leaderMs - atMs) / ((now - sinceMs) * this.#state.speed);
    this.#speedCheck = { atMs: leaderMs, sinceMs: now };
    if (share < SLOWEST_SHARE) this.#startStepping();
  }

  #startStepping(): void {
    this.#stopPictures();
    this.#stepper.start(this.#positionMs, this.#state.speed);
  }

  /** Stepping came to where no camera has footage: on to the next recording, or back to the end of the one before. */
  async #leaveGap(atMs: number): Promise<void> {
    const ids = [...this.#pictures.keys()];
    if (this.#state.speed > 0) {
      if (ids[0] !== undefined) await this.#goBeyond(this.#leaderId ?? ids[0], atMs);
      return;
    }
    const count = this.#seekCount;
    // A server that does not answer is told by the pictures; playback just does not go on.
    const endMs = await findLatestEnd(ids, atMs).catch(() => undefined);
    if (count !== this.#seekCount || this.#state.mode !== 'playing') return;
    if (endMs !== undefined) return this.seek(endMs - BEFORE_END_MS);
    this.pause();
    this.say({ kind: 'end' });
  }

  /** Playback went over a gap of the leader: another camera may have footage of it, else it is told. */
  async #crossGap(cameraId: string, gap: TimeRange): Promise<void> {
    const other = [...this.#pictures].find(([id, picture]) => id !== cameraId && picture.hasFootage(gap.fromMs + 100));
    if (other !== undefined) {
      await this.seek(gap.fromMs + 100);
      return;
    }
    const cause = await causeOfGap(cameraId, gap);
    this.say({ kind: 'gap', ...gap, cause });
  }

  /** From where nothing more is loaded to the next recording, of this camera or of another. */
  async #goBeyond(cameraId: string, endMs: number): Promise<void> {
    const nowMs = this.#options.nowMs();
    // At the growing end the picture waits by itself for more.
    if (this.#isSearching || endMs > nowMs - 15_000) return;
    this.#isSearching = true;
    const count = this.#seekCount;
    try {
      const toMs = await findEarliestStart([...this.#pictures.keys()], endMs, nowMs);
      if (count !== this.#seekCount || this.#state.mode !== 'playing') return;
      if (toMs === undefined) {
        this.pause();
        this.say({ kind: 'end' });
        return;
      }
      this.say({ kind: 'gap', fromMs: endMs, toMs, cause: await causeOfGap(cameraId, { fromMs: endMs, toMs }) });
      await this.seek(toMs);
    } catch {
      // The pictures say what is wrong with the server; playback just does not go on.
      this.pause();
    } finally {
      this.#isSearching = false;
    }
  }

  #pickLeader(): string | undefined {
    const isShown = (id: string | undefined): boolean =>
      id !== undefined && this.#pictures.get(id)?.state.kind === 'shown';
    if (isShown(this.#activeId)) return this.#activeId;
    return [...this.#pictures.keys()].find(isShown) ?? this.#activeId ?? [...this.#pictures.keys()][0];
  }

  #leader(): Picture | undefined {
    return this.#leaderId === undefined ? this.#activePicture() : this.#pictures.get(this.#leaderId);
  }

  #activePicture(): Picture | undefined {
    const active = this.#activeId === undefined ? undefined : this.#pictures.get(this.#activeId);
    return active ?? [...this.#pictures.values()][0];
  }

  #setPosition(atMs: number): void {
    this.#positionMs = atMs;
    for (const listener of this.#positionListeners) listener(atMs);
  }

  #setPictureState(cameraId: string, state: PictureState): void {
    this.#setState({ pictures: { ...this.#state.pictures, [cameraId]: state } });
  }

  #setState(change: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Waits for all of it, but no longer than the limit. */
function settledWithin(limitMs: number, work: (Promise<unknown> | undefined)[]): Promise<unknown> {
  const all = Promise.all(work.filter((promise) => promise !== undefined));
  return Promise.race([all, new Promise((resolve) => setTimeout(resolve, limitMs))]);
}
