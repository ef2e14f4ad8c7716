import { randomBytes } from 'node:crypto';
import type { CameraMedia, MediaFrame } from './camera-media.ts';
import type { Clip, ClipParameters } from './clip.ts';
import type { CameraCredentials } from './rtsp-auth.ts';
import type { TrackName } from './sdp.ts';
import type { Viewer } from './viewer.ts';

export interface CameraOptions {
  /** Path of its URL without slashes at the ends, such as `yard/main`. */
  readonly path: string;
  readonly clip: ClipParameters;
  readonly auth?: CameraCredentials;
  /** Puts an SEI message with frame number and sending time before each picture; see `readSeiCounters`. */
  readonly sei?: boolean;
  /** Offers the clip's sound but no picture. */
  readonly audioOnly?: boolean;
}

export interface CameraStats {
  /** Sessions that have set up a track and are still connected. */
  readonly connectedClients: number;
  readonly playingClients: number;
  readonly sessionsOpened: number;
  /** Video frames that went out to somebody. */
  readonly framesSent: number;
  /** Frames not sent to a client because it did not read, summed over the clients. */
  readonly framesDropped: number;
}

/** What is wrong with the camera at the moment. */
export type CameraFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'stalled' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'garbage'; readonly where: 'stream' | 'payload' }
  | { readonly kind: 'refusing'; readonly status: number };

export interface CameraHost {
  loadClip(parameters: ClipParameters): Promise<Clip>;
  createMedia(options: CameraOptions, clip: Clip): CameraMedia;
  monotonicMs(): number;
  wallClockMs(): number;
  /** Asks for `advance` to be called: somebody is watching. */
  wake(): void;
}

const REPORT_INTERVAL_MS = 5000;

/** One stream of a camera: who watches it, and what is wrong with it. */
export class SimulatedCamera {
  readonly options: CameraOptions;
  readonly #host: CameraHost;
  readonly #viewers = new Set<Viewer>();
  #media: CameraMedia | null = null;
  #loading: Promise<CameraMedia> | null = null;
  #fault: CameraFault = { kind: 'none' };
  #sessionsOpened = 0;
  #framesSent = 0;
  #framesDropped = 0;
  #nextReportMs = 0;

  constructor(options: CameraOptions, host: CameraHost) {
    this.options = options;
    this.#host = host;
  }

  get fault(): CameraFault {
    return this.#fault;
  }

