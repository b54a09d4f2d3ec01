import { aliasedTable, and, asc, count, desc, eq, exists, getTableColumns, sql } from 'drizzle-orm';
import { alias, union } from 'drizzle-orm/pg-core';
import { db, schema } from '@/db';
import { members, orgs, posts as articles, users } from '@/db/schema';

export async function forgotten() {
  return await db.select().from(users).where(eq(articles.authorId, users.id));
  //                                            ^^^^^^^^^^^^^^^^^ table-not-in-query
}

export async function selected() {
  const rows = await db.select({ id: users.id, org: orgs.name }).from(users);
  //                                                ^^^^^^^^^ table-not-in-query
  return rows;
}

export async function nested() {
  return await db
    .select({ user: { id: users.id }, org: { name: schema.orgs.name, slug: orgs.slug } })
    //                                             ^^^^^^^^^^^^^^^^ table-not-in-query
    //                                                                     ^^^^^^^^^ table-not-in-query
    .from(users)
    .orderBy(asc(users.email), desc(articles.id));
  //                                ^^^^^^^^^^^ table-not-in-query
}

export async function joined() {
  return await db
    .select({ org: orgs.name, posts: count(articles.id) })
    .from(users)
    .innerJoin(orgs, eq(orgs.id, users.orgId))
    .leftJoin(articles, and(eq(articles.authorId, users.id), eq(articles.status, 'published')))
    .groupBy(orgs.name)
    .having(sql`count(${articles.id}) > 1`);
}

export async function aliased() {
  const boss = alias(users, 'boss');
  const peer = aliasedTable(users, 'peer');
  await db.select({ id: users.id, boss: boss.email }).from(users).leftJoin(boss, eq(boss.orgId, users.orgId));
  return await db.select({ name: users.name }).from(peer).where(eq(peer.id, boss.id));
  //                             ^^^^^^^^^^ table-not-in-query
  //                                                                        ^^^^^^^ table-not-in-query
}

// A query in another sees that one's tables.
export async function correlated() {
  return await db
    .select()
    .from(users)
    .where(exists(db.select({ one: sql`1` }).from(articles).where(eq(articles.authorId, users.id))));
}

export async function throughSubquery() {
  const newest = db.select({ author: articles.authorId }).from(articles).as('newest');
  return await db.select({ id: users.id }).from(users).innerJoin(newest, eq(newest.author, users.id));
}

export async function withCte() {
  const active = db.$with('active').as(db.select().from(users).where(eq(users.isActive, true)));
  return await db.with(active).select().from(active).where(eq(active.orgId, sql`${orgs.id}`));
}

export async function dynamic(withOrg: boolean) {
  let query = db.select(getTableColumns(users)).from(users).$dynamic();
  if (withOrg) query = query.innerJoin(orgs, eq(orgs.id, users.orgId)).where(eq(orgs.slug, 'x'));
  return await query;
}

export async function changed(id: string) {
  await db.update(users).set({ name: 'x' }).where(eq(members.userId, id));
  //                                                 ^^^^^^^^^^^^^^ table-not-in-query
  await db.update(users).set({ name: 'x' }).from(members).where(and(eq(members.userId, users.id), eq(members.orgId, id)));
  const [row] = await db.delete(users).where(eq(users.id, id)).returning({ org: orgs.name });
  //                                                                            ^^^^^^^^^ table-not-in-query
  return row;
}

// Built here, run there.
export function builder() {
  return db.select({ id: orgs.id }).from(users);
}

export async function conditional(byPost: boolean) {
  return await db.select().from(users).where(byPost ? eq(articles.id, 1) : eq(users.id, 'x'));
  //                                                     ^^^^^^^^^^^ table-not-in-query
}

export async function condition(byPost?: number) {
  const filter = and(eq(users.isActive, true), byPost ? eq(articles.id, byPost) : undefined);
  return await db.select().from(users).where(filter);
  //                                         ^^^^^^ table-not-in-query
}

export async function united() {
  return await union(db.select({ id: users.id }).from(users), db.select({ id: orgs.id }).from(orgs));
}

export async function together() {
  const [a, b] = await Promise.all([
    db.select({ n: count() }).from(users).where(eq(orgs.slug, 'x')),
    //                                             ^^^^^^^^^ table-not-in-query
    db.select().from(orgs).where(eq(orgs.slug, 'x')).limit(1),
  ]);
  return [a, b];
}

export async function returned() {
  return db.select({ name: orgs.name }).from(users).limit(3);
  //                       ^^^^^^^^^ table-not-in-query
}

// Whoever calls it may join them.
export const open = () => db.select({ name: orgs.name }).from(users);
export const sub = async () => {
  return { latest: db.select({ id: users.id }).from(users).where(eq(users.orgId, orgs.id)).as('latest') };
};

export async function either(byOrg: boolean) {
  const selection = { id: byOrg ? orgs.id : users.id };
  if (byOrg) return db.select(selection).from(orgs);
  return db.select(selection).from(users);
}
