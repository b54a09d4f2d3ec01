import { eq, sql } from 'drizzle-orm';
import { db, type Tx } from '@/db';
import { posts, users as accounts } from '@/db/schema';

export async function touch(id: string) {
  db.update(accounts).set({ name: 'x' }).where(eq(accounts.id, id));
  // ^^^^^^ unawaited-query
  void db.insert(posts).values({ authorId: id, title: 't' });
  //      ^^^^^^ unawaited-query
  db.insert(posts).values({ authorId: id, title: 't' }).onConflictDoNothing().returning();
  // ^^^^^^ unawaited-query
  id && db.delete(accounts).where(eq(accounts.id, id));
  //       ^^^^^^ unawaited-query
}

export async function inTransaction(id: string) {
  await db.transaction(async (tx) => {
    tx.delete(posts).where(eq(posts.authorId, id));
    // ^^^^^^ unawaited-query
    await tx.delete(accounts).where(eq(accounts.id, id));
    await tx.transaction(async (nested) => {
      nested.update(accounts).set({ age: 1 }).where(eq(accounts.id, id));
      //     ^^^^^^ unawaited-query
    });
  });
}

async function audit(tx: Tx, id: string) {
  tx.insert(posts).values({ authorId: id, title: 'audit' });
  // ^^^^^^ unawaited-query
}
const later = (id: string) => db.delete(posts).where(eq(posts.authorId, id));

export async function callers(id: string) {
  await db.transaction((tx) => audit(tx, id));
    later(id);
  //^^^^^ unawaited-query
    await later(id);
}

export function callbacks(ids: string[]) {
  ids.forEach((id) => {
    db.delete(posts).where(eq(posts.authorId, id));
    // ^^^^^^ unawaited-query
  });
  ids.forEach((id) => db.delete(posts).where(eq(posts.authorId, id)));
  //                     ^^^^^^ unawaited-query
  return Promise.all(ids.map((id) => db.delete(posts).where(eq(posts.authorId, id))));
}

export async function fine(id: string) {
  db.insert(posts).values({ authorId: id, title: 't' }).then(() => {}, console.error);
  db.insert(posts).values({ authorId: id, title: 't' }).catch(console.error);
  void db.insert(posts).values({ authorId: id, title: 't' }).execute();
  const query = db.select().from(posts);
  query.where(eq(posts.authorId, id));
  const rows = await query;
  const prepared = db.select().from(posts).where(eq(posts.authorId, sql.placeholder('id'))).prepare('p');
  await prepared.execute({ id });
  return rows;
}

export async function half(id: string) {
  const pending = db.delete(posts).where(eq(posts.authorId, id));
  const other = db.delete(accounts).where(eq(accounts.id, id));
  await Promise.all([pending, other]);
  const never = db.delete(accounts).where(eq(accounts.id, id));
  //               ^^^^^^ unawaited-query
}

export async function relational(id: string) {
  db.query.users.findFirst({ where: eq(accounts.id, id) });
  //             ^^^^^^^^^ unawaited-query
  db.execute(sql`delete from posts`);
  // ^^^^^^^ unawaited-query
  return await db.query.users.findMany();
}

export const generator = async function* () {
  yield db.select().from(posts);
  yield* await db.select().from(posts);
};

export function conditional(id?: string) {
  id ? db.delete(posts).where(eq(posts.authorId, id)) : null;
  //      ^^^^^^ unawaited-query
  return id ? db.delete(posts).where(eq(posts.authorId, id)) : null;
}

export const inline = (id: string) => void db.delete(posts).where(eq(posts.authorId, id));
//                                            ^^^^^^ unawaited-query

export async function ready(id: string) {
  if (id) await db.delete(posts).where(eq(posts.authorId, id));
  else db.delete(posts).where(eq(posts.id, 1));
  //      ^^^^^^ unawaited-query
  try {
    return db.select().from(posts);
  } finally {
    db.delete(posts).where(eq(posts.id, 2));
    // ^^^^^^ unawaited-query
  }
}
