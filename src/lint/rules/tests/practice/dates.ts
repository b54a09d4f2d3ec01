// drizzle-orm/postgres-js
import { and, gte, lt, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { posts, users } from '@/db/schema';

const client = postgres(process.env.DATABASE_URL!);
const db = drizzle(client);

export async function wrong(from: Date, row: { at: Date }, until?: Date) {
  const now = new Date();
  await db.execute(sql`delete from posts where published_at < ${now}`);
  //                                                            ^^^ date-parameter
  await db.select().from(posts).where(sql`${posts.publishedAt} > ${from}`);
  //                                                               ^^^^ date-parameter
  await db.select().from(posts).where(and(sql`${posts.publishedAt} between ${from} and ${new Date()}`));
  //                                                                         ^^^^ date-parameter
  //                                                                                     ^^^^^^^^^^ date-parameter
  await db.update(posts).set({ publishedAt: sql`greatest(${posts.publishedAt}, ${now})` }).where(sql`true`);
  //                                                                             ^^^ date-parameter
  await db.transaction(async (tx) => {
    await tx.execute(sql`select ${new Date(0)}::timestamptz`);
    //                            ^^^^^^^^^^^ date-parameter
  });
  return [row, until];
}

export async function right(from: Date) {
  await db.select().from(posts).where(and(gte(posts.publishedAt, from), lt(posts.publishedAt, new Date())));
  await db.execute(sql`delete from posts where published_at < ${from.toISOString()}`);
  await db.execute(sql`delete from posts where published_at < ${sql.param(from, posts.publishedAt)}`);
  await db.insert(users).values({ email: 'x', deletedAt: from });
  await db.execute(sql`select ${Date.now()}::bigint, ${from.getTime()}::bigint`);
}
