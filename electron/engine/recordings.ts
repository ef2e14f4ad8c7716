import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Closers } from './closers.ts';
import { ExportManager } from './export-jobs.ts';
import { measureVolume } from './free-space.ts';
import { Library } from './library.ts';
import type { Log } from './log.ts';
import { RecordingIndex } from './recording-index.ts';
import { Retention } from './retention.ts';
import { SegmentsInUse } from './segments-in-use.ts';
import type { SpaceReserve } from './space-reserve.ts';

export interface RecordingsOptions {
  store: Store;
  dataDir: string;
  recordingsDir: string;
  reserve: SpaceReserve;
  clock: Clock;
  log: Log;
}

/** What is recorded: its index, who reads it, who deletes it. */
export interface Recordings {
  index: RecordingIndex;
  library: Library;
  exports: ExportManager;
  /** Not started: it deletes only once cameras may record. */
  retention: Retention;
}

/** Builds the part of the engine that looks after footage; re-indexes what a crash left behind. */
export async function buildRecordings(options: RecordingsOptions, closers: Closers): Promise<Recordings> {
  const { store, dataDir, recordingsDir, reserve, clock, log } = options;
  const index = new RecordingIndex({ store, recordingsDir, clock, log, newId: uuidv7 });
  closers.add('recording index', () => index.close());
  await index.start();
  const library = new Library({ store, index, recordingsDir, clock });
  const inUse = new SegmentsInUse();
  const retention = new Retention({ store, index, recordingsDir, clock, log, inUse, measureVolume, reserve });
  closers.add('retention', () => retention.close());
  const exportsDir = join(dataDir, 'exports');
  const exports = new ExportManager({ store, library, exportsDir, inUse, clock, log, newId: uuidv7, measureVolume });
  closers.add('exports', () => exports.close());
  await exports.start();
  return { index, library, exports, retention };
}
