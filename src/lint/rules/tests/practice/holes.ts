import { desc, sql } from 'drizzle-orm';
import { db } from '@/db';
import { posts, users } from '@/db/schema';

export async function wrong(direction: 'asc' | 'desc', table: string, column: string, days: number, unit: string) {
  await db.execute(sql`select * from ${table}`);
  //                                 ^^^^^^^ syntax-error
  await db.execute(sql`select * from users order by name ${direction}`);
  //                                                     ^^^^^^^^^^^ syntax-error
  await db.select().from(users).orderBy(sql`${users.name} ${direction}`);
  //                                                      ^^^^^^^^^^^ syntax-error
  await db.execute(sql`select now() - interval ${days}`);
  //                                           ^^^^^^ syntax-error
  await db.execute(sql`alter table users add column ${column} text`);
  //                                                ^^^^^^^^ syntax-error
  await db.execute(sql`create role ${table}`);
  //                               ^^^^^^^ syntax-error
  await db.execute(sql`update users set ${column} = 1`);
  //                                    ^^^^^^^^ syntax-error
  await db.execute(sql`select date_trunc(${unit}, now()), extract(${unit} from now())`);
  //                                                              ^^^^^^ syntax-error
  await db.execute(sql`select * from users limit ${days} ${direction}`);
  //                                                     ^^^^^^^^^^^ syntax-error
}

export async function right(direction: 'asc' | 'desc', table: string, days: number, unit: string) {
  await db.execute(sql`select * from ${sql.identifier(table)}`);
  await db.execute(sql`select * from users order by name ${sql.raw(direction)}`);
  await db.execute(sql`select * from users order by name ${direction === 'asc' ? sql`asc` : sql`desc`}`);
  await db.select().from(users).orderBy(direction === 'asc' ? users.name : desc(users.name));
  await db.execute(sql`select now() - make_interval(days => ${days}), date_trunc(${unit}, now())`);
  await db.select().from(posts).limit(days).offset(sql`${days}`);
}
