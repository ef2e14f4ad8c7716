import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { KEEP_FREE_SETTING } from '../../electron/engine/retention.ts';
import { insertCamera } from '../../electron/store/camera-queries.ts';
import { changeCoverage, DAY_MS, MINUTE_MS } from '../../electron/store/coverage-rollups.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { encodeKeyFrames } from '../../electron/store/key-frame-table.ts';
import { writeSetting } from '../../electron/store/setting-queries.ts';
import type { Store } from '../../electron/store/store.ts';
import type { BenchContext } from './bench-context.ts';
import { NOBODYS_CAMERA } from './footage.ts';

/** An index without files: what 16 cameras leave behind in the database. */
export interface YearIndex {
  dataDir: string;
  cameraIds: string[];
  startMs: number;
  endMs: number;
  segments: number;
  bytes: number;
}

const CAMERAS = 16;
const MINUTES_A_DAY = 1440;
/** A GOP every 2 s. */
const KEY_FRAMES = 30;
const INIT_BYTES = 900;
/** A camera is offline about every second day, for up to two hours. */
const OUTAGE_SHARE = 0.5;
const LONGEST_OUTAGE_MINUTES = 120;
/** Counts up when the index would be made otherwise. */
const VERSION = 2;

/** The index of 16 cameras over options.years years, from the cache, or made now: a year takes some minutes. */
export async function prepareYearIndex(context: BenchContext): Promise<YearIndex> {
  const { cacheDir, years } = context.options;
  const schema = createHash('sha256')
    .update(await readSchema(join(context.workDir, 'schema.db')))
    .digest('hex');
  const dir = join(cacheDir, `index-${VERSION}-${schema.slice(0, 8)}-${years}y`);
  const description = join(dir, 'index.json');
  if (!existsSync(description)) {
    const making = `${dir}.making`;
    await rm(making, { recursive: true, force: true });
    await rm(dir, { recursive: true, force: true });
    await mkdir(making, { recursive: true });
    const index = await makeIndex(context, making, dir);
    await rename(making, dir);
    await writeFile(description, JSON.stringify(index));
  }
  return JSON.parse(await readFile(description, 'utf8')) as YearIndex;
}

/** What the tables look like now: an index made for others is of no use. */
async function readSchema(path: string): Promise<string> {
  (await openDatabase(path)).close();
  const sqlite = new Database(path, { readonly: true });
  const statements = sqlite.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all();
  sqlite.close();
  return statements.join('\n');
}

async function makeIndex({ options, say }: BenchContext, making: string, dataDir: string): Promise<YearIndex> {
  const days = Math.max(1, Math.round(options.years * 365));
  const lastDay = Math.floor(Date.now() / DAY_MS);
  const firstDay = lastDay - days;
  const path = join(making, 'atalaya.db');
  const store = await openDatabase(path);
  writeSetting(store, KEEP_FREE_SETTING, 0);
  const rows = Array.from({ length: CAMERAS }, (_, at) =>
    insertCamera(store, uuidv7(), firstDay * DAY_MS, { ...NOBODYS_CAMERA, name: `Camera ${at + 1}` }),
  );
  store.close();

  const writer = new IndexWriter(
    path,
    rows.map(({ cameraKey }) => cameraKey),
  );
  for (let day = firstDay; day < lastDay; day += 1) {
    writer.addDay(day);
    if ((day - firstDay) % 30 === 0) say(`making the index, once: day ${day - firstDay} of ${days}`);
  }
  writer.close();
  await addRollups(path, writer.days);
  const { size: bytes } = await stat(path);
  const cameraIds = rows.map(({ id }) => id);
  const { segments } = writer;
  return { dataDir, cameraIds, startMs: firstDay * DAY_MS, endMs: lastDay * DAY_MS, segments, bytes };
}

/**
 * Writes what the engine would have written, row by row in the order of time, which decides how the pages fill; but
 * without its transactions, so that a year takes minutes.
 */
class IndexWriter {
  segments = 0;
  readonly days: WrittenDay[] = [];
  readonly #sqlite: Database.Database;
  readonly #cameras: { cameraKey: number; configurationKey: number; sha256: Buffer | null }[];
  readonly #insertSegment: Database.Statement;
  readonly #insertGap: Database.Statement;
  readonly #hours = new Map<string, { cameraKey: number; period: number; hours: Buffer }>();
  /** Times within the segment do not change from one to the next, sizes do. */
  readonly #segmentShapes = Array.from({ length: 64 }, randomSegmentShape);