  get stats(): CameraStats {
    const viewers = [...this.#viewers];
    return {
      connectedClients: viewers.length,
      playingClients: viewers.filter((viewer) => viewer.state !== 'ready').length,
      sessionsOpened: this.#sessionsOpened,
      framesSent: this.#framesSent,
      framesDropped: this.#framesDropped + viewers.reduce((sum, viewer) => sum + viewer.droppedFrames, 0),
    };
  }

  /** The camera's encoder, once its clip is made. @throws FfmpegError */
  media(): Promise<CameraMedia> {
    this.#loading ??= this.#host.loadClip(this.options.clip).then(
      (clip) => (this.#media = this.#host.createMedia(this.options, clip)),
      (error: unknown) => {
        // The next client makes it try again.
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }

  attach(viewer: Viewer): void {
    this.#viewers.add(viewer);
    this.#sessionsOpened++;
  }

  detach(viewer: Viewer): void {
    if (this.#viewers.delete(viewer)) this.#framesDropped += viewer.droppedFrames;
  }

  /** The first viewer gets a key frame at once; whoever joins others waits for the next one. */
  play(viewer: Viewer): void {
    const alone = this.stats.playingClients === 0;
    viewer.state = 'waiting';
    if (alone) this.#media?.restart(this.#host.monotonicMs());
    this.#host.wake();
  }

  /** Tells a viewer how RTP time and wall clock belong together, before the first packet. */
  report(viewer: Viewer): void {
    if (this.#fault.kind === 'stalled') return;
    for (const [track, transport] of viewer.transports) {
      const report = this.#media?.senderReport(track, this.#host.monotonicMs(), this.#host.wallClockMs());
      if (report) transport.sendRtcp(report);
    }
  }

  pause(viewer: Viewer): void {
    viewer.state = 'ready';
  }

  /** Sends what is due; returns when the next frame is, or Infinity when nobody watches. */
  advance(nowMs: number): number {
    const watching = [...this.#viewers].filter((viewer) => viewer.state !== 'ready');
    if (watching.length === 0 || this.#media === null) return Infinity;
    for (const frame of this.#media.take(nowMs, this.#host.wallClockMs())) this.#deliver(frame, watching);
    if (nowMs >= this.#nextReportMs) {
      this.#nextReportMs = nowMs + REPORT_INTERVAL_MS;
      watching.forEach((viewer) => this.report(viewer));
    }
    return this.#media.nextDueMs();
  }

  /** Closes every client's connection, as a reboot does. */
  drop(): void {
    for (const viewer of [...this.#viewers]) viewer.disconnect();
  }

  /** Connections stay open and requests are answered, but no packet comes any more. */
  stall(): void {
    this.#fault = { kind: 'stalled' };
  }

  /** Requests are read and never answered. */
  silence(): void {
    this.#fault = { kind: 'silent' };
  }

  /** Answers DESCRIBE, SETUP and PLAY with this status, such as 401, 404, 453, 500 or 503. */
  refuse(status: number): void {
    this.#fault = { kind: 'refusing', status };
  }

  /** Sends random bytes: in place of whole frames and their framing, or as the payload of proper RTP packets. */
  garbage(where: 'stream' | 'payload' = 'stream'): void {
    this.#fault = { kind: 'garbage', where };
  }

  /** Ends any fault. Those who still watch go on at a key frame. */
  resume(): void {
    const stalled = this.#fault.kind === 'stalled';
    this.#fault = { kind: 'none' };
    if (!stalled) return;
    this.#media?.restart(this.#host.monotonicMs());
    for (const viewer of this.#viewers) if (viewer.state === 'playing') viewer.state = 'waiting';
  }

  /**
   * Shows another clip from the next frame on, a key frame with its parameter sets, to those who watch already, too.
   * A receiver cannot follow another codec or sound within a session, so then the connections are closed.
   */
  async switchClip(parameters: ClipParameters): Promise<void> {
    const media = await this.media();
    const clip = await this.#host.loadClip(parameters);
    const before = media.clip.parameters;
    if (before.codec === parameters.codec && before.audio === parameters.audio) {
      media.switchClip(clip);
      return;
    }
    this.#media = this.#host.createMedia(this.options, clip);
    this.#loading = Promise.resolve(this.#media);
    this.drop();
  }

  /** Shifts RTP time and the wall clock of sender reports, as a clock change in a camera does; negative goes back. */
  jumpTimestamps(seconds: number): void {
    this.#media?.jumpTimestamps(seconds);
  }

  /** Leaves out the next `count` video frames, as an overloaded encoder does. */
  skipFrames(count: number): void {
    this.#media?.skipFrames(count);
  }

  #deliver(frame: MediaFrame, viewers: readonly Viewer[]): void {
    const fault = this.#fault;
    if (fault.kind === 'stalled') return;
    if (fault.kind === 'garbage' && fault.where === 'stream') {
      for (const viewer of viewers) sendNoise(viewer, frame.track);
      return;
    }
    if (fault.kind === 'garbage') spoilPayloads(frame);
    let sent = false;
    for (const viewer of viewers) sent = viewer.send(frame) || sent;
    if (sent && frame.track === 'video') this.#framesSent++;
  }
}

function sendNoise(viewer: Viewer, track: TrackName): void {
  const noise = randomBytes(512);
  // A dollar sign first would make a receiver wait for a frame that may be 64 KiB long, and look like a stall.
  if (noise[0] === 0x24) noise[0] = 0x23;
  viewer.transports.get(track)?.sendGarbage(noise);
}

function spoilPayloads({ batch }: MediaFrame): void {
  batch.offsets.forEach((offset, at) => {
    const end = batch.offsets[at + 1] ?? batch.bytes.length;
    randomBytes(end - offset - 16).copy(batch.bytes, offset + 16);
  });
}
