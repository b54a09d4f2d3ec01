import { sql } from 'drizzle-orm';
import { db } from '@/db';

export async function right() {
  await db.transaction(async (tx) => {
    await tx.execute(sql.raw('CREATE SCHEMA "scratch"'));
    await tx.execute(sql.raw('SET LOCAL search_path TO "scratch"'));
    await tx.execute(sql.raw('CREATE TABLE "sessions" ("token" text PRIMARY KEY)'));
    await tx.execute(sql`INSERT INTO "sessions" ("token") VALUES ('x')`);
  });
}
