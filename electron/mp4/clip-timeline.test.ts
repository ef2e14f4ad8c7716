import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBoxes, requireBox } from './box-reader.ts';
import { ClipTimeline, type SourceSample } from './clip-timeline.ts';
import type { InitSegment, TrackInfo } from './init-segment.ts';
import { fileTypeBox, movieBox, trackDurationMs } from './movie-box.ts';
import type { SampleTable } from './sample-table.ts';

const videoTimescale = 90_000;
const audioTimescale = 16_000;
const frameTicks = videoTimescale / 25;

type Run = { startTicks: number; frames: number; audioLagMs: number; hasAudio: boolean };

test('sound never strays from the picture by more than a frame of it, however many runs are joined', () => {
  const run = fc.record({
    // Far enough from each other not to be taken for one run.
    startTicks: fc.nat(50).map((start) => start * 10_000_000),
    frames: fc.integer({ min: 1, max: 60 }),
    audioLagMs: fc.integer({ min: -300, max: 300 }),
    hasAudio: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 30 }), (runs) => {
      const timeline = new ClipTimeline(runs.map(initOf));
      const expected = new Map<number, number>();
      let videoSeconds = 0;
      let sound = 0;
      for (const each of runs) {
        timeline.beginSource(initOf(each));
        for (const { kind, sample } of samplesOf(each)) {
          if (kind === 'video') timeline.addVideo(sample);
          else {
            sound += 1;
            // The size of a sample tells later which one it is.
            const fromKeyFrame = sample.decodeTime / audioTimescale - each.startTicks / videoTimescale;
            expected.set(sound, videoSeconds + fromKeyFrame);
            timeline.addAudio({ ...sample, sizeBytes: sound });
          }
        }
        videoSeconds += each.frames / 25;
      }
      timeline.finish();
      expect(timeline.video.table.duration / videoTimescale).toBeCloseTo(videoSeconds, 6);
      if (timeline.audio === undefined) return;
      for (const { start, sizeBytes } of samplesIn(timeline.audio.table)) {
        expect(Math.abs(start / audioTimescale - (expected.get(sizeBytes) ?? NaN))).toBeLessThan(1024 / audioTimescale);
      }
    }),
    { numRuns: 200 },
  );
});

test('runs of other timescales are brought to one', () => {
  const coarse: InitSegment = { bytes: Buffer.alloc(0), tracks: [track('video', 1000)], mimeType: '' };
  const first = { startTicks: 0, frames: 3, audioLagMs: 0, hasAudio: false };
  const timeline = new ClipTimeline([initOf(first), coarse]);
  timeline.beginSource(initOf(first));
  for (const { sample } of samplesOf(first)) timeline.addVideo(sample);
  timeline.beginSource(coarse);
  timeline.addVideo({ ...videoSample(7000, true), duration: 40 });
  timeline.addVideo({ ...videoSample(7040, false), duration: 40 });
  timeline.finish();
  expect(samplesIn(timeline.video.table).map((sample) => sample.start)).toEqual([0, 3600, 7200, 10800, 14400]);
  expect(trackDurationMs(timeline.video)).toBe(200);
});

test('times that run backwards are left out', () => {
  const run = { startTicks: 0, frames: 1, audioLagMs: 0, hasAudio: false };
  const timeline = new ClipTimeline([initOf(run)]);
  timeline.beginSource(initOf(run));
  for (const time of [10_000, 13_600, 3_000, 17_200]) timeline.addVideo(videoSample(time, time === 10_000));
  timeline.finish();
  expect(samplesIn(timeline.video.table).map((sample) => sample.start)).toEqual([0, 3600, 7200]);
});

