import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDiskFull, isTransientFailure, openDatabase } from './database.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atalaya-database-'));
  path = join(folder, 'atalaya.db');
});

afterEach(() => rm(folder, { recursive: true }));

test('creates the schema once and keeps what was written', async () => {
  const first = await openDatabase(path);
  first.run(first.db.insertInto('settings').values({ key: 'a', value: '1' }));
  first.close();
  first.close();
  const second = await openDatabase(path);
  expect(second.first(second.db.selectFrom('settings').selectAll())).toEqual({ key: 'a', value: '1' });
  second.close();
});

test('a transaction that throws changes nothing', async () => {
  const store = await openDatabase(path);
  expect(() =>
    store.transaction(() => {
      store.run(store.db.insertInto('settings').values({ key: 'a', value: '1' }));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(store.all(store.db.selectFrom('settings').selectAll())).toEqual([]);
  store.close();
});

test('tells a full disk from a defect', async () => {
  const store = await openDatabase(path);
  await sql`PRAGMA max_page_count = 1`.execute(store.db);
  const write = (value: string) => () => store.run(store.db.insertInto('settings').values({ key: 'a', value }));
  expect(write('x'.repeat(100_000))).toThrow(
    expect.toSatisfy((error) => isDiskFull(error) && isTransientFailure(error)),
  );
  write('1')();
  expect(write('1')).toThrow(expect.toSatisfy((error) => !isDiskFull(error) && !isTransientFailure(error)));
  store.close();
});

test('foreign keys and the one open gap per camera are enforced', async () => {
  const store = await openDatabase(path);
  const gap = { cameraKey: 1, startMs: 5, endMs: null, cause: 'disabled', detail: null } as const;
  expect(() => store.run(store.db.insertInto('gaps').values(gap))).toThrow(/FOREIGN KEY/);
  store.close();
});

test('refuses a database of a newer version with a sentence', async () => {
  (await openDatabase(path)).close();
  const sqlite = new Database(path);
  sqlite.pragma('user_version = 99');
  sqlite.close();
  await expect(openDatabase(path)).rejects.toMatchObject({ failure: 'newer', message: expect.stringMatching(/newer/) });
});

test('refuses a file that is not a database, and a database that is not ours', async () => {
  await writeFile(path, 'hello, this is no database at all, not even nearly one '.repeat(20));
  await expect(openDatabase(path)).rejects.toMatchObject({ failure: 'damaged' });
  await rm(path);
  const sqlite = new Database(path);
  sqlite.exec('CREATE TABLE other (x)');
  sqlite.close();
  await expect(openDatabase(path)).rejects.toMatchObject({ failure: 'not-ours' });
});

test('refuses a damaged database', async () => {
  const store = await openDatabase(path);
  for (let key = 0; key < 500; key++) {
    store.run(store.db.insertInto('settings').values({ key: `${key}`, value: 'x'.repeat(300) }));
  }
  store.close();
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(size - 40_960, 0x5a), 0, undefined, 40_960);
  await file.close();
  await expect(openDatabase(path)).rejects.toMatchObject({ failure: 'damaged' });
});
