import type { StreamName } from '../../electron/contract/ids.ts';
import { Recordings, Timeline } from '../../electron/contract/recordings.ts';
import { requestBlob, requestJson } from './client.ts';

export interface TimeRange {
  fromMs: number;
  toMs: number;
}

/** Coverage and gaps of one camera in a range. @throws ApiProblem */
export function fetchRecordings(cameraId: string, range: TimeRange, signal?: AbortSignal): Promise<Recordings> {
  return requestJson(Recordings, 'GET', `/cameras/${cameraId}/recordings?${rangeQuery(range)}`, { signal });
}

/** Rows of the timeline. The answer's bucketMs may be larger than asked. @throws ApiProblem */
export function fetchTimeline(
  cameraIds: readonly string[],
  range: TimeRange,
  bucketMs: number,
  signal?: AbortSignal,
): Promise<Timeline> {
  const path = `/timeline?cameraIds=${cameraIds.join(',')}&${rangeQuery(range)}&bucketMs=${bucketMs}`;
  return requestJson(Timeline, 'GET', path, { signal });
}

/** The HLS playlist of a range. @throws ApiProblem of kind `not-found` when nothing is recorded in it */
export async function fetchPlaylist(
  cameraId: string,
  stream: StreamName,
  range: TimeRange,
  signal?: AbortSignal,
): Promise<string> {
  const blob = await requestBlob(`/cameras/${cameraId}/playback.m3u8?${rangeQuery(range)}&stream=${stream}`, {
    signal,
  });
  return blob.text();
}

function rangeQuery({ fromMs, toMs }: TimeRange): string {
  return `fromMs=${Math.round(fromMs)}&toMs=${Math.round(toMs)}`;
}
