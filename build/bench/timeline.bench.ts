import { windowsFor } from '../../renderer/playback/buckets.ts';
import type { BenchContext } from './bench-context.ts';
import { BenchEngine } from './bench-engine.ts';
import { percentile, type Figure, type Measurement } from './figures.ts';
import { prepareYearIndex, type YearIndex } from './year-index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ZOOMS = [
  { name: 'a minute', spanMs: MINUTE_MS },
  { name: 'an hour', spanMs: 60 * MINUTE_MS },
  { name: 'a day', spanMs: DAY_MS },
  { name: 'a month', spanMs: 30 * DAY_MS },
  { name: 'a year', spanMs: 365 * DAY_MS },
];
/** A timeline over a full screen. */
const WIDTH_PX = 1800;
const REQUESTS_PER_ZOOM = 60;

/** The timeline of 16 cameras as the page asks for it, at random places of a long recording. */
export async function timelineBench(context: BenchContext): Promise<Measurement[]> {
  const index = await prepareYearIndex(context);
  context.say(`timeline: ${index.segments} segments`);
  const engine = await BenchEngine.start(context, index.dataDir);
  const figures: Figure[] = [];
  try {
    for (const { name, spanMs } of ZOOMS) {
      const answers = await askAtZoom(engine, index, spanMs);
      const times = answers.map(({ tookMs }) => tookMs);
      const bytes = percentile(
        answers.map((answer) => answer.bytes),
        50,
      );
      const note = `answers of ${Math.round(bytes / 1000)} kB`;
      figures.push(
        { what: `/timeline, ${name} in view, p50`, value: percentile(times, 50), unit: 'ms', note },
        {
          ...{ what: `/timeline, ${name} in view, p95`, value: percentile(times, 95), unit: 'ms' },
          bound: { most: 30, of: 'value' },
        },
      );
    }
  } finally {
    await engine.close();
  }
  const cameraDays = index.cameraIds.length * ((index.endMs - index.startMs) / DAY_MS);
  figures.push(
    {
      ...{ what: 'database per camera and day', value: index.bytes / cameraDays / 1e6, unit: 'MB' },
      bound: { most: 0.7, of: 'value' },
      note: `${Math.round(index.bytes / 1e6)} MB in all`,
    },
    {
      ...{ what: 'start until ready', value: engine.readyMs, unit: 'ms' },
      // Promised for a million segments.
      bound: { most: 3000, of: 'value' },
    },
  );
  const days = Math.round((index.endMs - index.startMs) / DAY_MS);
  return [{ title: `Timeline of 16 cameras over ${days} days, ${index.segments} segments`, figures }];
}

async function askAtZoom({ url, api }: BenchEngine, { cameraIds, startMs, endMs }: YearIndex, spanMs: number) {
  const answers: { tookMs: number; bytes: number }[] = [];
  while (answers.length < REQUESTS_PER_ZOOM) {
    const fromMs = Math.floor(startMs + Math.random() * Math.max(0, endMs - startMs - spanMs));
    for (const window of windowsFor({ fromMs, toMs: fromMs + spanMs, widthPx: WIDTH_PX }).needed) {
      const query = `cameraIds=${cameraIds.join()}&fromMs=${window.fromMs}&toMs=${window.toMs}&bucketMs=${window.bucketMs}`;
      const startedMs = performance.now();
      const response = await fetch(`${url}/api/v1/timeline?${query}`, { headers: api.headers });
      const bytes = (await response.arrayBuffer()).byteLength;
      if (!response.ok) throw new Error(`GET /timeline answered ${response.status}.`);
      answers.push({ tookMs: performance.now() - startedMs, bytes });
    }
  }
  return answers;
}
