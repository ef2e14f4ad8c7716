import type { AudioCodec, VideoCodec } from './clip.ts';

/**
 * The RTP packets of one frame in one buffer, each behind its four bytes of interleaved framing (RFC 2326 10.12), so
 * that a TCP client costs one write and a UDP client only skips the framing.
 */
export interface RtpBatch {
  readonly bytes: Buffer;
  /** Where each packet's framing begins. */
  readonly offsets: readonly number[];
}

/** Room for IPv4, UDP and RTP headers, and some, in an Ethernet frame. */
const MAX_PAYLOAD_BYTES = 1400;
const FRAMING_BYTES = 4;
const RTP_HEADER_BYTES = 12;

/** The sequence and the counters of one RTP source (RFC 3550 5.1), and the packetisers of the formats it may carry. */
export class RtpStream {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRateHz: number;
  nextSequence: number;
  packetCount = 0;
  payloadBytes = 0;

  constructor(options: { ssrc: number; payloadType: number; clockRateHz: number; firstSequence: number }) {
    this.ssrc = options.ssrc;
    this.payloadType = options.payloadType;
    this.clockRateHz = options.clockRateHz;
    this.nextSequence = options.firstSequence;
  }

  /** One access unit: single NAL unit packets and fragmentation units (RFC 6184 5.6, 5.8; RFC 7798 4.4.1, 4.4.3). */
  packVideo(units: readonly Buffer[], codec: VideoCodec, timestamp: number): RtpBatch {
    const headBytes = codec === 'h264' ? 1 : 2;
    const partBytes = MAX_PAYLOAD_BYTES - headBytes - 1;
    let total = 0;
    for (const unit of units) {
      const parts = unit.length <= MAX_PAYLOAD_BYTES ? 1 : Math.ceil((unit.length - headBytes) / partBytes);
      total += parts * (FRAMING_BYTES + RTP_HEADER_BYTES + headBytes + 1) + unit.length;
    }
    const packer = new Packer(this, total, timestamp);
    units.forEach((unit, index) => {
      const lastUnit = index === units.length - 1;
      if (unit.length <= MAX_PAYLOAD_BYTES) {
        packer.open(unit.length, lastUnit);
        packer.append(unit, 0, unit.length);
        return;
      }
      for (let from = headBytes; from < unit.length; from += partBytes) {
        const to = Math.min(unit.length, from + partBytes);
        const [first, last] = [from === headBytes, to === unit.length];
        packer.open(headBytes + 1 + to - from, lastUnit && last);
        packer.appendBytes(fragmentHeader(unit, codec, first, last));
        packer.append(unit, from, to);
      }
    });
    return packer.finish();
  }

  /** One audio frame: AAC-hbr with its AU header (RFC 3640 3.3.6), or bare G.711 samples (RFC 3551 4.5.14). */
  packAudio(frame: Buffer, codec: AudioCodec, timestamp: number): RtpBatch {
    const packer = new Packer(this, FRAMING_BYTES + RTP_HEADER_BYTES + 4 + frame.length, timestamp);
    if (codec === 'aac') {
      packer.open(4 + frame.length, true);
      packer.appendBytes([0, 16, (frame.length >> 5) & 0xff, (frame.length << 3) & 0xff]);
    } else {
      packer.open(frame.length, false);
    }
    packer.append(frame, 0, frame.length);
    return packer.finish();
  }
}

class Packer {
  readonly #stream: RtpStream;
  readonly #bytes: Buffer;
  readonly #timestamp: number;
  readonly #offsets: number[] = [];
  #at = 0;

  constructor(stream: RtpStream, maxBytes: number, timestamp: number) {
    this.#stream = stream;
    this.#bytes = Buffer.allocUnsafe(maxBytes);
    this.#timestamp = timestamp >>> 0;
  }

  open(payloadBytes: number, marker: boolean): void {
    const { ssrc, payloadType, nextSequence } = this.#stream;
    this.#offsets.push(this.#at);
    // Channel 0 stands here until a client's own channel is filled in.
    this.#at = this.#bytes.writeUInt16BE(0x2400, this.#at);
    this.#at = this.#bytes.writeUInt16BE(RTP_HEADER_BYTES + payloadBytes, this.#at);
    this.#at = this.#bytes.writeUInt16BE(0x8000 | (marker ? 0x80 : 0) | payloadType, this.#at);
    this.#at = this.#bytes.writeUInt16BE(nextSequence, this.#at);
    this.#at = this.#bytes.writeUInt32BE(this.#timestamp, this.#at);
    this.#at = this.#bytes.writeUInt32BE(ssrc, this.#at);
    this.#stream.nextSequence = (nextSequence + 1) & 0xffff;
    this.#stream.packetCount++;
    this.#stream.payloadBytes += payloadBytes;
  }

  append(source: Buffer, from: number, to: number): void {
    this.#at += source.copy(this.#bytes, this.#at, from, to);
  }

  appendBytes(values: readonly number[]): void {
    for (const value of values) this.#bytes[this.#at++] = value;
  }

  finish(): RtpBatch {
    return { bytes: this.#bytes.subarray(0, this.#at), offsets: this.#offsets };
  }
}

function fragmentHeader(unit: Buffer, codec: VideoCodec, first: boolean, last: boolean): number[] {
  const [head = 0, second = 0] = unit;
  const edges = (first ? 0x80 : 0) | (last ? 0x40 : 0);
  if (codec === 'h264') return [(head & 0xe0) | 28, edges | (head & 0x1f)];
  return [(head & 0x81) | (49 << 1), second, edges | ((head >> 1) & 0x3f)];
}
