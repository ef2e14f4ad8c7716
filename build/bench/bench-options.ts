import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const BENCHES = ['recording', 'live', 'seek', 'timeline', 'export'] as const;
export type BenchName = (typeof BENCHES)[number];

export interface BenchOptions {
  benches: readonly BenchName[];
  /** Numbers of cameras to record. */
  cameras: readonly number[];
  /** How long one measurement of a recording lasts. */
  seconds: number;
  rounds: number;
  /** Live pictures and seeks. */
  openings: number;
  /** Length of the index that the timeline is read from. */
  years: number;
  /** Length of the footage that is exported and sought in. */
  minutes: number;
  /** What takes long to make is kept here for the next run. */
  cacheDir: string;
  jsonFile: string | undefined;
}

export const USAGE = `Usage: npm run bench -- [${BENCHES.join('] [')}] [flags]
  --cameras 4,16    how many cameras are recorded          (recording)
  --seconds 10      how long each measurement lasts        (recording)
  --rounds 3        alternating runs of which the median counts (recording, export)
  --openings 20     pictures opened, instants sought       (live, seek)
  --years 1         length of the index, 16 cameras        (timeline)
  --minutes 60      length of the footage                  (seek, export)
  --cache-dir DIR   footage and index made for measuring
  --json FILE       the figures for a program`;

/** @throws Error with a sentence for the user */
export function parseBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return 'help';
  const benches = positionals.map((name) => {
    const known = BENCHES.find((bench) => bench === name);
    if (known === undefined) throw new Error(`There is no bench ${name}. There are ${BENCHES.join(', ')}.`);
    return known;
  });
  return {
    benches: benches.length > 0 ? benches : BENCHES,
    cameras: values.cameras.split(',').map((text) => numberOf('cameras', text, 1, 1000)),
    seconds: numberOf('seconds', values.seconds, 1, 86_400),
    rounds: numberOf('rounds', values.rounds, 1, 100),
    openings: numberOf('openings', values.openings, 1, 10_000),
    years: numberOf('years', values.years, 0.001, 10),
    minutes: numberOf('minutes', values.minutes, 1, 1440),
    cacheDir: values['cache-dir'],
    jsonFile: values.json,
  };
}

const OPTIONS = {
  cameras: { type: 'string', default: '4,16' },
  seconds: { type: 'string', default: '10' },
  rounds: { type: 'string', default: '3' },
  openings: { type: 'string', default: '20' },
  years: { type: 'string', default: '1' },
  minutes: { type: 'string', default: '60' },
  'cache-dir': { type: 'string', default: join(tmpdir(), 'atalaya-bench') },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function numberOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text === '' || !(value >= least && value <= most)) {
    throw new Error(`--${flag} takes numbers from ${least} to ${most}.`);
  }
  return value;
}
