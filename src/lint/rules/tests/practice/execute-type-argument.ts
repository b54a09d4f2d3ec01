import { sql } from 'drizzle-orm';
import { db } from '@/db';
import { posts, users } from '@/db/schema';
import type { Imported, Misread } from './store';

interface UserRow extends Record<string, unknown> {
  id: string;
  createdAt: string;
  email?: string;
}

type Totals = {
  total: number;
//^^^ execute-type-argument
  average: string | null;
};

export async function wrong() {
  const [row] = await db.execute<{ n: number; newest: Date }>(sql`select count(*) as n, max(created_at) as newest from ${users}`);
  //                               ^ execute-type-argument
  //                                          ^^^^^^ execute-type-argument
  await db.execute<Totals>(sql`select sum(views) as total, avg(views) as average from ${posts}`);
  const query = sql`select id, email as userEmail from ${users}`;
  await db.execute<{ id: string; userEmail: string }>(query);
  //                             ^^^^^^^^^ execute-type-argument
  await db.execute<Misread>(sql`select id from ${users}`);
  //               ^^^^^^^ execute-type-argument
  return await db.transaction(async (tx) => {
    return await tx.execute<{ id: string; is_active: string }>(sql`update users set is_active = true returning id, is_active`);
    //                                    ^^^^^^^^^ execute-type-argument
  });
}

export async function right(flag: boolean, table: 'users' | 'posts') {
  await db.execute<UserRow>(sql`select id, created_at as "createdAt" from ${users}`);
  await db.execute<{ n: string; m: number }>(sql`select count(*) as n, count(*)::int as m from ${users}`);
  await db.execute<{ n: string | number }>(sql`select count(*) as n from ${users}`);
  await db.execute<{ any: any; more: unknown }>(sql`select count(*) as any, now() as more`);
  await db.execute<{ id: number }>(sql`select * from ${sql.raw(table)}`);
  await db.execute<{ id: number }[]>(sql`select email from ${users}`);
  await db.execute<Record<string, number>>(sql`select count(*) as n from ${users}`);
  await db.execute<{ settings: { theme: string } }>(sql`select settings from ${users}`);
  await db.execute<typeof users.$inferSelect>(sql`select id from ${users}`);
  await db.execute<{ id: string; n?: number }>(flag ? sql`select id from ${users}` : sql`select id, 1 as n from ${users}`);
  await db.execute(sql`select id from ${users}`);
  await db.execute<Imported>(sql`select id from ${users}`);
}
