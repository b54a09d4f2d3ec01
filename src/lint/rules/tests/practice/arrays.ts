import { and, eq, inArray, notInArray, sql, type SQL } from 'drizzle-orm';
import { db } from '@/db';
import { posts, users } from '@/db/schema';

export async function wrong(ids: string[], name: string) {
  await db.select().from(users).where(sql`${users.id} in (${ids})`);
  //                                                  ^^ undefined-function
  await db.select().from(users).where(sql`${users.id} = any(${ids})`);
  //                                                  ^ wrong-object-type
  await db.execute(sql`select * from users where name = '${name}'`);
  //                                                       ^^^^ quoted-placeholder
  await db.execute(sql`select * from users where name ilike '%${name}%'`);
  //                                                            ^^^^ quoted-placeholder
  await db.execute(sql`select now() - interval '${name} days'`);
  //                                              ^^^^ quoted-placeholder
  await db.select().from(users).where(inArray(users.id, []));
  //                                                    ^^ empty-list
  await db.delete(posts).where(and(eq(posts.status, 'draft'), notInArray(posts.id, [])));
  //                                                                               ^^ empty-list
  const none: string[] = [];
  await db.select().from(users).where(sql`${users.id} in ${[]}`);
  //                                                     ^^^^^ syntax-error
  await db.select().from(users).where(inArray(users.id, none));
}

export async function right(ids: string[], keys: number[], name: string) {
  await db.select().from(users).where(sql`${users.id} in ${ids}`);
  await db.select().from(users).where(sql`${users.id} = any(${sql.param(ids)}::uuid[])`);
  await db.select().from(users).where(sql`${users.id} = any(array[${sql.join(ids.map((id) => sql`${id}::uuid`), sql`, `)}])`);
  await db.select().from(posts).where(sql`${posts.id} in (${sql.join(keys.map((key) => sql`${key}`), sql`, `)})`);
  await db.select().from(posts).where(sql`${posts.id} in (${keys[0]}, ${keys[1]})`);
  await db.select().from(users).where(sql`${users.name} ilike ${`%${name}%`}`);
  await db.select().from(users).where(sql`${users.name} ilike '%' || ${name} || '%'`);
  await db.select().from(users).where(sql`${users.name} <> '' and ${users.name} = ${name}`);
  await db.select().from(users).where(sql`${users.createdAt} > now() - make_interval(days => ${keys[0]})`);
  await db.select().from(users).where(sql`${users.createdAt} > now() - ${name}::interval`);
  const chunks: SQL[] = [];
  for (const id of ids) chunks.push(sql`${id}::uuid`);
  await db.select().from(users).where(sql`${users.id} in (${sql.join(chunks, sql.raw(', '))})`);
}
