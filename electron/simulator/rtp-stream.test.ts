import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VideoCodec } from './clip.ts';
import { RtpStream, type RtpBatch } from './rtp-stream.ts';

const units = fc.array(
  fc.integer({ min: 3, max: 6000 }).map((length) => Buffer.alloc(length, length & 0xff)),
  { minLength: 1, maxLength: 5 },
);

test.each(['h264', 'h265'] as const)('%s units come out of the packets as they went in', (codec) => {
  fc.assert(
    fc.property(units, fc.nat(0xffff), (given, firstSequence) => {
      // Types that are not fragments themselves: a slice, or a parameter set.
      given.forEach((unit) => (unit[0] = codec === 'h264' ? 0x65 : 0x26));
      const stream = new RtpStream({ ssrc: 7, payloadType: 96, clockRateHz: 90_000, firstSequence });
      const packets = splitPackets(stream.packVideo(given, codec, 2 ** 32 + 5));
      expect(unpack(packets, codec)).toEqual(given);
      packets.forEach((packet, at) => {
        expect(packet.length).toBeLessThanOrEqual(1412);
        expect(packet.readUInt16BE(2)).toBe((firstSequence + at) & 0xffff);
        expect(packet.readUInt32BE(4)).toBe(5);
        expect(packet.readUInt32BE(8)).toBe(7);
        expect(packet[1]! >> 7).toBe(at === packets.length - 1 ? 1 : 0);
      });
      expect(stream.packetCount).toBe(packets.length);
    }),
    { numRuns: 60 },
  );
});

test('AAC has its AU header, G.711 goes bare', () => {
  const stream = new RtpStream({ ssrc: 1, payloadType: 97, clockRateHz: 16_000, firstSequence: 0 });
  const frame = Buffer.alloc(300, 9);
  const [aac] = splitPackets(stream.packAudio(frame, 'aac', 1));
  expect(aac?.subarray(12, 16)).toEqual(Buffer.from([0, 16, 300 >> 5, (300 << 3) & 0xff]));
  expect(aac?.subarray(16)).toEqual(frame);
  expect(splitPackets(stream.packAudio(frame, 'pcmu', 1))[0]?.subarray(12)).toEqual(frame);
});

function splitPackets({ bytes, offsets }: RtpBatch): Buffer[] {
  return offsets.map((offset, at) => {
    const end = offsets[at + 1] ?? bytes.length;
    expect(bytes[offset]).toBe(0x24);
    expect(bytes.readUInt16BE(offset + 2)).toBe(end - offset - 4);
    return bytes.subarray(offset + 4, end);
  });
}

/** An independent reading of RFC 6184 5.8 and RFC 7798 4.4.3. */
function unpack(packets: Buffer[], codec: VideoCodec): Buffer[] {
  const found: Buffer[] = [];
  for (const packet of packets) {
    const payload = packet.subarray(12);
    const fragment = codec === 'h264' ? (payload[0]! & 0x1f) === 28 : ((payload[0]! >> 1) & 0x3f) === 49;
    if (!fragment) {
      found.push(payload);
      continue;
    }
    const header = codec === 'h264' ? 2 : 3;
    const edges = payload[header - 1]!;
    const body = payload.subarray(header);
    if ((edges & 0x80) !== 0) {
      const first =
        codec === 'h264' ? (payload[0]! & 0xe0) | (edges & 0x1f) : (payload[0]! & 0x81) | ((edges & 0x3f) << 1);
      found.push(Buffer.concat([Buffer.from(codec === 'h264' ? [first] : [first, payload[1]!]), body]));
    } else {
      found.push(Buffer.concat([found.pop()!, body]));
    }
  }
  return found;
}
