import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat, ExportJob } from '../contract/exports.ts';
import { writeProgressiveMp4 } from '../mp4/progressive-writer.ts';
import { exportFileName, exportZipName } from './export-names.ts';
import type { CameraExportPlan } from './export-plan.ts';
import { writeZip } from './export-zip.ts';
import type { Log } from './log.ts';

export interface ExportRunOptions {
  /** At least one. */
  plans: readonly CameraExportPlan[];
  format: ExportFormat;
  /** An empty folder. */
  folder: string;
  fromMs: number;
  nameOf: (cameraId: string) => string;
  /** Progress from 0 to 1, and the bytes written so far. */
  onProgress: (progress: number, bytes: number) => void;
  signal: AbortSignal;
  log: Log;
}

type ExportFile = ExportJob['files'][number];

/**
 * Writes the files of one export.
 *
 * @throws the reason of `signal`, Mp4FormatError, and what the file system throws; files may be left in the folder
 */
export async function runExport(options: ExportRunOptions): Promise<ExportFile[]> {
  const { plans, format, folder, nameOf, onProgress, signal, log } = options;
  const clipBytes = plans.reduce((sum, plan) => sum + plan.bytes, 0);
  // An archive writes everything a second time.
  const totalBytes = format === 'zip' ? 2 * clipBytes : clipBytes;
  const files: ExportFile[] = [];
  const taken = new Set<string>();
  let doneBytes = 0;
  const report = (bytes: number) => onProgress(Math.min(1, (doneBytes + bytes) / totalBytes), doneBytes + bytes);
  for (const { cameraId, sources, gaps } of plans) {
    const name = exportFileName(nameOf(cameraId), sources[0]?.startMs ?? options.fromMs, taken);
    taken.add(name.toLowerCase());
    const clip = await writeProgressiveMp4({ sources, outputPath: join(folder, name), onProgress: report, signal });
    for (const damaged of clip.damaged) log.warn({ cameraId, ...damaged }, 'a damaged part was left out of an export');
    const { bytes, durationMs, videoStartMs } = clip;
    files.push({ name, cameraId, bytes, startMs: videoStartMs, durationMs, gaps });
    doneBytes += bytes;
  }
  if (format === 'mp4') return files;

  const name = exportZipName(options.fromMs);
  const clips = files.map((file) => ({ path: join(folder, file.name), name: file.name, modifiedMs: file.startMs }));
  const bytes = await writeZip({ files: clips, outputPath: join(folder, name), onProgress: report, signal });
  await Promise.all(clips.map((clip) => rm(clip.path)));
  const startMs = Math.min(...files.map((file) => file.startMs));
  const endMs = Math.max(...files.map((file) => file.startMs + file.durationMs));
  const gaps = files.flatMap((file) => file.gaps).sort((a, b) => a.startMs - b.startMs);
  return [{ name, bytes, startMs, durationMs: endMs - startMs, gaps }];
}
