import { and, arrayContained, arrayContains, arrayOverlaps, asc, avg, avgDistinct, between, count, countDistinct, desc, eq, exists, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, min, ne, not, notBetween, notExists, notIlike, notInArray, notLike, or, type SQL, sql, sum, sumDistinct } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { activeUsers, app, level, mood, posts, things, totals, users } from './schema';
import nowUtc, { PAGE_SIZE, STATUSES, asc as ascending, byAuthor, columnNames, isActive, jsonAgg, lower, published, recent } from './lib';
import * as lib from './lib';
const ids = ['a', 'b'];
const rows = [{ id: 1, name: 'x' }, { id: 2, name: 'y' }];
const part = sql`${users.id} = ${'p'}`;
const nestedPart = sql`(${part} or ${part})`;
const comma = sql`, `;
const chunks: SQL[] = [sql`a`, sql`b`];
const built = sql`select 1`;
const direction = 'desc';
const col = sql.identifier('col');
const dir = sql.raw(direction);
function local(x: string) {
  const trimmed = x.trim();
  return sql`trim(${trimmed})`;
}
const wrap = (inner: SQL) => sql`(${inner})`;
const pick = (t: typeof users) => sql`${t.id}, ${t.email}`;
const makeRaw = (s: string) => sql.raw(`"${s}"`);

export const cases = {
  nesting1: sql`${part}`,
  nesting2: sql`${nestedPart}`,
  nesting3: sql`where ${sql`a = ${1}`} and ${sql`b = ${2}`}`,
  nesting4: sql`${sql`${sql`${sql`deep ${1}`}`}`}`,
  nesting5: sql`${isActive}`,
  nesting6: sql`select ${nowUtc}`,
  nesting7: sql`limit ${PAGE_SIZE}`,
  nesting8: sql`status in ${STATUSES}`,
  nesting9: sql`${lower(users.email)}`,
  nesting10: sql`${lib.lower(users.name)}`,
  nesting11: sql`${lib.isActive} and ${lib.recent(3)}`,
  nesting12: sql`${byAuthor('q')}`,
  nesting13: sql`${recent(30)}`,
  nesting14: sql`${published()}`,
  nesting15: sql`select ${columnNames.title}, ${columnNames.body}`,
  nesting16: sql`select ${jsonAgg(sql`${posts.id} order by ${posts.views}`)}`,
  nesting17: sql`order by ${users.name} ${ascending}`,
  nesting18: sql`${sql.raw('now()')}`,
  nesting19: sql`${sql.raw(`interval '1 day'`)}`,
  nesting20: sql`order by x ${sql.raw(direction)}`,
  nesting21: sql`order by x ${dir}`,
  nesting22: sql`${sql.raw(`order by x ${direction}`)}`,
  nesting23: sql`${sql.raw('a' + 'b')}`,
  nesting24: sql`${makeRaw('q')}`,
  nesting25: sql`excluded.${sql.identifier('title')}`,
  nesting26: sql`excluded.${sql.identifier(posts.title.name)}`,
  nesting27: sql`${sql.raw(`excluded.${posts.title.name}`)}`,
  nesting28: sql`${sql.identifier('a"b')}`,
  nesting29: sql`${sql.identifier('MixedCase')}`,
  nesting30: sql`${col}`,
  nesting31: sql`${sql.identifier('app')}.${sql.identifier('things')}`,
  nesting32: sql`${sql.join([sql`a`, sql`b`, sql`c`], sql`, `)}`,
  nesting33: sql`${sql.join([sql`a`], sql` and `)}`,
  nesting34: sql`${sql.join([], sql`, `)}`,
  nesting35: sql`${sql.join([1, 2], sql`, `)}`,
  nesting36: sql`${sql.join(['x', 'y'], comma)}`,
  nesting37: sql`${sql.join([users.id, users.name], sql.raw(', '))}`,
  nesting38: sql`${sql.join(chunks, sql` `)}`,
  nesting39: sql`${sql.join([part, nestedPart], sql` and `)}`,
  nesting40: sql`${sql.join([sql`a`, sql`b`])}`,
  nesting41: sql`in (${sql.join(ids, sql`, `)})`,
  nesting42: sql`in (${sql.join(ids.map((id) => sql`${id}`), sql`, `)})`,
  nesting43: sql`in (${sql.join(['k', 'l'].map((id) => sql`${id}::uuid`), sql`, `)})`,
  nesting44: sql`values ${sql.join(rows.map((r) => sql`(${r.id}, ${r.name})`), sql`, `)}`,
  nesting45: sql`array[${sql.join(ids.map((it) => sql.param(it)), sql`, `)}]::text[]`,
  nesting46: sql`${sql.empty()}`,
  nesting47: sql`a ${sql.empty()} b`,
  nesting48: sql`x ${undefined} y`,
  nesting49: sql`a`.append(sql` b ${1}`),
  nesting50: sql`${sql`a`.append(sql` b`)}`,
  nesting51: sql`${sql`x = ${1}`.mapWith(Number)}`,
  nesting52: sql`${sql`count(*)`.as('n')}`,
  nesting53: sql`order by ${sql`x`.as('Total N')}`,
  nesting54: sql`${sql`x`.if(true)}`,
  nesting55: sql`a ${sql`x`.if(false)} b`,
  nesting56: sql`interval ${sql`${'1 day'}`.inlineParams()}`,
  nesting57: sql`select ${1}, ${"it's"}`.inlineParams(),
  nesting58: sql`${sql`${true} ${null} ${2}`.inlineParams()}`,
  nesting59: sql`${local(' a ')}`,
  nesting60: sql`${wrap(sql`a = ${1}`)}`,
  nesting61: sql`${wrap(wrap(part))}`,
  nesting62: sql`select ${pick(users)} from ${users}`,
  nesting63: sql`${wrap(eq(users.id, 'x'))}`,
  nesting64: sql`${and(isActive, recent(1))}`,
  nesting65: sql`${or(part, sql`x`)}`,
  nesting66: sql`with x as (${built}) select * from x`,
  nesting67: sql`${built} union all ${built}`,
  nesting68: sql`${sql.fromList([sql`a`, sql` b`])}`,
  nesting69: sql`(${sql.join([eq(users.id, 'a'), gt(users.age, 3)], sql` or `)})`,
  nesting70: sql`case when ${isActive} then ${1} else ${2} end`,
  nesting71: sql`coalesce(${users.name}, ${'-'})`,
  nesting72: sql`${users.settings}->>${'key'}`,
  nesting73: sql`${users.settings}->'a'->>'b' = ${'c'}`,
  nesting74: sql`${users.tags} @> ${sql.param(['a'])}::text[]`,
  nesting75: sql`any(${sql.param(ids)})`,
  nesting76: sql`to_tsvector('english', ${posts.title} || ' ' || ${posts.body}) @@ websearch_to_tsquery(${'q'})`,
  nesting77: sql`${users.createdAt} > now() - interval '7 days'`,
  nesting78: sql`date_trunc('day', ${posts.publishedAt})`,
  nesting79: sql`row_number() over (partition by ${posts.authorId} order by ${posts.views} desc)`,
  nesting80: sql`(select max(${posts.views}) from ${posts} where ${posts.authorId} = ${users.id})`,
  nesting81: sql`${posts.views} + 1`,
  nesting82: sql`excluded.views`,
  nesting83: sql`now()`,
  nesting84: sql`gen_random_uuid()`,
  nesting85: sql`${'x'}::${sql.raw('uuid')}`,
};
