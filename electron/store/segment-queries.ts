import type { StreamName } from '../contract/ids.ts';
import type { Trigger } from '../contract/recordings.ts';
import type { KeyFrame } from '../contract/worker-protocol.ts';
import { changeCoverage, changeDayBytes } from './coverage-rollups.ts';
import { decodeKeyFrames, encodeKeyFrames } from './key-frame-table.ts';
import type { Store } from './store.ts';
import { uuidFromBytes, uuidToBytes } from './uuid-bytes.ts';

/** A closed segment. Its file is named by fileMs. */
export interface StoredSegment {
  segmentKey: number;
  id: string;
  cameraKey: number;
  stream: StreamName;
  startMs: number;
  endMs: number;
  fileMs: number;
  bytes: number;
  trigger: Trigger;
  runId: string;
  mimeType: string;
  width: number;
  height: number;
  initBytes: number;
  keyFrames: KeyFrame[];
}

export interface NewSegment extends Omit<StoredSegment, 'segmentKey'> {
  frames: number;
  sha256: Uint8Array;
}

/** What the place of the next segment depends on. */
export interface LastSegment {
  segmentKey: number;
  startMs: number;
  endMs: number;
  runId: string;
  sha256: Buffer;
}

/** Writes a row with the hash of the segment before it, and the rollups. Returns its key. */
export function insertSegment(store: Store, segment: NewSegment): number {
  return store.transaction(() => {
    const previous = segmentBefore(store, segment.cameraKey, segment.stream, segment.startMs);
    const { lastInsertRowid } = store.run(
      store.db.insertInto('segments').values({
        id: uuidToBytes(segment.id),
        cameraKey: segment.cameraKey,
        stream: STREAMS.indexOf(segment.stream),
        startMs: segment.startMs,
        endMs: segment.endMs,
        fileMs: segment.fileMs === segment.startMs ? null : segment.fileMs,
        configurationKey: configurationKey(store, segment),
        bytes: segment.bytes,
        frames: segment.frames,
        trigger: TRIGGERS.indexOf(segment.trigger),
        locked: 0,
        keyFrames: encodeKeyFrames(segment.keyFrames, segment.startMs),
        sha256: Buffer.from(segment.sha256),
        previousSha256: previous?.sha256 ?? null,
      }),
    );
    if (segment.stream === 'main') changeCoverage(store, segment.cameraKey, segment, 1);
    changeDayBytes(store, segment.cameraKey, segment.startMs, segment.bytes, 1);
    return lastInsertRowid;
  });
}

/** The last segment of a stream which begins before beforeMs. */
export function segmentBefore(
  store: Store,
  cameraKey: number,
  stream: StreamName,
  beforeMs: number,
): LastSegment | undefined {
  return store.first(
    store.db
      .selectFrom('segments')
      .innerJoin('configurations', 'configurations.configurationKey', 'segments.configurationKey')
      .select(['segmentKey', 'startMs', 'endMs', 'runId', 'sha256'])
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', STREAMS.indexOf(stream))
      .where('startMs', '<', beforeMs)
      .orderBy('startMs', 'desc')
      .limit(1),
  );
}

/** The first segment of a stream which begins at fromMs or later. */
export function segmentFrom(
  store: Store,
  cameraKey: number,
  stream: StreamName,
  fromMs: number,
): { startMs: number; endMs: number } | undefined {
  return store.first(
    store.db
      .selectFrom('segments')
      .select(['startMs', 'endMs'])
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', STREAMS.indexOf(stream))
      .where('startMs', '>=', fromMs)
      .orderBy('startMs')
      .limit(1),
  );
}

/** Moves the end of a segment, and the rollups with it. */
export function moveSegmentEnd(store: Store, segmentKey: number, endMs: number): void {
  store.transaction(() => {
    const row = store.first(
      store.db.selectFrom('segments').select(['cameraKey', 'stream', 'endMs']).where('segmentKey', '=', segmentKey),
    );
    if (row === undefined || row.endMs === endMs) return;
    store.run(store.db.updateTable('segments').set({ endMs }).where('segmentKey', '=', segmentKey));
    if (row.stream !== 0) return;
    if (endMs > row.endMs) changeCoverage(store, row.cameraKey, { startMs: row.endMs, endMs }, 1);
    else changeCoverage(store, row.cameraKey, { startMs: endMs, endMs: row.endMs }, -1);
  });
}

/** Removes a row and its share of the rollups; false when it is gone already. The file is somebody else's care. */
export function deleteSegment(store: Store, segmentKey: number): boolean {
  return store.transaction(() => {
    const row = store.first(
      store.db
        .deleteFrom('segments')
        .where('segmentKey', '=', segmentKey)
        .returning(['cameraKey', 'stream', 'startMs', 'endMs', 'bytes']),
    );
    if (row === undefined) return false;
    if (row.stream === 0) changeCoverage(store, row.cameraKey, row, -1);
    changeDayBytes(store, row.cameraKey, row.startMs, row.bytes, -1);
    return true;
  });
}

/** Segments that touch [fromMs, toMs), ascending. */
export function segmentsInRange(
  store: Store,
  cameraKey: number,
  stream: StreamName,
  fromMs: number,
  toMs: number,
): StoredSegment[] {
  const rows = store.all(
    selectStored(store)
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', STREAMS.indexOf(stream))
      .where('startMs', '>=', firstStartTouching(store, cameraKey, stream, fromMs))
      .where('startMs', '<', toMs)
      .where('endMs', '>', fromMs)
      .orderBy('startMs'),
  );
  return rows.map(toStored);
}

