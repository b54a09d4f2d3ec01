import { and, arrayContained, arrayContains, arrayOverlaps, asc, avg, avgDistinct, between, count, countDistinct, desc, eq, exists, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, min, ne, not, notBetween, notExists, notIlike, notInArray, notLike, or, type SQL, sql, sum, sumDistinct } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { activeUsers, app, level, mood, posts, things, totals, users } from './schema';
import * as schema from './schema';
import * as orm from 'drizzle-orm';
const u2 = alias(users, 'u2');
const owner = alias(things, 'owner');

export const cases = {
  names1: sql`select ${users.id}`,
  names2: sql`select ${users.name}`,
  names3: sql`select ${users.email}`,
  names4: sql`select ${users.createdAt}`,
  names5: sql`select ${posts.authorId}`,
  names6: sql`select ${things.id}`,
  names7: sql`select ${things.ownerId}`,
  names8: sql`select ${things['odd name']}`,
  names9: sql`select ${activeUsers.name}`,
  names10: sql`select ${totals.authorId}`,
  names11: sql`select ${u2.id}`,
  names12: sql`select ${u2.email}`,
  names13: sql`select * from ${users}`,
  names14: sql`select * from ${posts}`,
  names15: sql`select * from ${things}`,
  names16: sql`select * from ${activeUsers}`,
  names17: sql`select * from ${totals}`,
  names18: sql`select * from ${u2}`,
  names19: sql`select * from ${mood}`,
  names20: sql`select * from ${level}`,
  names21: sql`select * from ${app}`,
  names22: sql`select count(*) from ${users} where ${users.age} > 18`,
  names23: sql`select ${users.id}, ${users.name} from ${users} order by ${users.createdAt} desc`,
  names24: sql`select ${posts.title} from ${posts} join ${users} on ${users.id} = ${posts.authorId}`,
  names25: sql`select 'happy'::${mood}`,
  names26: sql`select 'low'::${level}`,
  names27: sql`create schema if not exists ${app}`,
  names28: sql`select ${schema.users.id} from ${schema.users}`,
  names29: orm.sql`select ${schema.posts.title} from ${schema.posts}`,
  names30: orm.sql`select ${orm.eq(schema.posts.id, schema.users.id)}`,
  names31: sql`select ${owner.id} from ${owner}`,
  names32: sql`select ${owner['odd name']}`,
  names33: sql`delete from ${posts} where ${posts.id} = ${'x'}`,
  names34: sql`update ${posts} set ${sql.identifier(posts.title.name)} = ${'t'} where ${posts.views} < ${3}`,
  names35: sql`insert into ${users} (${sql.identifier('name')}) values (${'a'}) returning ${users.id}`,
  names36: sql`truncate ${posts}, ${things}`,
  names37: sql`select exists(select 1 from ${posts} where ${posts.authorId} = ${users.id})`,
  names38: sql<number>`select count(*)::int as n from ${posts}`,
  names39: sql<{ a: string; b: number | null }[]>`select ${users.name} as a, ${users.age} as b from ${users}`,
  names40: sql`refresh materialized view ${totals}`,
  names41: sql`select 1`,
  names42: sql`  select 1  `,
  names43: sql``,
  names44: sql`-- comment\nselect ${1}`,
  names45: sql`select '\\d' || \`x\` || '\${y}'`,
  names46: sql`select '\u0041\x42\u{43}'`,
  names47: sql`select \
1`,
};
