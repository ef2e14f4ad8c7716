import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Odd RTCP port above the even RTP port, as RFC 3550 11 recommends; some receivers insist. */
export class UdpPorts {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly rtpPort: number;

  constructor(rtp: Socket, rtcp: Socket, rtpPort: number) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.rtpPort = rtpPort;
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }
}

/** `onReport` is told where each receiver report came from: it keeps that client's session alive. */
export async function openUdpPorts(host: string, onReport: (address: string, port: number) => void): Promise<UdpPorts> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const rtp = await bind(host, 0);
    const { port } = rtp.address();
    const rtcp = port % 2 === 0 ? await bind(host, port + 1).catch(() => null) : null;
    if (rtcp === null) {
      rtp.close();
      continue;
    }
    rtcp.on('message', (_, from) => onReport(from.address, from.port));
    return new UdpPorts(rtp, rtcp, port);
  }
  throw new Error('There is no free pair of UDP ports.');
}

async function bind(host: string, port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  // A client that has gone away must not take the simulator down with it.
  socket.on('error', () => undefined);
  return socket;
}
