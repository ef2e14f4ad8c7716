import type { ProbeFailure, StreamFailure } from '../contract/camera.ts';
import type { AudioPlan } from './ffmpeg-arguments.ts';
import { UnsupportedSoundError, UnsupportedStreamError, type FfmpegRunEnd } from './ffmpeg-run.ts';

/** Why a stream ended, with a sentence that says what to do next. */
export interface Failure {
  failure: StreamFailure;
  message: string;
}

/**
 * Reads why FFmpeg ended from what it wrote last. The lines come from FFmpeg's RTSP, HTTP and RTMP clients and from
 * the system's error texts, which FFmpeg prints in English whatever the locale.
 */
export function classifyEnd(end: Pick<FfmpegRunEnd, 'stderr' | 'spawnError' | 'formatError'>): Failure {
  if (end.spawnError !== undefined) {
    return { failure: 'ffmpeg-missing', message: 'FFmpeg could not be started. Is it still installed?' };
  }
  if (end.formatError instanceof UnsupportedStreamError) {
    return { failure: 'unsupported', message: end.formatError.message };
  }
  if (end.formatError !== undefined) return { failure: 'garbage', message: GARBAGE };
  const text = end.stderr.join('\n');
  const rule = RULES.find(({ pattern }) => pattern.test(text));
  if (rule !== undefined) return { failure: rule.failure, message: rule.message };
  return { failure: 'unreachable', message: lastWords(end.stderr) };
}

/** What FFmpeg complained of last, for what no rule knows. */
function lastWords(stderr: readonly string[]): string {
  const complaint = stderr.findLast((line) => COMPLAINT.test(line))?.replace(COMPLAINT, '');
  return complaint === undefined ? 'The camera closed the connection.' : `The connection failed: ${complaint}`;
}

/** Of the connection: what a decoder (`[h264 @ 0x5581] [error] no frame!`) says is not why a stream ended. */
const COMPLAINT = /^(?:\[(?:rtsp|rtp|tcp|udp|tls|https?|rtmp|in#\d+\S*) @ [^\]]*\] )?\[(?:error|fatal)\] /;

/** The smaller set which the probe's route knows. */
export function toProbeFailure(failure: StreamFailure): ProbeFailure {
  switch (failure) {
    case 'auth-failed':
    case 'not-found':
    case 'timeout':
    case 'unsupported':
    case 'unreachable':
      return failure;
    case 'stalled':
      return 'timeout';
    case 'garbage':
    case 'refused-url':
      return 'unsupported';
    default:
      return 'unreachable';
  }
}

/**
 * What to do about the camera's sound after FFmpeg refused this plan for it; undefined when sound is not why it ended.
 * The plan is remembered: a second attempt costs the camera a second connection.
 */
export function nextAudioPlan(
  plan: AudioPlan,
  { stderr, formatError }: Pick<FfmpegRunEnd, 'stderr' | 'formatError'>,
): AudioPlan | undefined {
  if (plan === 'none') return undefined;
  if (formatError instanceof UnsupportedSoundError) return plan === 'copy' ? 'transcode' : 'none';
  const text = stderr.filter((line) => /\[(?:error|fatal)\]/.test(line)).join('\n');
  if (/Output file #1 does not contain any stream|Output file does not contain any stream/.test(text)) return 'none';
  const refused =
    /codec not currently supported in container|Error initializing output stream 1:|output file #1|stream #1:0|aost#1|out#1/i;
  if (!refused.test(text) && !AUDIO_DECODER.test(text)) return undefined;
  return plan === 'copy' && !AUDIO_DECODER.test(text) ? 'transcode' : 'none';
}

/** FFmpeg gave up before the camera had sent its parameter sets: look at more of the stream next time. */
export function needsLongProbing(stderr: readonly string[]): boolean {
  return /unspecified size|dimensions not set|Could not find codec parameters for stream \d+ \(Video/.test(
    stderr.join('\n'),
  );
}

const GARBAGE = 'What the camera sends is not a video stream that can be read.';
const AUDIO_DECODER = /Decoder \(codec \S+\) not found for input stream|Decoding requested, but no decoder found/i;

/** In the order of certainty: the first that matches wins. */
const RULES: readonly { pattern: RegExp; failure: StreamFailure; message: string }[] = [
  {
    pattern: /\b401 Unauthorized|Server returned 401|authorization failed/i,
    failure: 'auth-failed',
    message: 'The camera refuses the user name or the password. Check both.',
  },
  {
    pattern: /\b403 Forbidden|Server returned 403|access denied/i,
    failure: 'auth-failed',
    message: 'The camera denies this user the stream. Check the user’s rights on the camera.',
  },
  {
    pattern: /\b404 (?:Stream )?Not Found|Server returned 404|\b454 Session/i,
    failure: 'not-found',
    message: 'The camera knows no stream under this path. Check the URL.',
  },
  {
    pattern: /\b453 /,
    failure: 'unreachable',
    message: 'The camera serves no more connections (453). Close other viewers of it.',
  },
  {
    pattern: /\b50\d [A-Z]|Server returned 5XX/,
    failure: 'unreachable',
    message: 'The camera answers that it cannot serve the stream now (error 5xx).',
  },
  {
    pattern: /Stream map '[^']*' matches no streams|Output file #0 does not contain any stream/,
    failure: 'unsupported',
    message: 'The address gives no video.',
  },
  {
    pattern: /Failed to resolve hostname|Name or service not known|nodename nor servname|No address associated/i,
    failure: 'unreachable',
    message: 'The camera’s host name is not known. Check the address.',
  },
  {
    pattern: /Connection refused|error number -10061|Error number -138\b/i,
    failure: 'unreachable',
    message: 'The host refuses connections on this port. Check the address and the port.',
  },
  {
    pattern: /No route to host|Network is unreachable|Host is unreachable|Network unreachable/i,
    failure: 'unreachable',
    message: 'There is no way to the host from here. Check the address and the network.',
  },
  {
    pattern: /Connection timed out|Operation timed out|Error number -110\b|Error number -10060\b|timed out/i,
    failure: 'timeout',
    message: 'The camera did not answer in time.',
  },
  {
    pattern: /Format not on whitelist/i,
    failure: 'unsupported',
    message: 'The address gives a playlist or a page, not a video stream.',
  },
  {
    pattern: /not on whitelist|Protocol not found/i,
    failure: 'refused-url',
    message: 'The camera’s answer leads to an address that may not be used.',
  },
  {
    pattern: /codec not currently supported in container|Unknown encoder|Unsupported codec/i,
    failure: 'unsupported',
    message: 'The camera’s video codec cannot be recorded. Atalaya records H.264 and H.265.',
  },
  {
    pattern: /unspecified size|dimensions not set|Could not find codec parameters/i,
    failure: 'garbage',
    message: 'The camera sent no picture that can be decoded.',
  },
  {
    pattern: /Server returned 4XX|\b4\d\d [A-Z]/,
    failure: 'not-found',
    message: 'The camera does not accept the request for this stream. Check the URL.',
  },
  {
    // Not an answer of RTSP at all, or none before the connection was closed.
    pattern:
      /\[error\] [a-z]+:\/\/.*: Invalid data found|\[error\] https?:\/\/.*: Input\/output error|Error opening input: Invalid data found/i,
    failure: 'garbage',
    message: 'The host answers, but not as a camera. Check the address and the port.',
  },
  {
    pattern: /Connection reset by peer|Broken pipe|End of file/i,
    failure: 'unreachable',
    message: 'The camera closed the connection.',
  },
  { pattern: /Invalid data found when processing input/i, failure: 'garbage', message: GARBAGE },
];
