import { type } from 'arktype';
import { type SQL, sql } from 'drizzle-orm';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-arktype';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/pg-core';

import { timestamps } from '@/lib/db/columns/timestamps';
import { tsvector } from '@/lib/db/columns/tsvector';
import { nanoid } from '@/lib/nanoid';

import { users } from './auth';
import { postStatus } from './enums';

export type PostMetadata = {
  canonicalUrl?: string;
  coverImage?: { url: string; alt: string };
  keywords?: string[];
};

export const posts = pgTable(
  'posts',
  {
    id: text()
      .primaryKey()
      .$defaultFn(() => nanoid()),
    authorId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: varchar({ length: 200 }).notNull(),
    slug: varchar({ length: 220 }).notNull(),
    body: text().notNull().default(''),
    excerpt: text(),
    status: postStatus().notNull().default('draft'),
    featured: boolean().notNull().default(false),
    tags: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    metadata: jsonb()
      .$type<PostMetadata>()
      .notNull()
      .default(sql`'{}'::jsonb`),
    viewCount: integer().notNull().default(0),
    commentCount: integer().notNull().default(0),
    readingMinutes: integer(),
    rating: numeric({ precision: 3, scale: 2 }),
    publishedAt: timestamp({ withTimezone: true }),
    searchVector: tsvector().generatedAlwaysAs(
      (): SQL =>
        sql`setweight(to_tsvector('english', ${posts.title}), 'A') || setweight(to_tsvector('english', coalesce(${posts.excerpt}, '')), 'B') || setweight(to_tsvector('english', ${posts.body}), 'C')`,
    ),
    ...timestamps,
  },
  (table) => [
    index('posts_author_id_created_at_idx').on(table.authorId, table.createdAt.desc()),
    uniqueIndex('posts_slug_key').on(sql`lower(${table.slug})`),
    index('posts_published_at_idx')
      .on(table.publishedAt.desc())
      .where(sql`${table.status} = 'published'`),
    index('posts_tags_idx').using('gin', table.tags),
    index('posts_search_vector_idx').using('gin', table.searchVector),
    check(
      'posts_published_has_date',
      sql`${table.status} <> 'published' or ${table.publishedAt} is not null`,
    ),
    check('posts_rating_range', sql`${table.rating} between 0 and 5`),
    check('posts_reading_minutes_positive', sql`${table.readingMinutes} > 0`),
  ],
);

export const insertPostSchema = createInsertSchema(posts, {
  title: type('1 <= string <= 200'),
});
export const selectPostSchema = createSelectSchema(posts);
export const updatePostSchema = createUpdateSchema(posts);

export type Post = typeof selectPostSchema.infer;
export type NewPost = typeof insertPostSchema.infer;
