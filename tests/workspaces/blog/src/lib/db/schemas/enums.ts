import { pgEnum } from 'drizzle-orm/pg-core';

export const postStatus = pgEnum('post_status', ['draft', 'scheduled', 'published', 'archived']);

export const commentStatus = pgEnum('comment_status', ['pending', 'approved', 'spam']);
