import { execFile } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExportJob } from '../../electron/contract/exports.ts';
import { runFfmpeg } from '../../native/run-ffmpeg.ts';
import type { BenchContext } from './bench-context.ts';
import { BenchEngine, until } from './bench-engine.ts';
import { median, type Measurement } from './figures.ts';
import { prepareFootage, type Footage } from './footage.ts';

const execute = promisify(execFile);

/** Exporting an hour of one camera as MP4, against copying the same bytes and FFmpeg's concatenation. */
export async function exportBench(context: BenchContext): Promise<Measurement[]> {
  const { rounds, minutes } = context.options;
  const footage = await prepareFootage(context);
  context.say(`export: ${minutes} minutes, ${rounds} rounds`);
  const engine = await BenchEngine.start(context, footage.dataDir);
  const rates: { atalaya: number[]; cp: number[]; concat: number[] } = { atalaya: [], cp: [], concat: [] };
  try {
    await readAll(footage.files);
    for (let round = 0; round < rounds; round += 1) {
      rates.atalaya.push(await exportWithAtalaya(engine, footage));
      rates.cp.push(await timed(context, footage, (dir) => execute('cp', [...footage.files, dir])));
      rates.concat.push(await timed(context, footage, (dir) => concat(context.ffmpegPath, footage.files, dir)));
    }
  } finally {
    await engine.close();
  }
  const shared = { what: `one camera, ${minutes} min, ${Math.round(footage.bytes / 1e6)} MB`, unit: 'MB/s' };
  const value = median(rates.atalaya);
  return [
    {
      title: 'Export from a warm cache',
      figures: [
        {
          ...{ ...shared, value, peer: { name: 'cp', value: median(rates.cp) } },
          bound: { least: 300, of: 'value' },
        },
        { ...shared, value, peer: { name: 'ffmpeg -f concat -c copy', value: median(rates.concat) } },
      ],
    },
  ];
}

/** MB/s from the request until the job is done. */
async function exportWithAtalaya({ api }: BenchEngine, footage: Footage): Promise<number> {
  await writeBackCaches();
  const { cameraId, startMs, endMs, bytes } = footage;
  const startedMs = performance.now();
  const { status, body } = await api.send<ExportJob>('POST', '/exports', {
    ...{ cameraIds: [cameraId], fromMs: startMs, toMs: endMs, format: 'mp4' },
  });
  if (status !== 202) throw new Error(`POST /exports answered ${status}.`);
  const job = await until('the export', async () => {
    const { body: now } = await api.send<ExportJob>('GET', `/exports/${body.id}`);
    return now.state === 'done' || now.state === 'failed' ? now : undefined;
  });
  const lastedMs = performance.now() - startedMs;
  await api.send('DELETE', `/exports/${body.id}`);
  if (job.state !== 'done') throw new Error(`The export failed: ${job.error ?? 'no reason given'}`);
  // What is in it is checked elsewhere; here only that nothing was left out.
  const durationMs = job.files[0]?.durationMs ?? 0;
  if (Math.abs(durationMs - (endMs - startMs)) > 2_000) throw new Error(`The export lasts ${durationMs} ms.`);
  return bytes / 1e6 / (lastedMs / 1000);
}

async function timed(context: BenchContext, footage: Footage, copy: (dir: string) => Promise<unknown>) {
  const dir = join(context.workDir, 'copy');
  await mkdir(dir);
  await writeBackCaches();
  const startedMs = performance.now();
  await copy(dir);
  const lastedMs = performance.now() - startedMs;
  await rm(dir, { recursive: true });
  return footage.bytes / 1e6 / (lastedMs / 1000);
}

async function concat(ffmpegPath: string, files: readonly string[], dir: string): Promise<void> {
  const list = join(dir, 'list.txt');
  const output = join(dir, 'all.mp4');
  await writeFile(list, files.map((file) => `file '${file}'\n`).join(''));
  const args = ['-v', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', output];
  await runFfmpeg({ ffmpegPath, args, timeLimitMs: 600_000 });
  if ((await stat(output)).size === 0) throw new Error('FFmpeg wrote an empty file.');
}

/** Brings the files into the system's cache. */
async function readAll(files: readonly string[]): Promise<void> {
  for (const file of files) for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 }));
}

/** What an earlier run wrote must not be brought to disk during the next one. */
async function writeBackCaches(): Promise<void> {
  await execute('sync');
}
