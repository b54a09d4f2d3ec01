import { and, arrayContained, arrayContains, arrayOverlaps, asc, avg, avgDistinct, between, count, countDistinct, desc, eq, exists, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, min, ne, not, notBetween, notExists, notIlike, notInArray, notLike, or, type SQL, sql, sum, sumDistinct } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { activeUsers, app, level, mood, posts, things, totals, users } from './schema';
import { isActive } from './lib';
const yes = (): boolean => true;
const cond: boolean = yes();
const search = ['term'].find(() => true);
const cursor = ['c'].find(() => false);
const flags = { a: true, b: false };
const sort: string = ['asc'].find(() => true)!;
const order = sort === 'asc' ? sql`asc` : sql`desc`;
const extra = search ? sql` and ${users.name} ilike ${search}` : undefined;
const conditions: SQL[] = [];
conditions.push(sql`${users.active}`);
const picked = cond ? users.name : users.email;
const fallback = cursor ?? 'none';
const limit = cond ? 10 : 20;

export const cases = {
  conditions1: sql`a ${cond ? sql`b` : sql`c`}`,
  conditions2: sql`a ${cond ? sql`b = ${1}` : undefined} d`,
  conditions3: sql`a ${cond ? 1 : 2}`,
  conditions4: sql`order by x ${order}`,
  conditions5: sql`where true${extra}`,
  conditions6: sql`select ${picked} from ${users}`,
  conditions7: sql`${cond ? users : posts}`,
  conditions8: sql`${cond ? sql`x` : sql``}`,
  conditions9: sql`limit ${limit}`,
  conditions10: sql`${cursor ?? 'c'}`,
  conditions11: sql`${fallback}`,
  conditions12: sql`${search || 'd'}`,
  conditions13: sql`${cond ? isActive : sql`true`}`,
  conditions14: sql`${cond ? eq(users.id, 'a') : undefined}`,
  conditions15: sql`${cond ? (flags.a ? sql`p` : sql`q`) : sql`r`}`,
  conditions16: sql`${and(cond ? eq(users.id, 'a') : undefined, sql`z`)}`,
  conditions17: sql`${and(search ? sql`s` : undefined, cursor ? sql`t` : undefined)}`,
  conditions18: sql`${cond ? sql`one` : sql`two`} ${cond ? sql`three` : sql`four`}`,
  conditions19: sql`${!cond ? sql`one` : sql`two`} x`,
  conditions20: sql`order by ${users.name} ${sort === 'asc' ? sql`asc` : sql`desc`}`,
  conditions21: sql`order by ${users.name} ${sql.raw(sort === 'asc' ? 'asc' : 'desc')}`,
  conditions22: sql`where ${sql.join(conditions, sql` and `)}`,
  conditions23: sql`where ${and(...conditions)}`,
  conditions24: sql`${true ? sql`k` : sql`l`}`,
  conditions25: sql`${undefined ?? sql`m`}`,
  conditions26: sql`${flags.b ? sql`n` : sql`o`}`,
  conditions27: sql`in ${cond ? ['a', 'b'] : ['c']}`,
  conditions28: sql`${cond ? sql`a` : sql`b`} ${search ? sql`c` : sql`d`} ${cursor ? sql`e` : sql`f`}`,
  conditions29: sql`${search ? like(users.name, search) : sql`true`}`,
  conditions30: sql`${cond ? desc(users.name) : asc(users.email)}`,
  conditions31: sql`x${search && sql` and ${users.name} = ${search}`}`,
};
