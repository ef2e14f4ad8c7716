import type { Transport } from '../contract/camera.ts';

/** What is done with a camera's sound: most send AAC, which is copied; MP4 does not take G.711 and others. */
export type AudioPlan = 'copy' | 'transcode' | 'none';

/** Whose time a frame gets: the camera's timestamp, or the moment at which it came. */
export type TimeSource = 'camera' | 'arrival';

export interface StreamInput {
  /** With its credentials: never log the arguments. */
  url: string;
  transport: Transport;
  /** Look at more of the stream before giving up on its parameter sets. */
  probing: 'short' | 'long';
  /** Default: the camera's. */
  times?: TimeSource;
}

/**
 * Why a URL may not reach FFmpeg, or undefined. The API validates URLs when they come in; this is the last door.
 */
export function refuseUrl(url: string): string | undefined {
  const scheme = schemeOf(url);
  if (scheme === undefined) return 'This address is not a URL.';
  return WHITELISTS.has(scheme) ? undefined : `Addresses that begin with ${scheme}: cannot be cameras.`;
}

/**
 * Arguments for one camera stream, copied: video as fragmented MP4 on standard output, sound likewise on file
 * descriptor 3, one fragment per frame, track 1 and track 2.
 *
 * Two outputs and not one: FFmpeg's interleaver holds back video until sound came (for ever, when a camera announces
 * sound and sends none, and 128 ms where 8 kHz sound becomes AAC), and while a frame waits there, the MP4 muxer writes
 * wrong times with `frag_every_frame` (movenc.c, mov_flush_fragment looks at the waiting packet). An output with one
 * stream goes through no interleaver. Both count time from the same zero: `make_non_negative` shifts neither.
 */
export function streamArguments(input: StreamInput, audio: AudioPlan): string[] {
  return [
    ...quiet,
    ...inputArguments(input),
    ...['-map', '0:v:0', '-c:v', 'copy', '-an', '-sn', '-dn'],
    ...fragmentedMp4('pipe:1'),
    ...audioArguments(audio),
  ];
}

/** Everything about the input, for streams and probes alike. */
export function inputArguments({ url, transport, probing, times }: StreamInput): string[] {
  const scheme = schemeOf(url) ?? '';
  const whitelist = WHITELISTS.get(scheme);
  if (whitelist === undefined) throw new Error(`no whitelist for the scheme ${scheme}`);
  const isRtsp = scheme === 'rtsp' || scheme === 'rtsps';
  return [
    ...['-protocol_whitelist', whitelist],
    // FFmpeg must give up by itself, even when nobody is left to kill it. Microseconds.
    ...(isRtsp
      ? ['-rtsp_transport', transport, '-timeout', ioLimitUs]
      : ['-rw_timeout', ioLimitUs, '-format_whitelist', streamFormats]),
    // Probing ends as soon as all is known; without this it would wait for 20 frames to measure the frame rate.
    ...['-fpsprobesize', '0'],
    ...(probing === 'short'
      ? ['-analyzeduration', '2000000', '-probesize', '5000000']
      : ['-analyzeduration', '20000000', '-probesize', '50000000']),
    ...(times === 'arrival' ? ['-use_wallclock_as_timestamps', '1'] : []),
    // FFmpeg knows schemes in lower case only.
    ...['-threads', '1', '-i', scheme + url.slice(scheme.length)],
  ];
}

/** Decodes one picture from an init segment and a key frame on standard input; JPEG on standard output. */
export function snapshotArguments(): string[] {
  return [
    ...quiet,
    ...['-protocol_whitelist', 'pipe', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-frames:v', '1', ...jpeg, 'pipe:1'],
  ];
}

/**
 * One connection gives the copied stream, for measuring, on standard output and a picture of at most 960 pixels'
 * width on file descriptor 3.
 */
export function probeArguments(input: StreamInput): string[] {
  return [
    ...quiet,
    ...inputArguments(input),
    ...['-map', '0:v:0', '-c:v', 'copy', '-an', '-sn', '-dn', ...fragmentedMp4('pipe:1')],
    ...['-map', '0:v:0', '-frames:v', '1', '-vf', 'scale=w=min(960\\,iw):h=-2', ...jpeg],
    // Else the only picture waits for the end of the stream: in a thread of the encoder, or in the output's buffer.
    ...['-threads', '1', '-flush_packets', '1', 'pipe:3'],
  ];
}

function audioArguments(audio: AudioPlan): string[] {
  if (audio === 'none') return [];
  return [
    // Without -vn FFmpeg would fall back to encoding video where there is no sound.
    ...['-map', '0:a:0?', '-vn', '-sn', '-dn'],
    ...(audio === 'copy' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '64k']),
    ...['-streamid', '0:2', '-use_stream_ids_as_track_ids', '1'],
    ...fragmentedMp4('pipe:3'),
  ];
}

function fragmentedMp4(target: string): string[] {
  return [
    ...['-f', 'mp4', '-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer'],
    ...['-use_editlist', '0', '-avoid_negative_ts', 'make_non_negative', '-flush_packets', '1', target],
  ];
}

/** The description of the input, at level info, says which sound the camera sends. */
const quiet = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'];
const jpeg = ['-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p', '-strict', 'unofficial', '-f', 'mjpeg'];
/** Longer than the limits with which a session is watched from outside, which give the better message. */
const ioLimitUs = '20000000';

/** Neither files nor pipes nor lists of other sources: a camera's answer must not make FFmpeg read anything else. */
const WHITELISTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    rtsp: 'rtsp,rtp,udp,tcp',
    rtsps: 'rtsps,rtsp,rtp,udp,tcp,tls,srtp,crypto',
    rtmp: 'rtmp,tcp',
    http: 'http,tcp',
    https: 'https,tls,tcp,http',
  }),
);

/** What may come over HTTP and RTMP: no playlists, which would make FFmpeg fetch from other hosts. */
const streamFormats = 'mpegts,mpeg,flv,live_flv,mov,matroska,asf,avi,h264,hevc,mpjpeg,mjpeg';

function schemeOf(url: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
}
