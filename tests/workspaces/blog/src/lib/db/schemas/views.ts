import { sql } from 'drizzle-orm';
import {
  integer,
  pgMaterializedView,
  pgView,
  text,
  timestamp,
  varchar,
} from 'drizzle-orm/pg-core';

import { users } from './auth';
import { comments } from './comments';
import { postDailyStats } from './post-daily-stats';
import { posts } from './posts';

// Not part of the barrel: drizzle-kit reads every file of this directory and
// refuses a view that it meets a second time through a re-export.
export const publishedPosts = pgView('published_posts', {
  id: text('id').notNull(),
  authorId: text('author_id').notNull(),
  authorName: text('author_name').notNull(),
  title: varchar('title', { length: 200 }).notNull(),
  slug: varchar('slug', { length: 220 }).notNull(),
  readingMinutes: integer('reading_minutes'),
  publishedAt: timestamp('published_at', { withTimezone: true }).notNull(),
}).as(
  sql`select ${posts.id}, ${posts.authorId}, ${users.name} as author_name, ${posts.title}, ${posts.slug}, ${posts.readingMinutes}, ${posts.publishedAt} from ${posts} inner join ${users} on ${users.id} = ${posts.authorId} where ${posts.status} = 'published'`,
);

export const postStats = pgMaterializedView('post_stats', {
  postId: text('post_id').notNull(),
  totalViews: integer('total_views').notNull(),
  approvedComments: integer('approved_comments').notNull(),
  lastCommentAt: timestamp('last_comment_at', { withTimezone: true }),
}).as(
  sql`select p.id as post_id, coalesce(v.total, 0)::integer as total_views, count(c.id)::integer as approved_comments, max(c.created_at) as last_comment_at from ${posts} p left join ${comments} c on c.post_id = p.id and c.status = 'approved' left join (select post_id, sum(views) as total from ${postDailyStats} group by post_id) v on v.post_id = p.id group by p.id, v.total`,
);
