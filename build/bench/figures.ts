export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The same job done by something else in the same run. */
  peer?: { name: string; value: number };
  /** What the design promises, of the value itself or of value / peer. */
  bound?: { most: number; of: 'value' | 'ratio' } | { least: number; of: 'value' | 'ratio' };
  note?: string;
}

/** One table of the report. */
export interface Measurement {
  title: string;
  figures: Figure[];
}

/** value / peer; undefined where there is no peer to compare with. */
export function ratioOf({ value, peer }: Figure): number | undefined {
  return peer === undefined || peer.value === 0 ? undefined : value / peer.value;
}

/** Undefined where the design promises nothing, or where there is no peer to hold it against. */
export function isWithinBound(figure: Figure): boolean | undefined {
  const { bound } = figure;
  if (bound === undefined) return undefined;
  const measured = bound.of === 'ratio' ? ratioOf(figure) : figure.value;
  if (measured === undefined) return undefined;
  return 'most' in bound ? measured <= bound.most : measured >= bound.least;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** By linear interpolation between the closest ranks. NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? NaN;
  const above = sorted[Math.ceil(rank)] ?? NaN;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** The figures of one measurement as lines of text in columns. */
export function formatMeasurement({ title, figures }: Measurement): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, peer, note } = figure;
    const ratio = ratioOf(figure);
    return [
      what,
      `${format(value)} ${unit}`,
      peer === undefined ? '' : `${format(peer.value)} ${unit} (${peer.name})`,
      ratio === undefined ? '' : `${format(ratio)}x`,
      describeBound(figure),
      note ?? '',
    ];
  });
  const table = [['', 'Atalaya', 'peer', 'ratio', 'bound', ''], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return ['', title, ...lines.map((line) => `  ${line}`.trimEnd())].join('\n');
}

function describeBound(figure: Figure): string {
  const { bound, unit } = figure;
  if (bound === undefined) return '';
  const limit = 'most' in bound ? `<= ${format(bound.most)}` : `>= ${format(bound.least)}`;
  const verdict = { true: 'met', false: 'MISSED', undefined: 'not compared' }[String(isWithinBound(figure))];
  return `${limit}${bound.of === 'ratio' ? 'x' : ` ${unit}`} ${verdict}`;
}

/** Three digits that count, and all of those before the point. */
function format(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toFixed(Number.isInteger(value) ? 0 : Math.max(0, Math.min(3, 3 - digits)));
}
