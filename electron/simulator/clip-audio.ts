import type { AudioCodec, ClipAudio, ClipParameters } from './clip.ts';

/** What cameras use: wide-band speech for AAC, telephone quality for G.711. */
export function audioSampleRateHz(codec: AudioCodec): number {
  return codec === 'aac' ? 16_000 : 8000;
}

/**
 * A quiet hum with a short beep at each full second of the clip's clock, as signed 16-bit mono samples: enough to hear
 * that sound works and to see that it is in step with the picture.
 */
export function renderSamples(parameters: ClipParameters, codec: AudioCodec): Buffer {
  const rate = audioSampleRateHz(codec);
  // AAC delays by one frame; samples past the end fill the last frame after that.
  const total = Math.round(parameters.seconds * rate) + 2 * AAC_FRAME_SAMPLES;
  const samples = Buffer.alloc(total * 2);
  const pitch = PITCH_HZ[parameters.scene];
  for (let at = 0; at < total; at++) {
    const seconds = (at / rate) % parameters.seconds;
    const hum = Math.sin(2 * Math.PI * 110 * seconds) * 0.02;
    const beep = seconds % 1 < 0.08 ? Math.sin(2 * Math.PI * pitch * seconds) * 0.2 : 0;
    samples.writeInt16LE(Math.round((hum + beep) * 32_000), at * 2);
  }
  return samples;
}

/** FFmpeg's output options for the track: ADTS frames, or bare G.711 bytes. */
export function audioEncoderArgs(codec: AudioCodec): string[] {
  if (codec === 'aac') return ['-c:a', 'aac', '-b:a', '32k', '-f', 'adts'];
  return codec === 'pcmu' ? ['-c:a', 'pcm_mulaw', '-f', 'mulaw'] : ['-c:a', 'pcm_alaw', '-f', 'alaw'];
}

/** Cuts the encoder's output into the frames of one loop. */
export function parseAudio(bytes: Buffer, codec: AudioCodec, seconds: number): ClipAudio {
  const sampleRateHz = audioSampleRateHz(codec);
  const samplesPerFrame = codec === 'aac' ? AAC_FRAME_SAMPLES : G711_FRAME_SAMPLES;
  const count = Math.max(1, Math.round((seconds * sampleRateHz) / samplesPerFrame));
  // The first AAC frame only primes the decoder; without it sound and picture begin together.
  const all = codec === 'aac' ? splitAdts(bytes).slice(1) : splitEvenly(bytes, samplesPerFrame);
  return { codec, sampleRateHz, samplesPerFrame, frames: all.slice(0, count) };
}

const AAC_FRAME_SAMPLES = 1024;
/** 40 ms, one byte a sample. */
const G711_FRAME_SAMPLES = 320;
const PITCH_HZ = { 'front-door': 880, yard: 660, gate: 990, garage: 523 };

/** ADTS (ISO/IEC 14496-3 1.A.3): a header of 7 bytes, or 9 with a checksum, with the frame's whole length in 13 bits. */
function splitAdts(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at + 7 <= bytes.length && bytes.readUInt16BE(at) >> 4 === 0xfff) {
    const header = ((bytes[at + 1] ?? 0) & 1) === 1 ? 7 : 9;
    const length = (bytes.readUInt32BE(at + 3) >>> 13) & 0x1fff;
    if (length <= header || at + length > bytes.length) break;
    frames.push(bytes.subarray(at + header, at + length));
    at += length;
  }
  return frames;
}

function splitEvenly(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
