import { Id, StreamName } from './ids.ts';

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
  if (match === null) return undefined;
  const cameraId = Id.safeParse(match[1]);
  if (!cameraId.success) return undefined;
  const file = { cameraId: cameraId.data, startMs: Number(match[2]), stream: StreamName.parse(match[3]) };
  return recordingPath(file) === path ? file : undefined;
}