  constructor(path: string, cameraKeys: readonly number[]) {
    const sqlite = new Database(path);
    this.#sqlite = sqlite;
    // What a crash damages here is made again.
    sqlite.pragma('journal_mode = OFF');
    sqlite.pragma('synchronous = OFF');
    sqlite.pragma('cache_size = -1000000');
    this.#insertSegment = sqlite.prepare(
      `INSERT INTO segments (id, cameraKey, stream, startMs, endMs, configurationKey, bytes, frames, "trigger", locked,
        keyFrames, sha256, previousSha256) VALUES (?, ?, 0, ?, ?, ?, ?, 1500, 0, 0, ?, ?, ?)`,
    );
    this.#insertGap = sqlite.prepare(
      `INSERT INTO gaps (cameraKey, startMs, endMs, cause) VALUES (?, ?, ?, 'camera-offline')`,
    );
    const insertConfiguration = sqlite.prepare(
      `INSERT INTO configurations (runId, mimeType, width, height, initBytes) VALUES (?, ?, 1920, 1080, ${INIT_BYTES})`,
    );
    this.#cameras = cameraKeys.map((cameraKey) => {
      const { lastInsertRowid } = insertConfiguration.run(uuidv7(), 'video/mp4; codecs="avc1.4d4028"');
      return { cameraKey, configurationKey: Number(lastInsertRowid), sha256: null };
    });
  }

  addDay(day: number): void {
    this.#sqlite.transaction(() => this.#addDay(day))();
  }

  close(): void {
    const insert = this.#sqlite.prepare(`INSERT INTO coverageHours (cameraKey, period, hours) VALUES (?, ?, ?)`);
    for (const { cameraKey, period, hours } of this.#hours.values()) insert.run(cameraKey, period, hours);
    this.#sqlite.pragma('journal_mode = WAL');
    this.#sqlite.close();
  }

  #addDay(day: number): void {
    const outages = this.#cameras.map(({ cameraKey }) => this.#addOutage(cameraKey, day));
    const dayBytes = this.#cameras.map(() => 0);
    for (let minute = 0; minute < MINUTES_A_DAY; minute += 1) {
      for (const [at, camera] of this.#cameras.entries()) {
        const outage = outages[at];
        if (outage !== undefined && minute >= outage.from && minute < outage.to) continue;
        dayBytes[at] = (dayBytes[at] ?? 0) + this.#addSegment(camera, day * DAY_MS + minute * MINUTE_MS);
      }
    }
    for (const [at, { cameraKey }] of this.#cameras.entries()) {
      this.days.push({ cameraKey, day, outage: outages[at], bytes: dayBytes[at] ?? 0 });
    }
  }

  #addOutage(cameraKey: number, day: number): Outage | undefined {
    if (Math.random() > OUTAGE_SHARE) return undefined;
    const from = Math.floor(Math.random() * (MINUTES_A_DAY - LONGEST_OUTAGE_MINUTES));
    const to = from + 1 + Math.floor(Math.random() * LONGEST_OUTAGE_MINUTES);
    this.#insertGap.run(cameraKey, day * DAY_MS + from * MINUTE_MS, day * DAY_MS + to * MINUTE_MS);
    return { from, to };
  }

  #addSegment(camera: { cameraKey: number; configurationKey: number; sha256: Buffer | null }, startMs: number) {
    const shape = this.#segmentShapes[this.segments % this.#segmentShapes.length] ?? randomSegmentShape();
    const { cameraKey, configurationKey, sha256: previous } = camera;
    const sha256 = randomBytes(32);
    const endMs = startMs + MINUTE_MS;
    const id = idAt(endMs);
    this.#insertSegment.run(
      ...[id, cameraKey, startMs, endMs, configurationKey, shape.bytes, shape.keyFrames, sha256, previous],
    );
    camera.sha256 = sha256;
    this.segments += 1;
    return shape.bytes;
  }
}

/** The rollups of what was written, by the store's own functions. */
async function addRollups(path: string, days: readonly WrittenDay[]): Promise<void> {
  const store = await openDatabase(path);
  try {
    store.relaxed(() => store.transaction(() => days.forEach((day) => addRollup(store, day))));
  } finally {
    store.close();
  }
}

function addRollup(store: Store, { cameraKey, day, outage, bytes }: WrittenDay): void {
  const timeOf = (minute: number) => day * DAY_MS + minute * MINUTE_MS;
  const { from, to } = outage ?? { from: MINUTES_A_DAY, to: MINUTES_A_DAY };
  if (from > 0) changeCoverage(store, cameraKey, { startMs: timeOf(0), endMs: timeOf(from) }, 1);
  if (to < MINUTES_A_DAY) changeCoverage(store, cameraKey, { startMs: timeOf(to), endMs: timeOf(MINUTES_A_DAY) }, 1);
  const segments = from + MINUTES_A_DAY - to;
  const update = store.db.updateTable('coverageDays').set({ bytes, segments });
  store.run(update.where('cameraKey', '=', cameraKey).where('day', '=', day));
}

interface WrittenDay {
  cameraKey: number;
  day: number;
  outage: Outage | undefined;
  bytes: number;
}

interface Outage {
  /** Minutes of the day. */
  from: number;
  to: number;
}

/** A UUIDv7 (RFC 9562 5.7) of that time. */
function idAt(timeMs: number): Buffer {
  const id = randomBytes(16);
  id.writeUIntBE(timeMs, 0, 6);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x70;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return id;
}

/** A minute of about 4 Mbit/s. */
function randomSegmentShape(): { bytes: number; keyFrames: Buffer } {
  const keyFrames = [];
  let offsetBytes = INIT_BYTES;
  for (let at = 0; at < KEY_FRAMES; at += 1) {
    keyFrames.push({ timeMs: at * 2000, offsetBytes });
    offsetBytes += 900_000 + Math.floor(Math.random() * 200_000);
  }
  return { bytes: offsetBytes, keyFrames: encodeKeyFrames(keyFrames, 0) };
}
