// on: query-in-loop
import { eq, inArray, sql } from 'drizzle-orm';
import { db, type Tx } from '@/db';
import { orgs, posts, users } from '@/db/schema';
import { findUser, removeUserIn } from './store';

export async function wrong(ids: string[], rows: { id: string; name: string }[]) {
  for (const id of ids) {
    const [user] = await db.select().from(users).where(eq(users.id, id));
    //                      ^^^^^^ query-in-loop
    if (user) await db.insert(posts).values({ authorId: user.id, title: 'x' });
    //                 ^^^^^^ query-in-loop
  }
  for (let i = 0; i < ids.length; i++) {
    await db.query.users.findFirst({ where: eq(users.id, ids[i]!) });
    //                   ^^^^^^^^^ query-in-loop
  }
  await db.transaction(async (tx) => {
    for (const row of rows) await tx.update(users).set({ name: row.name }).where(eq(users.id, row.id));
    //                               ^^^^^^ query-in-loop
  });
  await Promise.all(rows.map(async (row) => {
    await db.update(users).set({ name: row.name }).where(eq(users.id, row.id));
    //       ^^^^^^ query-in-loop
  }));
  const users_ = await Promise.all(ids.map((id) => findUser(id)));
  //                                               ^^^^^^^^ query-in-loop
  const more = await Promise.all(ids.map(findUser));
  //                                     ^^^^^^^^ query-in-loop
  for (const id of ids) await removeUserIn(db, id);
  //                          ^^^^^^^^^^^^ query-in-loop
  return [users_, more];
}

async function move(tx: Tx, id: string) {
  await tx.delete(posts).where(eq(posts.authorId, id));
}

export async function moved(ids: string[]) {
  await db.transaction(async (tx) => {
    while (ids.length) await move(tx, ids.pop()!);
    //                       ^^^^ query-in-loop
  });
}

export async function right(ids: string[], rows: { id: string; name: string }[]) {
  await db.select().from(users).where(inArray(users.id, ids));
  await db.insert(users).values(rows.map((row) => ({ email: row.name })));
  for (const row of await db.select().from(orgs)) console.log(row.name);
  await db.execute(sql`select 1`);
  const queries = rows.map((row) => db.select().from(users).where(eq(users.id, row.id)));
  return queries.length;
}
