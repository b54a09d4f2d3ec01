import { eq, sql } from 'drizzle-orm';
import { db, type Db, type Tx } from '@/db';
import { orgs, posts, sessions, users } from '@/db/schema';
import * as store from './store';
import { removeUser, findUser as lookUp } from './store';

export async function direct(id: string) {
  await db.transaction(async (tx) => {
    await tx.delete(sessions).where(eq(sessions.userId, id));
    await db.delete(posts).where(eq(posts.authorId, id));
    //    ^^ db-in-transaction
    const found = await db.query.users.findFirst({ where: eq(users.id, id) });
    //                  ^^ db-in-transaction
    await db.execute(sql`select 1`);
    //    ^^ db-in-transaction
    return found;
  });
}

// Functions that use the module's handle.
async function localHelper(id: string) {
  await db.delete(users).where(eq(users.id, id));
}
const localArrow = (id: string) => db.select().from(users).where(eq(users.id, id));
async function withHandle(handle: Db | Tx, id: string) {
  await handle.delete(users).where(eq(users.id, id));
}
async function withDefault(id: string, handle: Db | Tx = db) {
  await handle.delete(users).where(eq(users.id, id));
}

export async function helpers(id: string) {
  await db.transaction(async (tx) => {
    await withHandle(tx, id);
    await withDefault(id, tx);
    await localHelper(id);
    //    ^^^^^^^^^^^ db-in-transaction
    await localArrow(id);
    //    ^^^^^^^^^^ db-in-transaction
    await removeUser(id);
    //    ^^^^^^^^^^ db-in-transaction
    await lookUp(id);
    //    ^^^^^^ db-in-transaction
    await store.removeUser(id);
    //    ^^^^^^^^^^^^^^^^ db-in-transaction
    await store.removeUserIn(tx, id);
    await withHandle(db, id);
    //               ^^ db-in-transaction
    await withDefault(id);
    //    ^^^^^^^^^^^ db-in-transaction
  });
  await localHelper(id);
}

// The handle's own name for the inner one, options, nested transactions.
export async function shadowed(id: string) {
  await db.transaction(async (db) => {
    await db.delete(users).where(eq(users.id, id));
  }, { isolationLevel: 'serializable' });
  await db.transaction(async (outer) => {
    await outer.transaction(async (inner) => {
      await inner.insert(orgs).values({ slug: 's', name: 'n' });
      await outer.insert(orgs).values({ slug: 's', name: 'n' });
      //    ^^^^^ db-in-transaction
    });
  });
}

export async function inLoops(ids: string[]) {
  await db.transaction(async (tx) => {
    for (const id of ids) {
      await db.delete(posts).where(eq(posts.authorId, id));
      //    ^^ db-in-transaction
    }
    await Promise.all(ids.map(async (id) => {
      await db.delete(posts).where(eq(posts.authorId, id));
      //    ^^ db-in-transaction
    }));
    const later = () => db.select().from(users);
    void later;
  });
}

// A subquery is a part of the statement, whoever builds it.
export async function subquery(id: string) {
  await db.transaction(async (tx) => {
    const sub = db.select({ id: users.id }).from(users).as('sub');
    await tx.select().from(sub);
    await tx.delete(posts).where(eq(posts.authorId, db.select({ id: users.id }).from(users).where(eq(users.id, id))));
  });
}

class Store {
  constructor(private readonly db: Db) {}
  async move(id: string) {
    await this.db.transaction(async (tx) => {
      await tx.delete(posts).where(eq(posts.authorId, id));
      await this.db.delete(users).where(eq(users.id, id));
      //    ^^^^^^^ db-in-transaction
    });
  }
}
export { Store };
