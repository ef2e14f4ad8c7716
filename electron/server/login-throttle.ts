import type { Clock } from './ports.ts';

interface Attempts {
  count: number;
  lastMs: number;
}

/** Typing errors are free; from the next attempt on, waits double from one second. */
const FREE_ATTEMPTS = 5;
/** An account may be somebody's who is being attacked: it must never stay closed for long. */
const LONGEST_ACCOUNT_WAIT_MS = 60_000;
const LONGEST_ADDRESS_WAIT_MS = 15 * 60_000;
/** Attempts are forgotten after this time without another. */
const MEMORY_MS = 3_600_000;
/** Made-up names and addresses must not fill the memory; the oldest are forgotten first. */
const MOST_ENTRIES = 10_000;

/**
 * Slows down guessing of passwords, by address and by account. An attempt counts when it begins, so that many at once
 * do not slip through; one that succeeds is forgotten.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #addresses = new Map<string, Attempts>();
  readonly #accounts = new Map<string, Attempts>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** Counts an attempt and returns 0, or returns how many milliseconds are left to wait and counts nothing. */
  attempt(address: string, username: string): number {
    const nowMs = this.#clock.nowMs();
    const account = accountKey(username);
    const waitMs = Math.max(
      remainingMs(this.#addresses.get(address), nowMs, LONGEST_ADDRESS_WAIT_MS),
      remainingMs(this.#accounts.get(account), nowMs, LONGEST_ACCOUNT_WAIT_MS),
    );
    if (waitMs > 0) return waitMs;
    count(this.#addresses, address, nowMs);
    count(this.#accounts, account, nowMs);
    return 0;
  }

  succeeded(address: string, username: string): void {
    this.#addresses.delete(address);
    this.#accounts.delete(accountKey(username));
  }
}

function accountKey(username: string): string {
  return username.trim().toLowerCase();
}

function remainingMs(attempts: Attempts | undefined, nowMs: number, longestMs: number): number {
  if (attempts === undefined || attempts.count < FREE_ATTEMPTS) return 0;
  const waitMs = Math.min(longestMs, 1000 * 2 ** (attempts.count - FREE_ATTEMPTS));
  // A clock that was set back must not lengthen the wait.
  if (nowMs < attempts.lastMs) return 0;
  return Math.max(0, waitMs - (nowMs - attempts.lastMs));
}

function count(entries: Map<string, Attempts>, key: string, nowMs: number): void {
  const known = entries.get(key);
  entries.delete(key);
  const isFresh = known === undefined || nowMs - known.lastMs > MEMORY_MS;
  entries.set(key, { count: isFresh ? 1 : known.count + 1, lastMs: nowMs });
  if (entries.size > MOST_ENTRIES) {
    const oldest = entries.keys().next();
    if (oldest.done !== true) entries.delete(oldest.value);
  }
}
