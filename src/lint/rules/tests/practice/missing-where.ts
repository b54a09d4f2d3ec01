import { and, eq, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import * as orm from 'drizzle-orm';
import { db as database, schema, type Db, type Tx } from '@/db';
import { posts, sessions as sessionTable, users } from '@/db/schema';

// Aliased handle and table.
export async function logOutEverybody() {
  await database.delete(sessionTable);
  //             ^^^^^^ missing-where
}

export async function viaNamespace(ids: string[]) {
  await database.update(schema.users).set({ isActive: false });
  //             ^^^^^^ missing-where
  await database.update(schema.users).set({ isActive: false }).where(inArray(schema.users.id, ids));
}

// A handle that is handed on.
export const purge = async (tx: Tx) => {
  await tx.delete(sessionTable).returning({ id: sessionTable.id });
  //       ^^^^^^ missing-where
};

export async function inTransaction(id: string) {
  return database.transaction(async (tx) => {
    await tx.delete(sessionTable).where(eq(sessionTable.userId, id));
    const [gone] = await tx.delete(users).returning();
    //                      ^^^^^^ missing-where
    return gone;
  });
}

// Built first, finished later.
export async function expire(before: Date, userId?: string) {
  const base = database.delete(sessionTable);
  const filtered = userId ? base.where(eq(sessionTable.userId, userId)) : base.where(lt(sessionTable.lastSeen, before));
  await filtered;
}

export async function dynamic(userId?: string) {
  let query = database.update(users).set({ name: null }).$dynamic();
  if (userId) query = query.where(eq(users.id, userId));
  await query;
}

export async function withHelper(userId: string) {
  await scoped(database.delete(sessionTable).$dynamic(), userId);
}
declare function scoped<T>(query: T, userId: string): T;

// Conditions in pieces.
export async function remove(filters: { id?: string; email?: string }) {
  const conditions: SQL[] = [];
  if (filters.id) conditions.push(eq(users.id, filters.id));
  if (filters.email) conditions.push(eq(users.email, filters.email));
  await database.delete(users).where(and(...conditions));
}

export async function removeMaybe(id?: string) {
  await database.delete(users).where(id ? eq(users.id, id) : undefined);
  //                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-where
  await database.delete(users).where(id === undefined ? undefined : orm.and(orm.eq(users.id, id)));
  //                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-where
  await database.delete(users).where(and(id ? eq(users.id, id) : undefined, undefined));
  //                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ missing-where
  await database.delete(users).where(or(id ? eq(users.id, id) : undefined, isNull(users.deletedAt)));
  await database.delete(users).where(undefined);
  //                                 ^^^^^^^^^ missing-where
  await database.delete(users).where(and());
  //                                 ^^^^^ missing-where
  await database.delete(users).where(and(undefined, or()));
  //                                 ^^^^^^^^^^^^^^^^^^^^ missing-where
}

export async function removeFiltered(id?: string) {
  const condition = id ? eq(posts.authorId, id) : undefined;
  await database.delete(posts).where(condition);
  //                                 ^^^^^^^^^ missing-where
}

export async function guarded(id?: string) {
  if (!id) return;
  await database.delete(users).where(eq(users.id, id));
}

export async function guardedFilter(id?: string) {
  const condition = id ? eq(posts.authorId, id) : undefined;
  if (!condition) return;
  await database.delete(posts).where(condition);
}

export async function throwing(id?: string) {
  const condition = id ? eq(posts.authorId, id) : undefined;
  if (condition === undefined) {
    throw new Error('no filter');
  }
  await database.delete(posts).where(condition);
}

export async function inside(id?: string) {
  const condition = id ? eq(posts.authorId, id) : undefined;
  if (condition) {
    await database.delete(posts).where(condition);
  }
}

// All rows are meant.
export async function everything() {
  await database.delete(users).where(sql`true`);
  const all = database.delete(users).$dynamic();
  await all;
}

// A prepared statement.
export const forget = database.delete(users).where(eq(users.id, sql.placeholder('id'))).prepare('forget');

export const returned = (handle: Db) => handle.delete(sessionTable);

export async function executed() {
  await database.delete(sessionTable).execute();
  //             ^^^^^^ missing-where
}

export async function both() {
  await Promise.all([database.delete(posts), database.delete(users)]);
  //                          ^^^^^^ missing-where
  //                                                  ^^^^^^ missing-where
}

export async function batch() {
  const [removed] = await Promise.all([database.delete(posts).where(eq(posts.id, 1)), database.select().from(users)]);
  return removed;
}

// A select without a condition is fine.
export const list = () => database.select().from(users).where(undefined);