/** The same with nothing but times: read from the index alone. */
export function coverageInRange(
  store: Store,
  cameraKey: number,
  fromMs: number,
  toMs: number,
): { startMs: number; endMs: number; trigger: Trigger }[] {
  const rows = store.all(
    store.db
      .selectFrom('segments')
      .select(['startMs', 'endMs', 'trigger'])
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', 0)
      .where('startMs', '>=', firstStartTouching(store, cameraKey, 'main', fromMs))
      .where('startMs', '<', toMs)
      .where('endMs', '>', fromMs)
      .orderBy('startMs'),
  );
  return rows.map((row) => ({ startMs: row.startMs, endMs: row.endMs, trigger: triggerOf(row.trigger) }));
}

export function segmentById(store: Store, id: string): StoredSegment | undefined {
  const row = store.first(selectStored(store).where('segments.id', '=', uuidToBytes(id)));
  return row === undefined ? undefined : toStored(row);
}

/** Segments of all streams of a camera that begin at fromMs or later, oldest first; locked ones only on request. */
export function oldestSegments(
  store: Store,
  cameraKey: number,
  limit: number,
  which: 'unlocked' | 'locked too' = 'unlocked',
  fromMs = 0,
): StoredSegment[] {
  const rows = STREAMS.flatMap((_, stream) =>
    store.all(
      selectStored(store)
        .where('cameraKey', '=', cameraKey)
        .where('stream', '=', stream)
        .where('startMs', '>=', fromMs)
        .where('locked', 'in', which === 'unlocked' ? [0] : [0, 1])
        .orderBy('startMs')
        .limit(limit),
    ),
  );
  return rows
    .map(toStored)
    .sort((a, b) => a.startMs - b.startMs)
    .slice(0, limit);
}

/** Which files should lie in the folder of a day: those whose name says [fromMs, toMs). */
export function segmentFiles(
  store: Store,
  cameraKey: number,
  fromMs: number,
  toMs: number,
): { segmentKey: number; stream: StreamName; fileMs: number; startMs: number; endMs: number }[] {
  const files = store.db
    .selectFrom('segments')
    .select(['segmentKey', 'stream', 'fileMs', 'startMs', 'endMs'])
    .where('cameraKey', '=', cameraKey);
  const rows = [
    ...store.all(
      files
        .where('stream', 'in', [0, 1])
        .where('fileMs', 'is', null)
        .where('startMs', '>=', fromMs)
        .where('startMs', '<', toMs),
    ),
    ...store.all(files.where('fileMs', '>=', fromMs).where('fileMs', '<', toMs)),
  ];
  return rows.map((row) => ({ ...row, stream: streamOf(row.stream), fileMs: row.fileMs ?? row.startMs }));
}

function firstStartTouching(store: Store, cameraKey: number, stream: StreamName, fromMs: number): number {
  // Segments of a stream do not overlap: of those that begin before fromMs only the last can reach into the range.
  const before = store.first(
    store.db
      .selectFrom('segments')
      .select('startMs')
      .where('cameraKey', '=', cameraKey)
      .where('stream', '=', STREAMS.indexOf(stream))
      .where('startMs', '<', fromMs)
      .orderBy('startMs', 'desc')
      .limit(1),
  );
  return before?.startMs ?? fromMs;
}

function configurationKey(store: Store, segment: NewSegment): number {
  const { runId, mimeType, width, height, initBytes } = segment;
  const { db } = store;
  const known = store.first(
    db
      .selectFrom('configurations')
      .select('configurationKey')
      .where('runId', '=', runId)
      .where('mimeType', '=', mimeType)
      .where('width', '=', width)
      .where('height', '=', height)
      .where('initBytes', '=', initBytes),
  );
  if (known !== undefined) return known.configurationKey;
  return store.run(db.insertInto('configurations').values({ runId, mimeType, width, height, initBytes }))
    .lastInsertRowid;
}

function selectStored(store: Store) {
  return store.db
    .selectFrom('segments')
    .innerJoin('configurations', 'configurations.configurationKey', 'segments.configurationKey')
    .select(['segmentKey', 'segments.id', 'cameraKey', 'stream', 'startMs', 'endMs', 'fileMs', 'bytes', 'trigger'])
    .select(['runId', 'mimeType', 'width', 'height', 'initBytes', 'keyFrames']);
}

interface StoredRow extends Omit<StoredSegment, 'id' | 'stream' | 'trigger' | 'fileMs' | 'keyFrames'> {
  id: Buffer;
  stream: number;
  trigger: number;
  fileMs: number | null;
  keyFrames: Buffer;
}

function toStored(row: StoredRow): StoredSegment {
  return {
    ...row,
    id: uuidFromBytes(row.id),
    stream: streamOf(row.stream),
    trigger: triggerOf(row.trigger),
    fileMs: row.fileMs ?? row.startMs,
    keyFrames: decodeKeyFrames(row.keyFrames, row.startMs),
  };
}

/** The stored number is the index. */
const STREAMS: readonly StreamName[] = ['main', 'sub'];
const TRIGGERS: readonly Trigger[] = ['continuous', 'manual', 'event'];

function streamOf(stored: number): StreamName {
  return STREAMS[stored] ?? 'main';
}

function triggerOf(stored: number): Trigger {
  return TRIGGERS[stored] ?? 'continuous';
}
