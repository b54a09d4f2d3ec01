import { queryOptions } from '@tanstack/react-query';
import { notFound } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';

import { db } from '@/lib/db';
import { users } from '@/lib/db/schemas';
import { categories } from '@/lib/db/schemas/categories';
import { comments } from '@/lib/db/schemas/comments';
import { postCategories } from '@/lib/db/schemas/post-categories';
import { postDailyStats } from '@/lib/db/schemas/post-daily-stats';
import { posts as postsTable } from '@/lib/db/schemas/posts';

import {
  createPostInput,
  listPostsInput,
  postId,
  publishPostsInput,
  recordViewInput,
  tagInput,
} from '../validators';

const sortings = {
  newest: sql`${postsTable.publishedAt} desc nulls last`,
  popular: sql`${postsTable.viewCount} desc, ${postsTable.createdAt} desc`,
  title: sql`lower(${postsTable.title}) collate "C"`,
};

export const fetchPosts = createServerFn()
  .validator(listPostsInput)
  .handler(async ({ data }) => {
    const latestComment = db
      .select({
        postId: comments.postId,
        total: sql<number>`count(*)::int`.as('total'),
        lastAt: sql<string>`max(${comments.createdAt})`.as('last_at'),
      })
      .from(comments)
      .where(eq(comments.status, 'approved'))
      .groupBy(comments.postId)
      .as('latest_comment');

    const posts = await db
      .select({
        id: postsTable.id,
        title: postsTable.title,
        author: users.name,
        tags: postsTable.tags,
        comments: sql<number>`coalesce(${latestComment.total}, 0)`,
        preview: sql<string>`coalesce(${postsTable.excerpt}, left(${postsTable.body}, 200))`,
        daysOld: sql<number>`extract(day from now() - ${postsTable.createdAt})::int`,
        cover: sql<string | null>`${postsTable.metadata} -> 'coverImage' ->> 'url'`,
      })
      .from(postsTable)
      .innerJoin(users, eq(users.id, postsTable.authorId))
      .leftJoin(latestComment, eq(latestComment.postId, postsTable.id))
      .where(
        and(
          data.status ? eq(postsTable.status, data.status) : undefined,
          data.search
            ? sql`(${postsTable.title} ilike ${`%${data.search}%`} or ${data.search} = any(${postsTable.tags}))`
            : undefined,
          data.categorySlug
            ? sql`exists (
                select 1
                from ${postCategories}
                inner join ${categories} on ${categories.id} = ${postCategories.categoryId}
                where ${postCategories.postId} = ${postsTable.id}
                  and ${categories.slug} = ${data.categorySlug}
              )`
            : undefined,
        ),
      )
      .orderBy(sortings[data.sort ?? 'newest'], asc(postsTable.id))
      .limit(data.perPage)
      .offset((data.page - 1) * data.perPage);
    return posts;
  });

export const fetchPostById = createServerFn()
  .validator(postId)
  .handler(async ({ data: id }) => {
    const post = await db.query.posts.findFirst({
      where: (post, { eq: equals }) => equals(post.id, id),
      columns: { searchVector: false },
      with: {
        author: { columns: { id: true, name: true, image: true } },
        comments: {
          where: (comment) => sql`${comment.status} = 'approved' and ${comment.parentId} is null`,
          orderBy: (comment) => [desc(comment.createdAt)],
          limit: 50,
        },
      },
      extras: {
        wordCount: sql<number>`cardinality(regexp_split_to_array(trim(body), '\\s+'))`.as('word_count'),
      },
    });
    if (!post) throw notFound();
    return post;
  });

export const createPost = createServerFn({ method: 'POST' })
  .validator(createPostInput)
  .handler(async ({ data }) => {
    const [created] = await db
      .insert(postsTable)
      .values({
        ...data,
        readingMinutes: sql`greatest(1, char_length(${data.body}::text) / 1200)`,
      })
      .returning({ id: postsTable.id, slug: sql<string>`lower(${postsTable.slug})` });
    return created;
  });

export const publishPosts = createServerFn({ method: 'POST' })
  .validator(publishPostsInput)
  .handler(async ({ data }) => {
    return db
      .update(postsTable)
      .set({
        status: 'published',
        publishedAt: sql`coalesce(${postsTable.publishedAt}, now())`,
      })
      .where(sql`${postsTable.id} = any(${sql.param(data.ids)}) and ${postsTable.status} <> 'published'`)
      .returning({ id: postsTable.id });
  });

export const recordView = createServerFn({ method: 'POST' })
  .validator(recordViewInput)
  .handler(async ({ data }) => {
    await db.transaction(async (tx) => {
      await tx
        .insert(postDailyStats)
        .values({
          postId: data.postId,
          day: sql`current_date`,
          views: 1,
          uniqueVisitors: data.visitorIsNew ? 1 : 0,
        })
        .onConflictDoUpdate({
          target: [postDailyStats.postId, postDailyStats.day],
          set: {
            views: sql`${postDailyStats.views} + excluded.views`,
            uniqueVisitors: sql`${postDailyStats.uniqueVisitors} + excluded.unique_visitors`,
          },
        });
      await tx
        .update(postsTable)
        .set({ viewCount: sql`${postsTable.viewCount} + 1` })
        .where(eq(postsTable.id, data.postId));
    });
  });

export const renameTag = createServerFn({ method: 'POST' })
  .validator(tagInput)
  .handler(async ({ data }) => {
    return db
      .update(postsTable)
      .set({ tags: sql`array_replace(${postsTable.tags}, ${data.from}, ${data.to})` })
      .where(sql`${postsTable.tags} @> array[${data.from}]::text[]`)
      .returning({ id: postsTable.id, tags: postsTable.tags });
  });

export const fetchRelatedPosts = createServerFn()
  .validator(postId)
  .handler(async ({ data: id }) => {
    const result = await db.execute<{ id: string; title: string; shared: number }>(sql`
      select p.id, p.title, count(*)::int as shared
      from ${postsTable} p
      cross join lateral unnest(p.tags) as tag(label)
      where p.id <> ${id}
        and p.status = 'published'
        and tag.label in (select unnest(o.tags) from ${postsTable} o where o.id = ${id})
      group by p.id, p.title
      order by shared desc, p.title
      limit 5
    `);
    return result.rows;
  });

export const archivePosts = createServerFn({ method: 'POST' })
  .validator(publishPostsInput)
  .handler(async ({ data }) => {
    await db
      .update(postsTable)
      .set({ status: 'archived' })
      .where(and(inArray(postsTable.id, data.ids), sql`${postsTable.updatedAt} < now() - interval '1 hour'`));
    const left = await db.execute<{ id: string }>(
      sql`select id from ${postsTable} where status <> 'archived' and id in ${data.ids}`,
    );
    return left.rows;
  });

export const postQueries = {
  all: () => ['posts'] as const,
  list: (filters: typeof listPostsInput.inferIn) =>
    queryOptions({
      queryKey: [...postQueries.all(), 'list', filters],
      queryFn: () => fetchPosts({ data: filters }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: [...postQueries.all(), 'detail', id],
      queryFn: () => fetchPostById({ data: id }),
    }),
  related: (id: string) =>
    queryOptions({
      queryKey: [...postQueries.all(), 'related', id],
      queryFn: () => fetchRelatedPosts({ data: id }),
      staleTime: 5 * 60_000,
    }),
};
