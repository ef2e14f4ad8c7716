import { beforeEach, expect, test } from 'vitest';
import { LoginThrottle } from './login-throttle.ts';

let nowMs: number;
let throttle: LoginThrottle;

beforeEach(() => {
  nowMs = 1_000_000_000;
  throttle = new LoginThrottle({ clock: { nowMs: () => nowMs } });
});

/** Attempts as soon as allowed; returns how long each had to wait. */
function waits(count: number, address: (attempt: number) => string, account: (attempt: number) => string): number[] {
  return Array.from({ length: count }, (_, attempt) => {
    const waitMs = throttle.attempt(address(attempt), account(attempt));
    nowMs += waitMs;
    if (waitMs > 0) expect(throttle.attempt(address(attempt), account(attempt))).toBe(0);
    return waitMs;
  });
}

test('waits double for one address, whatever the account, up to fifteen minutes', () => {
  const found = waits(18, () => '192.0.2.1', String);
  expect(found.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000, 8000]);
  expect(found.at(-1)).toBe(900_000);
});

test('waits double for one account, whatever the address, up to a minute', () => {
  const found = waits(18, String, () => 'admin');
  expect(found.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000, 8000]);
  expect(found.at(-1)).toBe(60_000);
});

test('the case of an account does not matter', () => {
  waits(5, String, (attempt) => (attempt % 2 === 0 ? 'Admin' : ' aDMIN '));
  expect(throttle.attempt('other', 'admin')).toBe(1000);
});

test('attempts while waiting do not count', () => {
  waits(
    5,
    () => 'a',
    () => 'b',
  );
  for (let attempt = 0; attempt < 100; attempt += 1) expect(throttle.attempt('a', 'b')).toBe(1000);
});

test('success and an hour of quiet forget the attempts', () => {
  waits(
    5,
    () => 'a',
    () => 'b',
  );
  throttle.succeeded('a', 'B ');
  expect(throttle.attempt('a', 'b')).toBe(0);
  waits(
    9,
    () => 'a',
    () => 'b',
  );
  nowMs += 3_700_000;
  expect(
    waits(
      5,
      () => 'a',
      () => 'b',
    ),
  ).toEqual([0, 0, 0, 0, 0]);
});

test('a clock that is set back locks nobody out', () => {
  waits(
    9,
    () => 'a',
    () => 'b',
  );
  nowMs -= 86_400_000;
  expect(throttle.attempt('a', 'b')).toBe(0);
});

test('made-up names do not fill the memory', () => {
  for (let attempt = 0; attempt < 20_000; attempt += 1) throttle.attempt(`a${attempt}`, `b${attempt}`);
  for (let attempt = 0; attempt < 5; attempt += 1) throttle.attempt('a', 'b');
  expect(throttle.attempt('a', 'b')).toBe(1000);
});
