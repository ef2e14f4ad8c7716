import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFfmpeg } from '../../native/ffmpeg-path.ts';
import type { BenchContext } from './bench-context.ts';
import { parseBenchOptions, USAGE, type BenchName, type BenchOptions } from './bench-options.ts';
import { exportBench } from './export.bench.ts';
import { formatMeasurement, isWithinBound, ratioOf, type Measurement } from './figures.ts';
import { liveBench } from './live.bench.ts';
import { describeMachine, formatMachine } from './machine.ts';
import { recordingBench } from './recording.bench.ts';
import { seekBench } from './seek.bench.ts';
import { timelineBench } from './timeline.bench.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));

const RUN: Record<BenchName, (context: BenchContext) => Promise<Measurement[]>> = {
  recording: recordingBench,
  live: liveBench,
  seek: seekBench,
  timeline: timelineBench,
  export: exportBench,
};

async function main(options: BenchOptions): Promise<void> {
  const workDir = await mkdtemp(join(tmpdir(), 'atalaya-bench-run-'));
  process.once('SIGINT', () => process.exit(130));
  try {
    const context = await createContext(options, workDir);
    const machine = await describeMachine(context.ffmpegPath);
    console.log(formatMachine(machine));
    const measurements: Measurement[] = [];
    const failed: BenchName[] = [];
    for (const name of options.benches) {
      try {
        for (const measurement of await RUN[name](context)) {
          measurements.push(measurement);
          console.log(formatMeasurement(measurement));
        }
      } catch (error) {
        failed.push(name);
        console.error(`${name} could not be measured:`, error);
      }
    }
    if (options.jsonFile !== undefined) await writeFile(options.jsonFile, toJson({ machine, measurements, failed }));
    if (failed.length > 0) process.exitCode = 1;
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function createContext(options: BenchOptions, workDir: string): Promise<BenchContext> {
  const host = { platform: process.platform, arch: process.arch, pathEnv: process.env['PATH'] ?? '' };
  const found = await findFfmpeg({ ...host, explicitPath: process.env['ATALAYA_FFMPEG'] });
  if (found.kind !== 'found') throw new Error(`FFmpeg is missing. Type: ${found.installHint}`);
  await mkdir(options.cacheDir, { recursive: true });
  return {
    options,
    ffmpegPath: found.path,
    chromiumPath: process.env['CHROMIUM_PATH'],
    nodePath: await copyNode(options.cacheDir),
    distDir: join(top, 'dist'),
    workDir,
    say: (line) => console.log(`· ${line}`),
  };
}

/**
 * The proportional set size of the engine must not look smaller because this process and the simulator share Node's
 * code with it: it runs on a file of its own.
 */
async function copyNode(cacheDir: string): Promise<string> {
  const copy = join(cacheDir, `node-${process.version}`);
  if (!existsSync(copy)) await cp(process.execPath, copy);
  return copy;
}

function toJson(results: { machine: object; measurements: Measurement[]; failed: BenchName[] }): string {
  const measurements = results.measurements.map(({ title, figures }) => ({
    title,
    figures: figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), isWithinBound: isWithinBound(figure) })),
  }));
  return `${JSON.stringify({ ...results, measurements }, undefined, 2)}\n`;
}

try {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await main(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
