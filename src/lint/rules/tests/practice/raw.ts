import { sql } from 'drizzle-orm';
import * as d from 'drizzle-orm';
import { createServerFn } from '@tanstack/react-start';
import { db } from '@/db';
import { posts, users } from '@/db/schema';

const COLUMNS = { name: 'name', created: 'created_at' } as const;
const TABLES = ['users', 'posts'] as const;
const SCHEMA = process.env.DB_SCHEMA ?? 'public';

export async function wrong(column: string, q: { sort: string }) {
  await db.select().from(users).orderBy(sql.raw(column + ' desc'));
  //                                            ^^^^^^ raw-interpolation
  await db.select().from(users).orderBy(d.sql.raw(`${q.sort} desc`));
  //                                                 ^^^^^^ raw-interpolation
  await db.execute(sql.raw(`set search_path to ${column}`));
  //                                             ^^^^^^ raw-interpolation
  await db.execute(`select * from users where name = '${column}'`);
  //                                                    ^^^^^^ raw-interpolation
  await db.execute(sql`select * from ${sql.raw(column)}`);
  //                                           ^^^^^^ raw-interpolation
}

export const route = createServerFn({ method: 'GET' })
  .validator((input: { order: string; limit: number }) => input)
  .handler(async ({ data }) => db.select().from(posts).orderBy(sql.raw(`${data.order} limit ${data.limit}`)));
//                                                                        ^^^^^^^^^^ raw-interpolation

export async function GET(request: Request) {
  const order = new URL(request.url).searchParams.get('order') ?? 'id';
  return Response.json(await db.execute(sql.raw(`select * from users order by ${order}`)));
  //                                                                            ^^^^^ raw-interpolation
}

export async function right(key: keyof typeof COLUMNS, dir: 'asc' | 'desc', column: string, days: number) {
  await db.select().from(users).orderBy(sql.raw(`${COLUMNS[key]} ${dir}`));
  await db.select().from(users).orderBy(sql`${sql.identifier(column)} desc`);
  await db.execute(sql.raw(`set search_path to ${SCHEMA}`));
  for (const table of TABLES) await db.execute(sql.raw(`truncate ${table}`));
  await db.execute(sql.raw(`select now() - interval '${days} days'`));
  await db.execute(sql.raw(`select now() - interval '${Number(column)} days'`));
  if (column !== 'name' && column !== 'email') throw new Error('no');
  await db.select().from(users).orderBy(sql.raw(column));
}

// Who else could call them?
const excluded = (column: string) => sql.raw(`excluded."${column}"`);
function truncate({ table, schema }: { table: string; schema: string }) {
  return db.execute(sql.raw(`truncate ${schema}.${table}`));
  //                                              ^^^^^ raw-interpolation
}
const listed = (names: string[]) => sql.raw(names.map((it) => `'${it}'`).join(', '));
const through = (prefix: string) => excluded(prefix + '_id');
const passed = (name: string) => sql.raw(name + ' desc');
//                                       ^^^^ raw-interpolation
export const sorts = ['a', 'b'].map(passed);
export async function closed(table: string) {
  await db.select({ a: excluded(users.email.name), b: through('org') }).from(users);
  await truncate({ table, schema: 'public' });
  return listed(['a', 'b']);
}
