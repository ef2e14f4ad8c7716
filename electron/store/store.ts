import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Compilable } from 'kysely';
import type { Schema } from './schema.ts';

/** Statements kept prepared: about twice as many as the app has. */
const MOST_STATEMENTS = 300;

/**
 * The one connection to the database, used by query functions.
 *
 * Queries are built with `store.db` (kysely) and run synchronously: SQLite answers from memory in microseconds, and a
 * transaction that never yields cannot be entered by somebody else half way. So `.execute()` and `db.transaction()`
 * of kysely are not used outside migrations; a transaction across awaits would swallow other writers' statements.
 *
 * ```ts
 * const cameras = store.all(store.db.selectFrom('cameras').select(['id', 'name']).where('enabled', '=', 1));
 * ```
 */
export class Store {
  /** Builds queries. Run them with `all`, `first`, `run`. */
  readonly db: Kysely<Schema>;
  readonly #sqlite: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(sqlite: Database.Database) {
    this.#sqlite = sqlite;
    this.db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) });
  }

  /** All rows of a query (also of one with RETURNING). */
  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  /** The first row, or undefined. */
  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  /** Runs a statement that returns no rows. */
  run(query: Compilable): { changes: number; lastInsertRowid: number } {
    const { sql, parameters } = query.compile();
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...parameters);
    return { changes, lastInsertRowid: Number(lastInsertRowid) };
  }

  /** Runs work as one transaction: all of it, or nothing when it throws. Nested calls become savepoints. */
  transaction<Result>(work: () => Result): Result {
    return this.#sqlite.transaction(work).immediate();
  }

  /** Writes without waiting for the disk: for what may be lost in a power cut, such as a heartbeat. */
  relaxed<Result>(work: () => Result): Result {
    this.#sqlite.pragma('synchronous = NORMAL');
    try {
      return work();
    } finally {
      this.#sqlite.pragma('synchronous = FULL');
    }
  }

  /** Size of the database, its log not counted. */
  sizeBytes(): number {
    const pragma = (name: string) => this.#sqlite.pragma(name, { simple: true }) as number;
    return pragma('page_count') * pragma('page_size');
  }

  /** Safe to call twice. */
  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare(sql);
    // Lists of varying length give statements of varying text: forget the oldest.
    if (this.#statements.size >= MOST_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value ?? '');
    this.#statements.set(sql, statement);
    return statement;
  }
}
