import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The sentence in `error` is English; the UI says it in the user's language. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE exports ADD COLUMN failure TEXT`.execute(db);
}
