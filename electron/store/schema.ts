/**
 * Table types. Times are integer UTC milliseconds. Rows that repeat by the million are keyed by small integers
 * (`cameraKey`, `configurationKey`); the UUIDs that clients see are stored once.
 */
import type { Generated } from 'kysely';
import type { RecordingMode, Transport } from '../contract/camera.ts';
import type { ExportFailure, ExportFormat, ExportState } from '../contract/exports.ts';
import type { GapCause } from '../contract/gap.ts';

export interface Schema {
  cameras: CamerasTable;
  configurations: ConfigurationsTable;
  segments: SegmentsTable;
  gaps: GapsTable;
  coverageDays: CoverageDaysTable;
  coverageHours: CoverageHoursTable;
  coverageMinutes: CoverageMinutesTable;
  garbage: GarbageTable;
  appRuns: AppRunsTable;
  users: UsersTable;
  sessions: SessionsTable;
  settings: SettingsTable;
  exports: ExportsTable;
}

export interface CamerasTable {
  cameraKey: Generated<number>;
  /** UUIDv7. */
  id: string;
  name: string;
  /** 0 or 1. */
  enabled: number;
  /** Order in lists, ascending. */
  position: number;
  /** Without user name and password. */
  url: string;
  subUrl: string | null;
  transport: Transport;
  recordingMode: RecordingMode;
  /** Encrypted by the engine; null when the source needs none. */
  credentials: Buffer | null;
  createdMs: number;
  /** Set while the footage of a removed camera is still being deleted; such a camera is shown to nobody. */
  removedMs: number | null;
}

/** What all segments of one FFmpeg run have in common. */
export interface ConfigurationsTable {
  configurationKey: Generated<number>;
  runId: string;
  mimeType: string;
  width: number;
  height: number;
  initBytes: number;
}

export interface SegmentsTable {
  segmentKey: Generated<number>;
  /** The 16 bytes of the UUIDv7. */
  id: Buffer;
  cameraKey: number;
  /** 0 main, 1 sub. */
  stream: number;
  startMs: number;
  endMs: number;
  /** The start in the file's name; null when it is startMs. They differ after the clock was set back. */
  fileMs: number | null;
  configurationKey: number;
  bytes: number;
  frames: number;
  /** 0 continuous, 1 manual, 2 event. */
  trigger: number;
  /** 0 or 1: retention leaves locked segments alone. */
  locked: number;
  /** See key-frame-table.ts. */
  keyFrames: Buffer;
  sha256: Buffer;
  /** Hash of the segment before it in this camera's stream; null for the first. */
  previousSha256: Buffer | null;
}

export interface GapsTable {
  gapKey: Generated<number>;
  cameraKey: number;
  startMs: number;
  /** Null while it lasts. */
  endMs: number | null;
  cause: GapCause;
  detail: string | null;
}

/** One row per camera and UTC day with footage; kept in the transaction that writes or deletes a segment. */
export interface CoverageDaysTable {
  cameraKey: number;
  /** Days since 1970. */
  day: number;
  coveredMs: number;
  /** Of all streams' segments that begin on this day. */
  bytes: number;
  segments: number;
}

/** The same in hours: few rows, because a year of 16 cameras has to be read within milliseconds. */
export interface CoverageHoursTable {
  cameraKey: number;
  /** 32 days each, since 1970. */
  period: number;
  /** 768 little-endian uint32: covered ms of each hour. */
  hours: Buffer;
}

/** The same in minutes. */
export interface CoverageMinutesTable {
  cameraKey: number;
  day: number;
  /** 1440 little-endian uint16: covered ms of each minute. */
  minutes: Buffer;
}

/** Files that no row names any more and that wait to be unlinked. */
export interface GarbageTable {
  garbageKey: Generated<number>;
  /** Relative to the recordings folder, with forward slashes. */
  path: string;
  reason: string;
  bytes: number;
  createdMs: number;
}

export interface AppRunsTable {
  appRunKey: Generated<number>;
  startedMs: number;
  heartbeatMs: number;
  /** Null after a crash, and while it runs. */
  stoppedMs: number | null;
}

export interface UsersTable {
  id: string;
  /** Unique whatever its case. */
  username: string;
  passwordHash: string;
  role: 'administrator';
  createdMs: number;
}

export interface SessionsTable {
  /** Hash of the cookie's token: a stolen database opens no session. */
  tokenHash: Buffer;
  userId: string;
  createdMs: number;
  lastUsedMs: number;
  expiresMs: number;
  userAgent: string | null;
}

export interface SettingsTable {
  key: string;
  /** JSON. */
  value: string;
}

export interface ExportsTable {
  id: string;
  /** JSON: string[]. */
  cameraIds: string;
  fromMs: number;
  toMs: number;
  format: ExportFormat;
  state: ExportState;
  bytes: number;
  createdMs: number;
  finishedMs: number | null;
  failure: ExportFailure | null;
  error: string | null;
  /** JSON: ExportJob['files']. */
  files: string;
}
