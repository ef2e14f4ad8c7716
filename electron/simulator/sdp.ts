import type { Clip, ClipAudio } from './clip.ts';

export type TrackName = 'video' | 'audio';

export const VIDEO_PAYLOAD_TYPE = 96;

/** Payload types: dynamic for AAC, static for G.711 (RFC 3551 table 4). */
export function audioPayloadType(audio: ClipAudio): number {
  if (audio.codec === 'aac') return 97;
  return audio.codec === 'pcmu' ? 0 : 8;
}

/** The session description (RFC 4566) of a camera with these tracks; each track's control is its name. */
export function describeClip(clip: Clip, name: string, withVideo: boolean): string {
  const lines = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', `s=${name}`, 'c=IN IP4 0.0.0.0', 't=0 0'];
  lines.push('a=control:*', 'a=range:npt=now-');
  if (withVideo) lines.push(...videoLines(clip));
  if (clip.audio !== null) lines.push(...audioLines(clip.audio));
  return `${lines.join('\r\n')}\r\n`;
}

function videoLines(clip: Clip): string[] {
  const { codec, bitrateKbps, fps } = clip.parameters;
  const encoding = codec === 'h264' ? 'H264' : 'H265';
  return [
    `m=video 0 RTP/AVP ${VIDEO_PAYLOAD_TYPE}`,
    `b=AS:${bitrateKbps}`,
    `a=rtpmap:${VIDEO_PAYLOAD_TYPE} ${encoding}/90000`,
    `a=fmtp:${VIDEO_PAYLOAD_TYPE} ${codec === 'h264' ? h264Format(clip) : h265Format(clip)}`,
    `a=framerate:${fps}`,
    'a=control:video',
  ];
}

/** RFC 6184 8.2.1 */
function h264Format(clip: Clip): string {
  const profile = clip.parameterSets[0]?.toString('hex', 1, 4) ?? '';
  const sets = clip.parameterSets.map((unit) => unit.toString('base64')).join(',');
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`;
}

/** RFC 7798 7.1 */
function h265Format(clip: Clip): string {
  const names = ['sprop-vps', 'sprop-sps', 'sprop-pps'];
  return clip.parameterSets.map((unit, at) => `${names[at]}=${unit.toString('base64')}`).join(';');
}

function audioLines(audio: ClipAudio): string[] {
  const type = audioPayloadType(audio);
  const lines = [`m=audio 0 RTP/AVP ${type}`];
  if (audio.codec === 'aac') {
    // RFC 3640 3.3.6; AudioSpecificConfig: AAC-LC, 16 kHz, one channel.
    const format = 'streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3';
    lines.push(`a=rtpmap:${type} MPEG4-GENERIC/${audio.sampleRateHz}/1`, `a=fmtp:${type} ${format};config=1408`);
  } else {
    lines.push(`a=rtpmap:${type} ${audio.codec.toUpperCase()}/${audio.sampleRateHz}`);
  }
  lines.push('a=control:audio');
  return lines;
}