describe('chunk offsets', () => {
  test.each([
    { payloadBytes: 1000, box: 'stco' },
    { payloadBytes: 0xffff_ffff, box: 'co64' },
    { payloadBytes: 50_000_000_000, box: 'co64' },
  ])('of $payloadBytes bytes go into $box', ({ payloadBytes, box }) => {
    const run = { startTicks: 0, frames: 1, audioLagMs: 0, hasAudio: false };
    const timeline = new ClipTimeline([initOf(run)]);
    timeline.beginSource(initOf(run));
    timeline.addVideo({ ...videoSample(0, true), dataOffset: payloadBytes - 10, sizeBytes: 10 });
    timeline.finish();
    const headBytes = fileTypeBox().length + 16;
    const payloadOffsetOf = (moovBytes: number): number => headBytes + moovBytes;
    const moov = movieBox(timeline, { creationTimeMs: 0, payloadBytes, payloadOffsetOf });
    let parent = requireBox(moov, 'moov', 0, moov.length);
    for (const type of ['trak', 'mdia', 'minf', 'stbl']) {
      parent = requireBox(moov, type, parent.contentOffset, parent.endOffset);
    }
    const names = [...readBoxes(moov, parent.contentOffset, parent.endOffset)].map((child) => child.type);
    expect(names).toContain(box);
    const { contentOffset } = requireBox(moov, box, parent.contentOffset, parent.endOffset);
    const offset =
      box === 'co64' ? Number(moov.readBigUInt64BE(contentOffset + 8)) : moov.readUInt32BE(contentOffset + 8);
    expect(offset).toBe(headBytes + moov.length + payloadBytes - 10);
  });
});

function initOf({ hasAudio }: Run): InitSegment {
  const tracks = [track('video', videoTimescale), ...(hasAudio ? [track('audio', audioTimescale)] : [])];
  return { bytes: Buffer.alloc(0), tracks, mimeType: '' };
}

function track(kind: TrackInfo['kind'], timescale: number): TrackInfo {
  const sampleEntry = Buffer.alloc(86);
  sampleEntry.writeUInt32BE(86, 0);
  sampleEntry.write(kind === 'video' ? 'test' : 'tone', 4, 'latin1');
  const trackId = kind === 'video' ? 1 : 2;
  const sampleDefaults = { duration: 0, sizeBytes: 0, flags: 0 };
  return { trackId, kind, codec: '', timescale, sampleEntry: sampleEntry.subarray(0, 86), sampleDefaults };
}

function videoSample(decodeTime: number, isSync: boolean): SourceSample {
  return { decodeTime, duration: frameTicks, compositionOffset: 0, sizeBytes: 1, isSync, dataOffset: 0 };
}

/** In the order of a recorded file: sound comes later, or earlier, than the pictures of its time. */
function samplesOf(run: Run): { kind: 'video' | 'audio'; sample: SourceSample }[] {
  const samples: { kind: 'video' | 'audio'; seconds: number; sample: SourceSample }[] = [];
  for (let frame = 0; frame < run.frames; frame += 1) {
    const sample = videoSample(run.startTicks + frame * frameTicks, frame % 10 === 0);
    samples.push({ kind: 'video', seconds: frame / 25, sample });
  }
  const firstAudio = Math.round((run.startTicks / videoTimescale) * audioTimescale);
  const audioFrames = run.hasAudio ? Math.ceil((run.frames / 25) * (audioTimescale / 1024)) : 0;
  for (let frame = 0; frame < audioFrames; frame += 1) {
    const sample = { ...videoSample(firstAudio + frame * 1024, true), duration: 1024 };
    samples.push({ kind: 'audio', seconds: (frame * 1024) / audioTimescale + run.audioLagMs / 1000, sample });
  }
  return samples.sort((a, b) => a.seconds - b.seconds);
}

function samplesIn(table: SampleTable): { start: number; sizeBytes: number }[] {
  const samples: { start: number; sizeBytes: number }[] = [];
  let start = table.firstStart;
  for (let entry = 0; entry < table.durations.counts.length; entry += 1) {
    for (let index = 0; index < table.durations.counts.at(entry); index += 1) {
      samples.push({ start, sizeBytes: table.sizes.at(samples.length) });
      start += table.durations.values.at(entry);
    }
  }
  return samples;
}
