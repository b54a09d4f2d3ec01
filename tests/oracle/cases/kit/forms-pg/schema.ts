import { getTableColumns, sql } from 'drizzle-orm';
import * as d from 'drizzle-orm/pg-core';
import { boolean, integer, pgEnum, pgTable, text, type AnyPgColumn, pgView, uniqueIndex, index } from 'drizzle-orm/pg-core';
import settings, * as h from './helpers';
import { Role as Roles, userRef as ref } from './helpers';

const isTest = false;
const SIZES = ['s', 'm', 'l'];
export const status = pgEnum('status', Object.values(h.STATUS) as [string, ...string[]]);
export const statusKeys = pgEnum('status_keys', Object.keys(h.STATUS) as any);
export const role = pgEnum('role', Roles);
export const roleValues = pgEnum('role_values', h.values(Roles));
export const level = pgEnum('level', h.MORE_LEVELS);
export const mapped = pgEnum('mapped', h.mapped(h.STATUS));
export const size = d.pgEnum('size', SIZES.map((it) => it.toUpperCase()) as [string, ...string[]]);
export const filtered = pgEnum('filtered', SIZES.filter((it) => it !== 'm') as any);

export const users = pgTable('users', {
  ...h.base,
  managerId: d.uuid('manager_id').references((): AnyPgColumn => users.id),
  role: role('role').notNull().default(Roles.Member),
  levels: level('levels').array().notNull().default(['low']),
  status: status().default(h.STATUS.open),
  ...(isTest ? { onlyInTests: text() } : {}),
  ...(!isTest && { production: boolean().default(true) }),
  ...Object.fromEntries(['first', 'second'].map((name) => [`${name}Flag`, boolean(`${name}_flag`).default(false)])),
});

export const posts = pgTable(`${settings.prefix}_posts`, (t) => ({
  ...h.withoutId,
  id: t.serial().primaryKey(),
  author: ref('author_id').notNull(),
  editor: h.userRef(),
  ...h.withOwner('owner_id'),
  ...{ ...h.withOwner('second_owner', false), note: h.factories.note('note') },
  slug: h.factories.slug().unique(),
  embedding: h.sized('embedding', 1_536),
  ['computed' + 'Key']: t.text(),
  body: t.text('body').default(`a 'quoted' text`),
}), (t) => [...h.tenantIndexes('posts', t), uniqueIndex('posts_slug_idx').on(t.slug.asc(), sql`lower(${t.body})`)]);

export const piped = pgTable('piped', h.pipe(h.withTitle, h.withRank)({ id: integer('id').primaryKey() }));

const tables = {
  inner: pgTable('inner_table', { id: integer().primaryKey(), parent: integer().references(() => posts.id) }),
};
export const inner = tables.inner;
export const { inner: innerAgain } = tables;

const make = <T extends string>(name: T) => pgTable(name, { id: integer().primaryKey(), name: text('name') }, (t) => [index(`${name}_name_idx`).on(t.name)]);
export const made = make('made');
export const madeToo = make('made_too');

export const names = pgView('names').as((qb) => qb.select({ ...getTableColumns(made), upper: sql<string>`upper(${made.name})`.as('upper') }).from(made));

export default pgTable('default_export', { id: integer('id').primaryKey(), big: d.bigint({ mode: 'number' }).default(Number('3')) });
export type User = typeof users.$inferSelect;
