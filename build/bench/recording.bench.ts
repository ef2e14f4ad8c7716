import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BareRecorder } from './bare-recorder.ts';
import { BenchCameras } from './bench-cameras.ts';
import type { BenchContext } from './bench-context.ts';
import { BenchEngine } from './bench-engine.ts';
import { median, type Figure, type Measurement } from './figures.ts';
import { measureTrees, type ProcessKind, type TreeCost } from './process-tree.ts';
import { countRecordedFrames, type RecordedFrames } from './recorded-frames.ts';

interface Run {
  cost: TreeCost;
  recorded: RecordedFrames;
}

/** Connecting and growing heaps are no part of recording. */
const SETTLE_MS = 5_000;

/** What it costs to record N cameras that nobody watches, against bare FFmpeg. */
export async function recordingBench(context: BenchContext): Promise<Measurement[]> {
  if (process.platform !== 'linux') throw new Error('The cost of processes is read from /proc: this needs Linux.');
  const measurements: Measurement[] = [];
  for (const count of context.options.cameras) measurements.push(await measureCount(context, count));
  return measurements;
}

async function measureCount(context: BenchContext, count: number): Promise<Measurement> {
  const { rounds } = context.options;
  const atalaya: Run[] = [];
  const bare: Run[] = [];
  context.say(`recording: ${count} cameras, ${rounds} rounds`);
  const cameras = await BenchCameras.start(context, count);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const pair = [
        async () => atalaya.push(await recordWithAtalaya(context, cameras.urls)),
        async () => bare.push(await recordBare(context, cameras.urls)),
      ];
      // Whatever drifts meanwhile on this machine meets both alike.
      for (const run of round % 2 === 0 ? pair : pair.reverse()) await run();
    }
  } finally {
    await cameras.close();
  }
  return { title: `Recording ${count} cameras, 1080p25 4 Mbit/s`, figures: figuresOf(count, atalaya, bare) };
}

async function recordWithAtalaya(context: BenchContext, urls: readonly string[]): Promise<Run> {
  const dir = await mkdtemp(join(context.workDir, 'atalaya-'));
  const engine = await BenchEngine.start(context, dir);
  let cost: TreeCost;
  try {
    await engine.record(urls);
    await pause(SETTLE_MS);
    cost = await measureTrees([engine.pid], context.options.seconds * 1000);
  } finally {
    await engine.close();
  }
  return { cost, recorded: await countAndRemove(dir, join(dir, 'recordings')) };
}

async function recordBare(context: BenchContext, urls: readonly string[]): Promise<Run> {
  const dir = await mkdtemp(join(context.workDir, 'bare-'));
  const recorder = new BareRecorder(context.ffmpegPath, urls, dir);
  let cost: TreeCost;
  try {
    await pause(SETTLE_MS);
    cost = await measureTrees(recorder.pids, context.options.seconds * 1000);
  } finally {
    await recorder.close();
  }
  return { cost, recorded: await countAndRemove(dir, dir) };
}

async function countAndRemove(dir: string, recordings: string): Promise<RecordedFrames> {
  const recorded = await countRecordedFrames(recordings);
  await rm(dir, { recursive: true });
  return recorded;
}

function figuresOf(count: number, atalaya: readonly Run[], bare: readonly Run[]): Figure[] {
  const compare = (what: string, unit: string, read: (run: Run) => number): Figure => ({
    what,
    unit,
    value: median(atalaya.map(read)),
    peer: { name: 'ffmpeg -f segment', value: median(bare.map(read)) },
  });
  const kinds: ProcessKind[] = ['engine', 'worker', 'ffmpeg'];
  const byKind = kinds.flatMap((kind): Figure[] => {
    const read = ({ cost }: Run) => cost.byKind[kind] ?? { processes: 0, cpuPercent: 0, pssBytes: 0 };
    const processes = median(atalaya.map((run) => read(run).processes));
    const ofKind = { note: `${processes} ${kind} process${processes === 1 ? '' : 'es'}` };
    const cpu = median(atalaya.map((run) => read(run).cpuPercent / count));
    const pss = median(atalaya.map((run) => read(run).pssBytes / count / 1e6));
    return [
      { what: `  CPU, ${kind}`, unit: '%', value: cpu, ...ofKind },
      { what: `  PSS, ${kind}`, unit: 'MB', value: pss, ...ofKind },
    ];
  });
  return [
    {
      ...compare('CPU per camera, % of a core', '%', ({ cost }) => cost.cpuPercent / count),
      bound: { most: 1.5, of: 'ratio' },
      note: `rounds ${atalaya.map(({ cost }) => (cost.cpuPercent / count).toFixed(2)).join(' ')}`,
    },
    {
      ...compare('memory per camera, PSS', 'MB', ({ cost }) => cost.pssBytes / count / 1e6),
      // With fewer cameras the engine's own share weighs more: nothing is promised.
      ...(count >= 16 && { bound: { most: 28, of: 'value' as const } }),
    },
    ...byKind,
    compare('bytes on disk per frame', 'bytes', ({ recorded }) => recorded.bytes / recorded.frames),
    {
      what: 'frames lost, all rounds',
      unit: 'frames',
      value: atalaya.reduce((sum, { recorded }) => sum + recorded.lost, 0),
      peer: { name: 'ffmpeg -f segment', value: bare.reduce((sum, { recorded }) => sum + recorded.lost, 0) },
      bound: { most: 0, of: 'value' },
      note: `of ${atalaya.reduce((sum, { recorded }) => sum + recorded.frames, 0)}`,
    },
  ];
}
