import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { WriteQueue } from './write-queue.ts';

const full = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');

test('steps run at once, also one that a step asks for', () => {
  const done: number[] = [];
  const queue = new WriteQueue(createLog('debug', () => undefined));
  queue.attempt(() => {
    queue.attempt(() => done.push(2));
    done.push(1);
  });
  expect(done).toEqual([1, 2]);
});

test('a full disk lets all later steps wait, in order', () => {
  const done: string[] = [];
  let isFull = true;
  const queue = new WriteQueue(createLog('debug', () => undefined));
  queue.attempt(() => {
    if (isFull) throw full;
    done.push('first');
  });
  queue.attempt(() => done.push('second'));
  queue.retry();
  expect(done).toEqual([]);
  isFull = false;
  queue.retry();
  expect(done).toEqual(['first', 'second']);
});

test('a defect is logged and holds up nothing', () => {
  const lines: string[] = [];
  const done: string[] = [];
  const queue = new WriteQueue(createLog('debug', (line) => lines.push(line)));
  queue.attempt(() => {
    throw new Error('defect');
  });
  queue.attempt(() => done.push('next'));
  expect(done).toEqual(['next']);
  expect(lines.join()).toMatch(/defect/);
});
