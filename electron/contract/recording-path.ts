import type { StreamName } from './ids.ts';

/** What the path of a recorded file says. */
export interface RecordingFile {
  cameraId: string;
  stream: StreamName;
  startMs: number;
}

/**
 * Where a segment lies, relative to the recordings folder and with forward slashes:
 * `<cameraId>/<YYYY>/<MM>/<DD>/<startMs>-<stream>.mp4`, the day in UTC.
 */
export function recordingPath({ cameraId, stream, startMs }: RecordingFile): string {
  return `${recordingDayPath(cameraId, startMs)}/${startMs}-${stream}.mp4`;
}

/** The folder of a camera's files which begin on the UTC day of timeMs. */
export function recordingDayPath(cameraId: string, timeMs: number): string {
  return `${cameraId}/${new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '/')}`;
}

/** The reverse; undefined for a path that no recorder of ours wrote. */
export function readRecordingPath(path: string): RecordingFile | undefined {
  const match = /^([^/]+)\/\d{4}\/\d\d\/\d\d\/(\d{1,15})-(main|sub)\.mp4$/.exec(path);
  const [, cameraId = '', startMs, stream] = match ?? [];
  if (!UUID_V7.test(cameraId)) return undefined;
  const file = { cameraId, startMs: Number(startMs), stream: stream === 'sub' ? 'sub' : 'main' } as const;
  return recordingPath(file) === path ? file : undefined;
}

/** As the schema `Id`, without zod: camera workers read this file, and zod would cost each of them 10 MB. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
