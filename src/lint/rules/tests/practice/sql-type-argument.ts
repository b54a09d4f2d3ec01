import { avg, count, desc, eq, max, sql, sum } from 'drizzle-orm';
import { db } from '@/db';
import { orgs, posts, users } from '@/db/schema';

const total = sql<number>`count(*)`;
//            ^^^ sql-type-argument
const asNumber = sql<number>`count(*)::int`;

export async function stats() {
  return await db
    .select({
      n: sql<number>`count(*)`,
      // ^^^ sql-type-argument
      views: sql<number>`sum(${posts.views})`,
      //     ^^^ sql-type-argument
      average: sql<number>`avg(${posts.views})`,
      //       ^^^ sql-type-argument
      coalesced: sql<number>`coalesce(sum(${posts.views}), 0)`,
      //         ^^^ sql-type-argument
      newest: sql<Date>`max(${posts.publishedAt})`,
      //      ^^^ sql-type-argument
      published: sql<number>`count(*) filter (where ${posts.status} = 'published')`,
      //         ^^^ sql-type-argument
      flag: sql<number>`bool_or(${posts.views} > 1)`,
      //    ^^^ sql-type-argument
      title: sql<number>`min(${posts.title})`,
      //     ^^^ sql-type-argument
    })
    .from(posts);
}

export async function right() {
  return await db
    .select({
      n: sql<number>`count(*)`.mapWith(Number),
      aliased: sql<number>`count(*)::int`.as('n'),
      mapped: sql<number>`sum(${posts.views})`.mapWith(Number).as('views'),
      text: sql<string>`sum(${posts.views})`,
      maybe: sql<string | null>`sum(${posts.views})`,
      double: sql<number>`avg(${posts.views})::float8`,
      when: sql<string>`max(${posts.publishedAt})`,
      decoded: sql<Date>`max(${posts.publishedAt})`.mapWith(posts.publishedAt),
      bool: sql<boolean>`bool_or(${posts.views} > 1)`,
      unknown: sql<unknown>`count(*)`,
      any: sql<any>`count(*)`,
      either: sql<number | string>`count(*)`,
      epoch: sql<number>`extract(epoch from now())::int`,
      json: sql<{ id: number }[]>`json_agg(json_build_object('id', ${posts.id}))`,
      length: sql<number>`length(${posts.title})`,
      built: count(),
      most: max(posts.views),
      mean: avg(posts.views),
      added: sum(posts.views).mapWith(Number),
    })
    .from(posts);
}

export async function used() {
  return await db.select({ total, asNumber }).from(users);
}

export async function sorted() {
  return await db.select().from(posts).orderBy(desc(sql<number>`count(*)`)).where(eq(sql<number>`${posts.views}`, 1));
}

export async function money() {
  return await db.select({ balance: sql<number>`${orgs.balance} * 2`, seats: sql<number>`sum(${orgs.seats})` }).from(orgs);
  //                                ^^^ sql-type-argument
  //                                                                         ^^^ sql-type-argument
}

export async function rows() {
  const found = await db.execute<{ n: number }>(sql`select count(*)::int as n from users`);
  return found.rows;
}
