import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations/migrations.ts';
import { Store } from './store.ts';

export type DatabaseFailure = 'newer' | 'damaged' | 'not-ours' | 'locked';

/** The database cannot be used; the message is a sentence for the user. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly failure: DatabaseFailure;

  constructor(failure: DatabaseFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** 'Atly' in the file's header, so that a stray SQLite file is not taken for ours (SQLite file format 1.3.14). */
const APPLICATION_ID = 0x41746c79;

/** Reading a file of this size whole takes about a tenth of a second: the most that a start may spend on it. */
const LARGEST_CHECKED_BYTES = 64 * 2 ** 20;

/**
 * Opens the database, creates it if there is none, and brings its schema up to date.
 *
 * @throws {DatabaseError} with a sentence that says what to do
 */
export async function openDatabase(path: string): Promise<Store> {
  const sqlite = connect(path);
  try {
    refuseForeign(sqlite, path);
    check(sqlite, path);
    await migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw explain(error, path);
  }
  return new Store(sqlite);
}

/** Whether the same statement may work later: the disk is full or busy. Everything else is a defect. */
export function isTransientFailure(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(FULL|BUSY|LOCKED|IOERR|CANTOPEN)/.test(error.code);
}

/** Whether the database could not write because its disk is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_FULL';
}

function connect(path: string): Database.Database {
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(path, { timeout: 5000 });
    // WAL: readers (a backup, a command line) do not stop the writer.
    sqlite.pragma('journal_mode = WAL');
    // FULL: a committed deletion must be on disk before its file is unlinked, or a power cut would leave a row
    // whose file is gone. At one commit per camera and minute the cost of syncing is nothing.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('cache_size = -32000');
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw explain(error, path);
  }
}

function refuseForeign(sqlite: Database.Database, path: string): void {
  const tables = sqlite.prepare(`SELECT count(*) FROM sqlite_schema`).pluck().get() as number;
  if (tables === 0) return;
  if (sqlite.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new DatabaseError('not-ours', `${path} is not a database of Atalaya. Choose another data folder.`);
  }
  const version = sqlite.pragma('user_version', { simple: true }) as number;
  if (version > Object.keys(MIGRATIONS).length) {
    throw new DatabaseError(
      'newer',
      `${path} was written by a newer version of Atalaya. Install that version, or choose another data folder.`,
    );
  }
}

function check(sqlite: Database.Database, path: string): void {
  if (statSync(path).size > LARGEST_CHECKED_BYTES) return;
  const answers = sqlite.pragma('quick_check(3)') as { quick_check: string }[];
  if (answers[0]?.quick_check === 'ok') return;
  throw new DatabaseError('damaged', damagedSentence(path), {
    cause: new Error(answers.map((answer) => answer.quick_check).join('; ')),
  });
}

async function migrate(sqlite: Database.Database): Promise<void> {
  sqlite.pragma(`application_id = ${APPLICATION_ID}`);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('migration failed', { cause: error });
  sqlite.pragma(`user_version = ${Object.keys(MIGRATIONS).length}`);
}

function explain(error: unknown, path: string): Error {
  if (error instanceof Database.SqliteError) {
    if (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT')) {
      return new DatabaseError('damaged', damagedSentence(path), { cause: error });
    }
    if (error.code.startsWith('SQLITE_BUSY')) {
      return new DatabaseError('locked', `${path} is in use by another program. Close it and start again.`, {
        cause: error,
      });
    }
  }
  return error instanceof Error ? error : new Error(`Cannot open ${path}`, { cause: error });
}

function damagedSentence(path: string): string {
  return `${path} is damaged. Restore it from a backup, or move it away to start with an empty one; recordings stay.`;
}
