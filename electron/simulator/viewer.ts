import type { MediaFrame } from './camera-media.ts';
import type { RtpTransport } from './rtp-transport.ts';
import type { TrackName } from './sdp.ts';

/**
 * `ready` after SETUP, `waiting` from PLAY to the next key frame, and again when the client was too slow, `playing`
 * while frames go out.
 */
export type ViewerState = 'ready' | 'waiting' | 'playing';

/** A client that does not read is not worth more memory than this; real cameras have less. */
const MAX_BACKLOG_BYTES = 2 * 1024 * 1024;

/** One client's RTSP session with a camera. */
export class Viewer {
  readonly id: string;
  readonly transports = new Map<TrackName, RtpTransport>();
  readonly disconnect: () => void;
  state: ViewerState = 'ready';
  droppedFrames = 0;

  constructor(id: string, disconnect: () => void) {
    this.id = id;
    this.disconnect = disconnect;
  }

  /** Sends the frame if the client keeps up and can decode it; returns whether it went out. */
  send(frame: MediaFrame): boolean {
    const transport = this.transports.get(frame.track);
    if (transport === undefined || this.state === 'ready') return false;
    if (transport.backlogBytes > MAX_BACKLOG_BYTES) return this.#drop(frame);
    if (frame.track === 'audio') {
      if (this.state === 'waiting' && this.transports.has('video')) return false;
    } else if (this.state === 'waiting') {
      if (!frame.key || transport.backlogBytes > MAX_BACKLOG_BYTES / 2) return false;
    }
    this.state = 'playing';
    transport.sendRtp(frame.batch);
    return true;
  }

  /** A lost frame spoils those that refer to it, so the client goes on at a key frame. */
  #drop(frame: MediaFrame): boolean {
    this.droppedFrames++;
    if (frame.track === 'video') this.state = 'waiting';
    return false;
  }
}
