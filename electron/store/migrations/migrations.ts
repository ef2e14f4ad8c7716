import type { Migration } from 'kysely/migration';
import * as first from './0001-first.ts';
import * as exportFailure from './0002-export-failure.ts';

/** In order; a released migration is never edited. Named here, not read from a folder: the app is bundled. */
export const MIGRATIONS: Record<string, Migration> = { '0001-first': first, '0002-export-failure': exportFailure };
