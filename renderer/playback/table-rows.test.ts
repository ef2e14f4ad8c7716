import { describe, expect, it } from 'vitest';
import { tableRows } from './table-rows.ts';

describe('table rows', () => {
  it('list recordings and gaps, newest first, with pieces of one recording joined', () => {
    const rows = tableRows(
      [
        { id: 'a', name: 'Yard' },
        { id: 'b', name: 'Gate' },
      ],
      {
        a: {
          coverage: [
            { startMs: 0, endMs: 60_000, trigger: 'continuous' },
            { startMs: 60_500, endMs: 90_000, trigger: 'continuous' },
            { startMs: 150_000, endMs: 200_000, trigger: 'continuous' },
          ],
          gaps: [{ startMs: 90_000, endMs: 150_000, cause: 'disabled' }],
        },
      },
    );
    expect(rows).toEqual([
      { cameraId: 'a', name: 'Yard', kind: 'recorded', startMs: 150_000, endMs: 200_000 },
      { cameraId: 'a', name: 'Yard', kind: 'gap', startMs: 90_000, endMs: 150_000, cause: 'disabled' },
      { cameraId: 'a', name: 'Yard', kind: 'recorded', startMs: 0, endMs: 90_000 },
    ]);
  });
});
