import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { RtpBatch } from './rtp-stream.ts';

/** Where the packets of one track go. */
export interface RtpTransport {
  sendRtp(batch: RtpBatch): void;
  sendRtcp(packet: Buffer): void;
  /** Bytes that are neither RTP nor RTSP, in place of a frame. */
  sendGarbage(bytes: Buffer): void;
  /** What the client has not taken yet. */
  readonly backlogBytes: number;
}

/** RTP and RTCP between the responses of the RTSP connection (RFC 2326 10.12). */
export class InterleavedTransport implements RtpTransport {
  readonly #socket: Socket;
  readonly #rtpChannel: number;
  readonly #rtcpChannel: number;

  constructor(socket: Socket, rtpChannel: number, rtcpChannel: number) {
    this.#socket = socket;
    this.#rtpChannel = rtpChannel;
    this.#rtcpChannel = rtcpChannel;
  }

  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  sendRtp(batch: RtpBatch): void {
    this.#write(this.#rtpChannel === 0 ? batch.bytes : withChannel(batch, this.#rtpChannel));
  }

  sendRtcp(packet: Buffer): void {
    const framing = Buffer.from([0x24, this.#rtcpChannel, packet.length >> 8, packet.length & 0xff]);
    this.#write(Buffer.concat([framing, packet]));
  }

  sendGarbage(bytes: Buffer): void {
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}

export interface UdpDestination {
  readonly address: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** RTP and RTCP to the client's pair of ports (RFC 3550 11). */
export class UdpTransport implements RtpTransport {
  readonly backlogBytes = 0;
  readonly destination: UdpDestination;
  readonly #rtp: UdpSocket;
  readonly #rtcp: UdpSocket;

  constructor(rtp: UdpSocket, rtcp: UdpSocket, destination: UdpDestination) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.destination = destination;
  }

  sendRtp({ bytes, offsets }: RtpBatch): void {
    const { address, rtpPort } = this.destination;
    offsets.forEach((offset, at) => {
      const end = offsets[at + 1] ?? bytes.length;
      this.#rtp.send(bytes, offset + 4, end - offset - 4, rtpPort, address);
    });
  }

  sendRtcp(packet: Buffer): void {
    this.#rtcp.send(packet, this.destination.rtcpPort, this.destination.address);
  }

  sendGarbage(bytes: Buffer): void {
    this.#rtp.send(bytes, this.destination.rtpPort, this.destination.address);
  }
}

/** A batch is shared by all viewers of a camera, so another channel number needs a copy. */
function withChannel(batch: RtpBatch, channel: number): Buffer {
  const bytes = Buffer.from(batch.bytes);
  for (const offset of batch.offsets) bytes[offset + 1] = channel;
  return bytes;
}
