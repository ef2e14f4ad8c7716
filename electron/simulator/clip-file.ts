import type { AudioCodec, Clip, ClipAudio, ClipParameters, VideoFrame } from './clip.ts';
import { isKeyUnit, isParameterSet, splitAnnexB } from './nal-units.ts';

/*
 * A cached clip: four bytes with the length of a JSON header, the header, the video's access units (Annex B) one after
 * the other, then the audio frames.
 */
interface ClipHeader {
  readonly parameters: ClipParameters;
  readonly video: readonly { sizeBytes: number; reorderFrames: number }[];
  readonly audio: AudioHeader | null;
}

interface AudioHeader {
  readonly codec: AudioCodec;
  readonly sampleRateHz: number;
  readonly samplesPerFrame: number;
  readonly sizesBytes: readonly number[];
}

/** `packetList` is the text of FFmpeg's framecrc muxer: stream, decoding time, presentation time, duration, size, ... */
export function packClip(made: {
  parameters: ClipParameters;
  video: Buffer;
  packetList: string;
  audio: ClipAudio | null;
}): Buffer {
  const audio = made.audio;
  const header: ClipHeader = {
    parameters: made.parameters,
    video: parsePacketList(made.packetList),
    audio: audio && {
      codec: audio.codec,
      sampleRateHz: audio.sampleRateHz,
      samplesPerFrame: audio.samplesPerFrame,
      sizesBytes: audio.frames.map((frame) => frame.length),
    },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, made.video, ...(audio?.frames ?? [])]);
}

/** The clip in a cached file, its frames sharing the memory of `bytes`; null when the file is damaged. */
export function unpackClip(bytes: Buffer): Clip | null {
  const header = readHeader(bytes);
  if (header === null) return null;
  const { parameters } = header;
  let at = 4 + bytes.readUInt32BE();
  const take = (sizeBytes: number): Buffer => bytes.subarray(at, (at += sizeBytes));
  const frames = header.video.map(({ sizeBytes, reorderFrames }): VideoFrame => {
    const units = splitAnnexB(take(sizeBytes));
    return { units, key: units.some((unit) => isKeyUnit(unit, parameters.codec)), reorderFrames };
  });
  const audio = header.audio && { ...header.audio, frames: header.audio.sizesBytes.map(take) };
  if (at !== bytes.length || frames[0]?.key !== true) return null;
  const parameterSets = frames[0].units.filter((unit) => isParameterSet(unit, parameters.codec));
  return { parameters, frames, parameterSets, audio };
}

function parsePacketList(text: string): { sizeBytes: number; reorderFrames: number }[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, decodeTime, presentationTime, , sizeBytes] = line.split(',').map(Number);
      return { sizeBytes: sizeBytes ?? 0, reorderFrames: (presentationTime ?? 0) - (decodeTime ?? 0) };
    });
}

function readHeader(bytes: Buffer): ClipHeader | null {
  if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt32BE()) return null;
  try {
    return JSON.parse(bytes.toString('utf8', 4, 4 + bytes.readUInt32BE())) as ClipHeader;
  } catch {
    // Not JSON: a damaged cache file, which is simply made again.
    return null;
  }
}
