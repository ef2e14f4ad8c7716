import type { GapCause } from '../../electron/contract/gap.ts';
import type { Recordings } from '../../electron/contract/recordings.ts';
import { joinCoverage } from './recording-search.ts';

interface Stretch {
  cameraId: string;
  name: string;
  startMs: number;
  endMs: number;
}

export type TableRow = (Stretch & { kind: 'recorded' }) | (Stretch & { kind: 'gap'; cause: GapCause });

/** Recordings and gaps of several cameras in one list, newest first, cameras in their order where times are equal. */
export function tableRows(
  cameras: readonly { id: string; name: string }[],
  answers: Readonly<Record<string, Recordings>>,
): TableRow[] {
  return cameras
    .flatMap(({ id, name }): TableRow[] => {
      const answer = answers[id];
      if (answer === undefined) return [];
      const of = { cameraId: id, name };
      return [
        ...joinCoverage(answer.coverage).map(({ fromMs, toMs }): TableRow => ({
          ...of,
          kind: 'recorded',
          startMs: fromMs,
          endMs: toMs,
        })),
        ...answer.gaps.map(({ startMs, endMs, cause }): TableRow => ({ ...of, kind: 'gap', startMs, endMs, cause })),
      ];
    })
    .toSorted((a, b) => b.startMs - a.startMs);
}
