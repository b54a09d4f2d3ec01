import { queryOptions } from '@tanstack/react-query';
import { createServerFn } from '@tanstack/react-start';
import { type } from 'arktype';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';

import { db } from '@/lib/db';
import { comments, insertCommentSchema, posts, users } from '@/lib/db/schemas';

const newComment = insertCommentSchema.pick('postId', 'authorId', 'parentId', 'body');

const threadInput = type({ postId: 'string', maxDepth: '1 <= number.integer <= 10 = 4' });

export const addComment = createServerFn({ method: 'POST' })
  .validator(newComment)
  .handler(async ({ data }) => {
    const [comment] = await db.insert(comments).values(data).returning();
    return comment;
  });

export const fetchThread = createServerFn()
  .validator(threadInput)
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ id: string; body: string; depth: number; author: string | null }>(sql`
      with recursive thread as (
        select c.id, c.parent_id, c.author_id, c.body, c.created_at, 1 as depth, array[c.seq] as path
        from ${comments} c
        where c.post_id = ${data.postId} and c.parent_id is null
        union all
        select c.id, c.parent_id, c.author_id, c.body, c.created_at, t.depth + 1, t.path || c.seq
        from ${comments} c
        inner join thread t on t.id = c.parent_id
        where t.depth < ${data.maxDepth}
      )
      select t.id, t.body, t.depth, u.name as author
      from thread t
      left join ${users} u on u.id = t.author_id
      order by t.path
    `);
    return rows;
  });

export const fetchReplies = createServerFn()
  .validator(type({ parentId: 'string' }))
  .handler(async ({ data }) => {
    const reply = alias(comments, 'reply');
    const replyAuthor = alias(users, 'reply_author');
    return db
      .select({
        id: reply.id,
        body: reply.body,
        author: sql<string>`coalesce(${replyAuthor.name}, 'deleted user')`,
        answersOwnPost: sql<boolean>`${reply.authorId} is not distinct from ${posts.authorId}`,
      })
      .from(comments)
      .innerJoin(reply, eq(reply.parentId, comments.id))
      .innerJoin(posts, eq(posts.id, reply.postId))
      .leftJoin(replyAuthor, eq(replyAuthor.id, reply.authorId))
      .where(and(eq(comments.id, data.parentId), sql`${reply.status} = 'approved'`))
      .orderBy(sql`${reply.createdAt} asc nulls first`);
  });

export const fetchModerationQueue = createServerFn()
  .validator(type({ onlyAnonymous: 'boolean', 'network?': 'string' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ id: string; body: string; title: string }>(sql`
      select c.id, c.body, p.title
      from ${comments} c
      inner join ${posts} p on p.id = c.post_id
      where c.status = 'pending'
        ${data.onlyAnonymous ? sql`and c.author_id is null` : sql``}
        ${data.network ? sql`and c.ip_address << ${data.network}::inet` : sql``}
      order by c.created_at
      limit 100
    `);
    return rows;
  });

export const purgeSpam = createServerFn({ method: 'POST' })
  .validator(type({ olderThanDays: 'number.integer > 0' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ id: string }>(sql`
      delete from ${comments} c
      using ${posts} p
      where p.id = c.post_id
        and c.status = 'spam'
        and p.status <> 'draft'
        and c.created_at < now() - make_interval(days => ${data.olderThanDays})
      returning c.id
    `);
    return rows.length;
  });

export const countRecentComments = createServerFn().handler(async () => {
  const [row] = await db
    .select({
      total: sql<number>`count(*)::int`,
      approved: sql<number>`(count(*) filter (where ${comments.status} = 'approved'))::int`,
      people: sql<number>`count(distinct ${comments.authorId})`.mapWith(Number),
    })
    .from(comments)
    .where(and(sql`${comments.createdAt} > now() - interval '7 days'`, isNull(comments.parentId)));
  return row;
});

export const commentQueries = {
  all: () => ['comments'] as const,
  thread: (postId: string) =>
    queryOptions({
      queryKey: [...commentQueries.all(), 'thread', postId],
      queryFn: () => fetchThread({ data: { postId } }),
    }),
  replies: (parentId: string) =>
    queryOptions({
      queryKey: [...commentQueries.all(), 'replies', parentId],
      queryFn: () => fetchReplies({ data: { parentId } }),
    }),
};
