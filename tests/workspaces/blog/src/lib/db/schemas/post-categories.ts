import { createInsertSchema, createSelectSchema } from 'drizzle-arktype';
import { index, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';

import { categories } from './categories';
import { posts } from './posts';

export const postCategories = pgTable(
  'post_categories',
  {
    postId: text()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    categoryId: text()
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    position: smallint().notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.postId, table.categoryId] }),
    index('post_categories_category_id_idx').on(table.categoryId),
  ],
);

export const insertPostCategorySchema = createInsertSchema(postCategories);
export const selectPostCategorySchema = createSelectSchema(postCategories);

export type PostCategory = typeof selectPostCategorySchema.infer;
