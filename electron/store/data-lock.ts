import Database from 'better-sqlite3';

/**
 * Takes the lock of a data folder: an exclusive SQLite transaction on an empty file, which is a lock of the operating
 * system (fcntl or LockFileEx). It ends with the process, however that ends, so there are no stale locks to judge.
 *
 * Returns the way to release it, or undefined when another process holds it.
 */
export function takeDataLock(path: string): (() => void) | undefined {
  const file = new Database(path, { timeout: 0 });
  try {
    // No journal: nothing is ever written, and a lock must leave no second file behind.
    file.pragma('journal_mode = OFF');
    file.exec('BEGIN EXCLUSIVE');
    return () => file.close();
  } catch (error) {
    file.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
