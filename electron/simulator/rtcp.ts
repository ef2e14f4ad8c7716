const SECONDS_1900_TO_1970 = 2_208_988_800;

/** A sender report and the source description that must go with it (RFC 3550 6.4.1, 6.5). */
export function senderReport(report: {
  ssrc: number;
  /** The camera's wall clock. */
  wallClockMs: number;
  /** The RTP time of that moment. */
  timestamp: number;
  packetCount: number;
  payloadBytes: number;
}): Buffer {
  const name = Buffer.from('camera');
  const bytes = Buffer.alloc(28 + 20);
  bytes.writeUInt16BE(0x80c8, 0);
  bytes.writeUInt16BE(6, 2);
  bytes.writeUInt32BE(report.ssrc, 4);
  bytes.writeUInt32BE((Math.floor(report.wallClockMs / 1000) + SECONDS_1900_TO_1970) >>> 0, 8);
  bytes.writeUInt32BE(Math.floor(((((report.wallClockMs % 1000) + 1000) % 1000) / 1000) * 0x1_0000_0000), 12);
  bytes.writeUInt32BE(report.timestamp >>> 0, 16);
  bytes.writeUInt32BE(report.packetCount >>> 0, 20);
  bytes.writeUInt32BE(report.payloadBytes >>> 0, 24);
  bytes.writeUInt16BE(0x81ca, 28);
  bytes.writeUInt16BE(4, 30);
  bytes.writeUInt32BE(report.ssrc, 32);
  bytes.writeUInt8(1, 36);
  bytes.writeUInt8(name.length, 37);
  name.copy(bytes, 38);
  return bytes;
}
