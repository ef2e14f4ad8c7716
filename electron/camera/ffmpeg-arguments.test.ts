import { describe, expect, it } from 'vitest';
import { inputArguments, probeArguments, refuseUrl, snapshotArguments, streamArguments } from './ffmpeg-arguments.ts';

const rtsp = { url: 'rtsp://10.0.0.5/main', transport: 'tcp', probing: 'short' } as const;
const quiet = '-hide_banner -nostdin -nostats -loglevel level+info';
const input =
  '-protocol_whitelist rtsp,rtp,udp,tcp -rtsp_transport tcp -timeout 20000000 -fpsprobesize 0' +
  ' -analyzeduration 2000000 -probesize 5000000 -threads 1 -i rtsp://10.0.0.5/main';
const mp4 =
  '-f mp4 -movflags +frag_every_frame+empty_moov+default_base_moof+skip_trailer -use_editlist 0' +
  ' -avoid_negative_ts make_non_negative -flush_packets 1';
const video = `-map 0:v:0 -c:v copy -an -sn -dn ${mp4} pipe:1`;

describe('FFmpeg arguments', () => {
  it('copy the video alone', () => {
    expect(streamArguments(rtsp, 'none').join(' ')).toBe(`${quiet} ${input} ${video}`);
  });

  it('take the time of arrival for a camera without a usable clock', () => {
    const args = inputArguments({ ...rtsp, times: 'arrival' });
    expect(args.join(' ')).toContain('-use_wallclock_as_timestamps 1');
    expect(args.indexOf('-use_wallclock_as_timestamps')).toBeLessThan(args.indexOf('-i'));
  });

  it('copy sound to an output of its own', () => {
    expect(streamArguments(rtsp, 'copy').join(' ')).toBe(
      `${quiet} ${input} ${video} -map 0:a:0? -vn -sn -dn -c:a copy` +
        ` -streamid 0:2 -use_stream_ids_as_track_ids 1 ${mp4} pipe:3`,
    );
  });

  it('transcode sound that MP4 does not take', () => {
    expect(streamArguments(rtsp, 'transcode').join(' ')).toContain('-map 0:a:0? -vn -sn -dn -c:a aac -b:a 64k');
  });

  it('decode one picture from memory, and open nothing else', () => {
    expect(snapshotArguments().join(' ')).toBe(
      `${quiet} -protocol_whitelist pipe -threads 1 -f mp4 -i pipe:0 -map 0:v:0 -frames:v 1` +
        ' -c:v mjpeg -q:v 4 -pix_fmt yuvj420p -strict unofficial -f mjpeg pipe:1',
    );
  });

  it('probe with one input', () => {
    const args = probeArguments(rtsp);
    expect(args.filter((arg) => arg === '-i')).toHaveLength(1);
    expect(args.join(' ')).toContain('scale=w=min(960\\,iw):h=-2');
  });

  it.each([
    ['rtsp://h/x', 'rtsp,rtp,udp,tcp', '-rtsp_transport'],
    ['RTSPS://h/x', 'rtsps,rtsp,rtp,udp,tcp,tls,srtp,crypto', '-rtsp_transport'],
    ['rtmp://h/x', 'rtmp,tcp', '-rw_timeout'],
    ['http://h/x', 'http,tcp', '-rw_timeout'],
    ['https://h/x', 'https,tls,tcp,http', '-rw_timeout'],
  ])('let %s open %s', (url, whitelist, option) => {
    const args = inputArguments({ ...rtsp, url });
    expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe(whitelist);
    expect(args).toContain(option);
  });

  it('take schemes in capitals', () => {
    expect(inputArguments({ ...rtsp, url: 'RTSP://10.0.0.5/Main' }).at(-1)).toBe('rtsp://10.0.0.5/Main');
  });

  it.each(['file:///etc/passwd', 'concat:a|b', 'pipe:0', 'data:x', 'demo:yard', '-i', '', 'toString://x', '//h/x'])(
    'refuse %s',
    (url) => {
      expect(refuseUrl(url)).toBeTypeOf('string');
      expect(() => inputArguments({ ...rtsp, url })).toThrow();
    },
  );
});
