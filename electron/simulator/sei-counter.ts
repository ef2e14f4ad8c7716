import type { VideoCodec } from './clip.ts';

export interface SeiCounter {
  /** Frames since the simulator started; frames that were never sent are counted too. */
  readonly frame: number;
  /** UTC milliseconds when the frame was handed to the socket. */
  readonly sentMs: number;
}

/** Names our payload among other user_data_unregistered messages. */
const UUID = Buffer.from('a7a1a9a0ca3e4d5f8b1c5e1c0a7e4a11', 'hex');
const DIGITS = 16;

/**
 * An SEI message user_data_unregistered (H.264 D.1.7, H.265 D.2.7) with the counter as two hexadecimal numbers. Text,
 * because it can never need emulation prevention.
 */
export function seiUnit(codec: VideoCodec, counter: SeiCounter): Buffer {
  const text = hex(counter.frame) + hex(counter.sentMs);
  const header = codec === 'h264' ? [0x06] : [39 << 1, 1];
  return Buffer.concat([
    Buffer.from([...header, 5, UUID.length + text.length]),
    UUID,
    Buffer.from(text, 'latin1'),
    // rbsp_trailing_bits
    Buffer.from([0x80]),
  ]);
}

/** Finds the counters in anything that holds the video's bytes in order: Annex B, AVCC samples, a whole MP4 file. */
export function readSeiCounters(bytes: Uint8Array): SeiCounter[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counters: SeiCounter[] = [];
  for (let at = buffer.indexOf(UUID); at !== -1; at = buffer.indexOf(UUID, at + UUID.length)) {
    const text = buffer.toString('latin1', at + UUID.length, at + UUID.length + 2 * DIGITS);
    if (!/^[0-9a-f]{32}$/.test(text)) continue;
    counters.push({
      frame: Number.parseInt(text.slice(0, DIGITS), 16),
      sentMs: Number.parseInt(text.slice(DIGITS), 16),
    });
  }
  return counters;
}

function hex(value: number): string {
  return Math.round(value).toString(16).padStart(DIGITS, '0');
}
