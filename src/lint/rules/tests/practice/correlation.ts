import { eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import * as schema from '@/db/schema';
import { posts, users } from '@/db/schema';

export const counts = () =>
  db
    .select({
      id: users.id,
      posts: sql<number>`(select count(*)::int from ${posts} where ${posts.authorId} = ${users.id})`,
      //                                                                                 ^^^^^^^^ unqualified-correlation
      last: sql<string>`(select max(p.title) from ${posts} p where p.author_id = ${users.id})`,
      //                                                                           ^^^^^^^^ unqualified-correlation
      named: sql<string>`(select ${schema.posts.title} from ${schema.posts} where ${schema.posts.authorId} = ${schema.users.id} limit 1)`,
      //                                                                                                       ^^^^^^^^^^^^^^^ unqualified-correlation
    })
    .from(users);

export async function returning(id: string) {
  return await db
    .delete(users)
    .where(eq(users.id, id))
    .returning({ n: sql<number>`(select count(*)::int from ${posts} where ${posts.authorId} = ${users.id})` });
  //                                                                                            ^^^^^^^^ unqualified-correlation
}

export const relational = () =>
  db.query.users.findMany({
    extras: (t) => ({ n: sql<number>`(select count(*)::int from ${posts} where ${posts.authorId} = ${t.id})`.as('n') }),
  });

export const joined = () =>
  db
    .select({ n: sql<number>`(select count(*)::int from ${posts} where ${posts.authorId} = ${users.id})` })
    .from(users)
    .leftJoin(schema.orgs, eq(schema.orgs.id, users.orgId));

export const inWhere = () =>
  db
    .select()
    .from(users)
    .where(sql`exists (select 1 from ${posts} where ${posts.authorId} = ${users.id})`)
    .orderBy(sql`(select count(*) from ${posts} where ${posts.authorId} = ${users.id})`);

const author = alias(users, 'author');
export const aliased = () =>
  db.select({ n: sql<number>`(select count(*)::int from ${posts} where ${posts.authorId} = ${author.id})` }).from(author);
//                                                                                           ^^^^^^^^^ unqualified-correlation

export const unrelated = () =>
  db.select({ n: sql<number>`(select count(*)::int from ${posts})`, upper: sql<string>`upper(${users.name})` }).from(users);

// The hole stands beside the subquery over posts, not in it.
export const beside = () =>
  db
    .select({
      writes: sql<boolean>`exists (select 1 from ${schema.postTags} t where t.post_id::text = ${users.id}::text or exists (select 1 from ${posts} p where p.id = t.post_id))`,
    })
    .from(users);
