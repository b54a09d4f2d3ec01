import { sql } from 'drizzle-orm';
import { db } from '@/db';
import { posts, sessions, users } from '@/db/schema';

export async function wrong(userId: string, token: string) {
  await db.execute(sql`insert into sessions (user_id, token) values (${userId}, ${token})`);
  //                               ^^^^^^^^ missing-required-column
  await db.execute(sql`insert into ${sessions} (user_id, token) values (${userId}, ${token})`);
  //                               ^^^^^^^^^^^ missing-required-column
  await db.execute(sql`insert into posts (title) values ('x')`);
  //                               ^^^^^ missing-required-column
}

export async function right(userId: string, token: string) {
  await db.insert(sessions).values({ userId, token });
  await db.execute(sql`insert into sessions (id, user_id, token) values (${token}, ${userId}, ${token})`);
  await db.execute(sql`insert into ${users} (email) values (${token})`);
  await db.execute(sql`insert into ${posts} (author_id, title) values (${userId}, 'x')`);
}
