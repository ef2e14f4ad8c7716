import { z } from 'zod';

/** 2000-01-01 and 2100-01-01 UTC: no camera of ours recorded outside; what lies there is a unit mix-up (seconds, µs). */
const EARLIEST_MS = 946_684_800_000;
const LATEST_MS = 4_102_444_800_000;

/** Integer UTC milliseconds. */
export const UtcMs = z.number().int().min(EARLIEST_MS).max(LATEST_MS).describe('UTC milliseconds');

/** The same in a query string. */
export const UtcMsQuery = z.coerce.number().int().min(EARLIEST_MS).max(LATEST_MS).describe('UTC milliseconds');

/** Longest range a request may span: two years, one more than the timeline's widest zoom. */
export const LONGEST_RANGE_MS = 2 * 366 * 86_400_000;

/** A half-open range [fromMs, toMs) from the query string. */
export const TimeRangeQuery = z
  .strictObject({ fromMs: UtcMsQuery, toMs: UtcMsQuery })
  .refine(isOrdered, { message: 'fromMs must lie before toMs', path: ['toMs'] })
  .refine(isBounded, { message: 'the range is longer than two years', path: ['toMs'] });

export function isOrdered(range: { fromMs: number; toMs: number }): boolean {
  return range.fromMs < range.toMs;
}

export function isBounded(range: { fromMs: number; toMs: number }): boolean {
  return range.toMs - range.fromMs <= LONGEST_RANGE_MS;
}
