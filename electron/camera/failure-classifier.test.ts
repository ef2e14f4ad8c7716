import { describe, expect, it } from 'vitest';
import { classifyEnd, needsLongProbing, nextAudioPlan, toProbeFailure } from './failure-classifier.ts';

/** As FFmpeg 5.1 and 7 print them; `failures.test.ts` has the installed FFmpeg say most of them itself. */
const said: [string, string, string][] = [
  [
    'refused',
    '[tcp @ 0x1] [error] Connection to tcp://10.0.0.5:554?timeout=0 failed: Connection refused',
    'unreachable',
  ],
  ['refused, 7', '[in#0 @ 0x1] [error] Error opening input: Connection refused', 'unreachable'],
  ['no such host', '[tcp @ 0x1] [error] Failed to resolve hostname cam: Name or service not known', 'unreachable'],
  ['no route', '[tcp @ 0x1] [error] Connection to tcp://10.0.0.5:554 failed: No route to host', 'unreachable'],
  ['network down', '[error] rtsp://10.0.0.5/x: Network is unreachable', 'unreachable'],
  ['time limit', '[error] rtsp://10.0.0.5/x: Connection timed out', 'timeout'],
  ['time limit, 7', '[in#0 @ 0x1] [error] Error opening input: Connection timed out', 'timeout'],
  ['401', '[rtsp @ 0x1] [error] method DESCRIBE failed: 401 Unauthorized', 'auth-failed'],
  ['401 over HTTP', '[error] http://h/x: Server returned 401 Unauthorized (authorization failed)', 'auth-failed'],
  ['403', '[rtsp @ 0x1] [error] method DESCRIBE failed: 403 Forbidden', 'auth-failed'],
  ['404', '[rtsp @ 0x1] [error] method DESCRIBE failed: 404 Not Found', 'not-found'],
  ['404, Hikvision', '[rtsp @ 0x1] [error] method DESCRIBE failed: 404 Stream Not Found', 'not-found'],
  ['453', '[rtsp @ 0x1] [error] method SETUP failed: 453 Not Enough Bandwidth', 'unreachable'],
  ['503', '[rtsp @ 0x1] [error] method DESCRIBE failed: 503 Service Unavailable', 'unreachable'],
  ['no video', "[fatal] Stream map '0:v:0' matches no streams.", 'unsupported'],
  ['no video, 7', "[out#0/mp4 @ 0x1] [error] Stream map '0:v:0' matches no streams.", 'unsupported'],
  ['not a camera', '[error] rtsp://10.0.0.5/x: Invalid data found when processing input', 'garbage'],
  ['no parameter sets', '[mp4 @ 0x1] [error] dimensions not set', 'garbage'],
  ['a file in the answer', "[rtsp @ 0x1] [error] Protocol 'file' not on whitelist 'rtsp,rtp,udp,tcp'!", 'refused-url'],
  ['something new', '[rtsp @ 0x1] [error] Flux capacitor empty', 'unreachable'],
];

describe('classifyEnd', () => {
  it.each(said)('%s', (_name, line, failure) => {
    const found = classifyEnd({ stderr: ['[info] Input #0, rtsp', line] });
    expect(found.failure).toBe(failure);
    expect(found.message).toMatch(/^[A-Z].*[.?]$|empty$/);
  });

  it('tells a connection that just ended', () => {
    expect(classifyEnd({ stderr: [] })).toEqual({
      failure: 'unreachable',
      message: 'The camera closed the connection.',
    });
  });

  it('does not take what a decoder says for the reason', () => {
    const stderr = ['[error] rtsp://10.0.0.5/x: Strange', '[h264 @ 0x5581] [error] no frame!'];
    expect(classifyEnd({ stderr }).message).toBe('The connection failed: rtsp://10.0.0.5/x: Strange');
    expect(classifyEnd({ stderr: stderr.slice(1) }).message).toBe('The camera closed the connection.');
  });

  it('tells that FFmpeg cannot be run', () => {
    expect(classifyEnd({ stderr: [], spawnError: new Error('ENOENT') }).failure).toBe('ffmpeg-missing');
  });
});

describe('toProbeFailure', () => {
  it.each([
    ['stalled', 'timeout'],
    ['garbage', 'unsupported'],
    ['auth-failed', 'auth-failed'],
    ['ffmpeg-missing', 'unreachable'],
  ] as const)('%s is %s', (failure, probeFailure) => expect(toProbeFailure(failure)).toBe(probeFailure));
});

describe('nextAudioPlan', () => {
  const plan = (current: 'copy' | 'transcode' | 'none', ...stderr: string[]) => nextAudioPlan(current, { stderr });
  const refused =
    '[mp4 @ 0x1] [error] Could not find tag for codec pcm_mulaw in stream #0, codec not currently supported in container';

  it('transcodes what MP4 does not take', () => expect(plan('copy', refused)).toBe('transcode'));
  it('leaves out sound that cannot be decoded', () => {
    expect(plan('transcode', '[error] Decoder (codec none) not found for input stream #0:1')).toBe('none');
    expect(plan('copy', '[error] Decoder (codec none) not found for input stream #0:1')).toBe('none');
  });
  it('leaves out sound that is not there', () => {
    expect(plan('copy', '[error] Output file #1 does not contain any stream')).toBe('none');
    expect(plan('copy', '[out#1/mp4 @ 0x1] [error] Output file does not contain any stream')).toBe('none');
  });
  it('has nothing to try when sound is not the reason', () => {
    expect(plan('copy', '[rtsp @ 0x1] [error] method DESCRIBE failed: 401 Unauthorized')).toBeUndefined();
    expect(plan('none', refused)).toBeUndefined();
  });
});

describe('needsLongProbing', () => {
  it('is so when the parameter sets did not come in time', () => {
    expect(needsLongProbing(['[mp4 @ 0x1] [error] dimensions not set'])).toBe(true);
    expect(needsLongProbing(['[error] rtsp://h/x: Connection refused'])).toBe(false);
  });
});
