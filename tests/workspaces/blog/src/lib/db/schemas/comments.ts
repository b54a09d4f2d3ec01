import { type } from 'arktype';
import { sql } from 'drizzle-orm';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-arktype';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { bigint, check, index, inet, pgTable, text } from 'drizzle-orm/pg-core';

import { timestamps } from '@/lib/db/columns/timestamps';
import { nanoid } from '@/lib/nanoid';

import { users } from './auth';
import { commentStatus } from './enums';
import { posts } from './posts';

export const comments = pgTable(
  'comments',
  {
    id: text()
      .primaryKey()
      .$defaultFn(() => nanoid()),
    seq: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    postId: text()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    authorId: text().references(() => users.id, { onDelete: 'set null' }),
    parentId: text().references((): AnyPgColumn => comments.id, { onDelete: 'cascade' }),
    body: text().notNull(),
    status: commentStatus().notNull().default('pending'),
    ipAddress: inet(),
    ...timestamps,
  },
  (table) => [
    index('comments_post_id_created_at_idx').on(table.postId, table.createdAt.desc()),
    index('comments_author_id_idx').on(table.authorId),
    index('comments_parent_id_idx').on(table.parentId),
    check('comments_body_length', sql`char_length(${table.body}) between 1 and 5000`),
  ],
);

export const insertCommentSchema = createInsertSchema(comments, {
  body: type('1 <= string <= 5000'),
});
export const selectCommentSchema = createSelectSchema(comments);
export const updateCommentSchema = createUpdateSchema(comments);

export type Comment = typeof selectCommentSchema.infer;
export type NewComment = typeof insertCommentSchema.infer;
