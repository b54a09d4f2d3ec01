import { relations } from 'drizzle-orm';

import { users } from './auth';
import { categories } from './categories';
import { comments } from './comments';
import { postCategories } from './post-categories';
import { postDailyStats } from './post-daily-stats';
import { posts } from './posts';

export const postsRelations = relations(posts, ({ one, many }) => ({
  author: one(users, { fields: [posts.authorId], references: [users.id] }),
  comments: many(comments),
  postCategories: many(postCategories),
  dailyStats: many(postDailyStats),
}));

export const categoriesRelations = relations(categories, ({ one, many }) => ({
  parent: one(categories, {
    fields: [categories.parentId],
    references: [categories.id],
    relationName: 'category_tree',
  }),
  children: many(categories, { relationName: 'category_tree' }),
  postCategories: many(postCategories),
}));

export const postCategoriesRelations = relations(postCategories, ({ one }) => ({
  post: one(posts, { fields: [postCategories.postId], references: [posts.id] }),
  category: one(categories, {
    fields: [postCategories.categoryId],
    references: [categories.id],
  }),
}));

export const commentsRelations = relations(comments, ({ one, many }) => ({
  post: one(posts, { fields: [comments.postId], references: [posts.id] }),
  author: one(users, { fields: [comments.authorId], references: [users.id] }),
  parent: one(comments, {
    fields: [comments.parentId],
    references: [comments.id],
    relationName: 'comment_thread',
  }),
  replies: many(comments, { relationName: 'comment_thread' }),
}));

export const postDailyStatsRelations = relations(postDailyStats, ({ one }) => ({
  post: one(posts, { fields: [postDailyStats.postId], references: [posts.id] }),
}));
