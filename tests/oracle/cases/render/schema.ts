import { relations, sql } from 'drizzle-orm';
import { boolean, integer, jsonb, numeric, pgEnum, pgMaterializedView, pgSchema, pgTable, pgView, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);
export const app = pgSchema('app');
export const level = app.enum('level', ['low', 'high']);

export const users = pgTable('users', {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull(),
  email: varchar('email_address', { length: 255 }).notNull().unique(),
  age: integer(),
  mood: mood(),
  active: boolean().notNull().default(true),
  tags: text().array(),
  settings: jsonb(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  deletedAt: timestamp('deleted_at'),
});

export const posts = pgTable('posts', {
  id: uuid().primaryKey().defaultRandom(),
  authorId: uuid('author_id').notNull().references(() => users.id),
  title: text().notNull(),
  body: text(),
  views: integer().notNull().default(0),
  score: numeric({ precision: 10, scale: 2 }),
  publishedAt: timestamp('published_at'),
});

export const things = app.table('things', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  ownerId: uuid('owner_id'),
  level: level(),
  'odd name': text('odd "name"'),
});

export const activeUsers = pgView('active_users').as((qb) => qb.select({ id: users.id, name: users.name }).from(users).where(sql`${users.active}`));
export const totals = pgMaterializedView('totals', { authorId: uuid('author_id'), n: integer() }).as(sql`select author_id, count(*)::int as n from posts group by 1`);

export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
