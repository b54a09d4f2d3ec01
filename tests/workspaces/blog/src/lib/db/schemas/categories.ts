import { type } from 'arktype';
import { sql } from 'drizzle-orm';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-arktype';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { check, index, integer, pgTable, text, varchar } from 'drizzle-orm/pg-core';

import { timestamps } from '@/lib/db/columns/timestamps';
import { nanoid } from '@/lib/nanoid';

export const categories = pgTable(
  'categories',
  {
    id: text()
      .primaryKey()
      .$defaultFn(() => nanoid()),
    number: integer().generatedAlwaysAsIdentity(),
    parentId: text().references((): AnyPgColumn => categories.id, { onDelete: 'set null' }),
    name: varchar({ length: 80 }).notNull(),
    slug: varchar({ length: 80 }).notNull().unique(),
    description: text(),
    ...timestamps,
  },
  (table) => [
    index('categories_parent_id_idx').on(table.parentId),
    check('categories_slug_format', sql`${table.slug} ~ '^[a-z0-9]+(-[a-z0-9]+)*$'`),
  ],
);

export const insertCategorySchema = createInsertSchema(categories, {
  name: type('1 <= string <= 80'),
  slug: type(/^[a-z0-9]+(-[a-z0-9]+)*$/),
});
export const selectCategorySchema = createSelectSchema(categories);
export const updateCategorySchema = createUpdateSchema(categories);

export type Category = typeof selectCategorySchema.infer;
export type NewCategory = typeof insertCategorySchema.infer;
