import { createInsertSchema, createSelectSchema } from 'drizzle-arktype';
import { date, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

import { posts } from './posts';

export const postDailyStats = pgTable(
  'post_daily_stats',
  {
    postId: text()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    day: date().notNull(),
    views: integer().notNull().default(0),
    uniqueVisitors: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.postId, table.day] })],
);

export const insertPostDailyStatsSchema = createInsertSchema(postDailyStats);
export const selectPostDailyStatsSchema = createSelectSchema(postDailyStats);

export type PostDailyStats = typeof selectPostDailyStatsSchema.infer;
