import { queryOptions } from '@tanstack/react-query';
import { createServerFn } from '@tanstack/react-start';
import { type } from 'arktype';
import { and, desc, eq, sql } from 'drizzle-orm';

import { db } from '@/lib/db';
import { posts } from '@/lib/db/schemas';
import { publishedPosts } from '@/lib/db/schemas/views';

const HEADLINE_OPTIONS = sql.raw(`'StartSel=<mark>, StopSel=</mark>, MaxFragments=2'`);

export const searchPosts = createServerFn()
  .validator(type({ term: '2 <= string <= 100', limit: '1 <= number.integer <= 50 = 10' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ id: string; title: string; headline: string; rank: number }>(sql`
      select
        p.id,
        p.title,
        ts_headline('english', p.body, q.query, ${HEADLINE_OPTIONS}) as headline,
        ts_rank_cd(p.search_vector, q.query) as rank
      from ${posts} p, websearch_to_tsquery('english', ${data.term}) as q(query)
      where p.search_vector @@ q.query
        and p.status = 'published'
      order by rank desc, p.published_at desc
      limit ${data.limit}
    `);
    return rows;
  });

export const suggestTitles = createServerFn()
  .validator(type({ prefix: '1 <= string <= 50' }))
  .handler(async ({ data }) => {
    const similarity = sql<number>`char_length(${publishedPosts.title}) - char_length(${data.prefix}::text)`;
    return db
      .select({ id: publishedPosts.id, title: publishedPosts.title, distance: similarity })
      .from(publishedPosts)
      .where(sql`lower(${publishedPosts.title}) like lower(${data.prefix}) || '%'`)
      .orderBy(similarity, desc(publishedPosts.publishedAt))
      .limit(8);
  });

export const fetchByKeyword = createServerFn()
  .validator(type({ keyword: 'string' }))
  .handler(async ({ data }) => {
    return db
      .select({ id: posts.id, title: posts.title })
      .from(posts)
      .where(
        and(
          eq(posts.status, 'published'),
          sql`${posts.metadata} @> jsonb_build_object('keywords', jsonb_build_array(${data.keyword}::text))`,
        ),
      );
  });

export const searchQueries = {
  posts: (term: string) =>
    queryOptions({
      queryKey: ['search', 'posts', term],
      queryFn: () => searchPosts({ data: { term } }),
      enabled: term.length >= 2,
    }),
  titles: (prefix: string) =>
    queryOptions({
      queryKey: ['search', 'titles', prefix],
      queryFn: () => suggestTitles({ data: { prefix } }),
    }),
};
