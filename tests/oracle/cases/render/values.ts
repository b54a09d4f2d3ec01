import { and, arrayContained, arrayContains, arrayOverlaps, asc, avg, avgDistinct, between, count, countDistinct, desc, eq, exists, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, min, ne, not, notBetween, notExists, notIlike, notInArray, notLike, or, type SQL, sql, sum, sumDistinct } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { activeUsers, app, level, mood, posts, things, totals, users } from './schema';
const id: string = String(Math.floor(7));
const n: number = 5;
const flag = true;
const ids = ['a', 'b'];
const nums: number[] = [1, 2];
const empty: string[] = [];
const now = new Date(0);
const row = { id: 'r', nested: { deep: 4 }, list: ['x', 'y'] };
const maybe: string | null = null;
let counter = 1;
counter++;
const [head, second] = ids;
const { nested, id: rowId } = row;
const fn = () => 'v';
const withDefault = (x: string = 'd') => sql`x = ${x}`;
enum Status { Open = 'open', Closed = 'closed' }

export const cases = {
  values1: sql`select ${1}`,
  values2: sql`select ${'a'}`,
  values3: sql`select ${true}`,
  values4: sql`select ${null}`,
  values5: sql`select ${1.5}`,
  values6: sql`select ${-1}`,
  values7: sql`select ${`t`}`,
  values8: sql`select ${`t${n}`}`,
  values9: sql`select ${id}`,
  values10: sql`select ${n}`,
  values11: sql`select ${flag}`,
  values12: sql`select ${now}`,
  values13: sql`select ${row.id}`,
  values14: sql`select ${row.nested.deep}`,
  values15: sql`select ${maybe}`,
  values16: sql`select ${counter}`,
  values17: sql`select ${head}`,
  values18: sql`select ${second}`,
  values19: sql`select ${nested.deep}`,
  values20: sql`select ${rowId}`,
  values21: sql`select ${fn()}`,
  values22: sql`select ${n + 1}`,
  values23: sql`select ${n * 2}`,
  values24: sql`select ${`%${id}%`}`,
  values25: sql`select ${id.toUpperCase()}`,
  values26: sql`select ${'a' + id}`,
  values27: sql`select ${Status.Open}`,
  values28: sql`select ${ids[0]}`,
  values29: sql`select ${ids.length}`,
  values30: sql`select ${ids.join(',')}`,
  values31: sql`select ${JSON.stringify(row)}`,
  values32: sql`select ${new Date(0)}`,
  values33: sql`select ${now.toISOString()}`,
  values34: sql`select ${Number('3')}`,
  values35: sql`select ${String(4)}`,
  values36: sql`select ${10n}`,
  values37: sql`select ${row as any}`,
  values38: sql`select ${id as string}`,
  values39: sql`select ${id!}`,
  values40: sql`select ${(n)}`,
  values41: sql`select ${!flag}`,
  values42: sql`select ${Math.max(1, n)}`,
  values43: sql`select ${ids.map((x) => x + '!')[0]}`,
  values44: sql`select ${typeof n}`,
  values45: sql`select ${n > 3}`,
  values46: sql`select ${undefined}`,
  values47: sql`select ${[1, 2]}`,
  values48: sql`select ${['a']}`,
  values49: sql`select ${ids}`,
  values50: sql`select ${nums}`,
  values51: sql`select ${row.list}`,
  values52: sql`select ${[id, n]}`,
  values53: sql`select ${[...ids]}`,
  values54: sql`select ${[...ids, 'c']}`,
  values55: sql`select ${ids.map((x) => x.trim())}`,
  values56: sql`select ${nums.filter((x) => x > 0)}`,
  values57: sql`select ${(['p', 'q'] as string[])}`,
  values58: sql`select ${[sql`1`, users.id]}`,
  values59: sql`select ${[[1, 2], [3, 4]]}`,
  values60: sql`select ${sql.param(ids)}`,
  values61: sql`select ${sql.param(id)}`,
  values62: sql`select ${sql.param(5)}`,
  values63: sql`select ${sql.placeholder('p')}`,
  values64: sql`select ${row}`,
  values65: sql`select ${{ a: 1 }}`,
  values66: sql`${1} ${2} ${3}`,
  values67: sql`a ${1}${2} b`,
  values68: sql`x in ${ids} and y in ${nums}`,
  values69: sql`limit ${n} offset ${n * 2}`,
  values70: sql`name like ${'%' + id + '%'}`,
  values71: withDefault(),
  values72: sql`${withDefault()}`,
  values73: sql`${withDefault('z')}`,
  values74: sql`select ${fn()}, ${row.id}, ${users.id}`,
};
