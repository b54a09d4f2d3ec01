import { queryOptions } from '@tanstack/react-query';
import { createServerFn } from '@tanstack/react-start';
import { type } from 'arktype';
import { eq, gt, sql } from 'drizzle-orm';

import { db } from '@/lib/db';
import staleDraftsSql from '@/lib/db/queries/stale-drafts.sql?raw';
import { comments, postDailyStats, posts, users } from '@/lib/db/schemas';
import { postStats } from '@/lib/db/schemas/views';

export const fetchTopAuthors = createServerFn()
  .validator(type({ minimum: 'number.integer >= 0 = 1' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ id: string; name: string; posts: number; avg_rating: string | null }>(sql`
      with authored as (
        select
          u.id,
          u.name,
          count(p.id)::int as posts,
          round(avg(p.rating), 2) as avg_rating,
          sum(p.view_count)::bigint as views
        from ${users} u
        join ${posts} p on p.author_id = u.id
        where p.status in ('published', 'archived')
        group by u.id, u.name
        having count(p.id) >= ${data.minimum}
      )
      select id, name, posts, avg_rating, dense_rank() over (order by views desc) as place
      from authored
      order by place, name
    `);
    return rows;
  });

export const fetchTraffic = createServerFn()
  .validator(type({ postId: 'string', days: '1 <= number.integer <= 365' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ day: string; views: number; moving_average: string }>(sql`
      select
        d.day::date as day,
        coalesce(s.views, 0) as views,
        avg(coalesce(s.views, 0)) over (order by d.day rows between 6 preceding and current row) as moving_average,
        coalesce(s.views, 0) - lag(coalesce(s.views, 0), 1, 0) over w as change
      from generate_series(current_date - ${data.days}::int, current_date, interval '1 day') as d(day)
      left join ${postDailyStats} s on s.day = d.day::date and s.post_id = ${data.postId}
      window w as (order by d.day)
      order by d.day
    `);
    return rows;
  });

export const fetchLatestCommentPerPost = createServerFn().handler(async () => {
  const { rows } = await db.execute<{ id: string; title: string; comment: string | null }>(sql`
    select p.id, p.title, latest.body as comment, latest.created_at
    from ${posts} p
    left join lateral (
      select c.body, c.created_at
      from ${comments} c
      where c.post_id = p.id and c.status = 'approved'
      order by c.created_at desc
      limit 1
    ) latest on true
    where p.status = 'published'
    order by latest.created_at desc nulls last
  `);
  return rows;
});

export const fetchTagCloud = createServerFn().handler(async () => {
  const { rows } = await db.execute<{ tag: string; uses: number; titles: string[] }>(sql`
    select tag, count(*)::int as uses, array_agg(p.title order by p.title) as titles
    from ${posts} p, unnest(p.tags) as tag
    group by tag
    order by uses desc, tag
  `);
  return rows;
});

export const fetchMonthly = createServerFn().handler(async () => {
  const month = sql<string>`date_trunc('month', ${posts.publishedAt})`;
  return db
    .select({
      month: month.as('month'),
      total: sql<number>`count(*)::int`,
      minutes: sql<number>`coalesce(sum(${posts.readingMinutes}), 0)::int`,
      median: sql<number>`percentile_cont(0.5) within group (order by ${posts.viewCount})`,
      slugs: sql<string>`string_agg(${posts.slug}, ', ' order by ${posts.slug})`,
      quality: sql<string>`case when avg(${posts.rating}) >= 4 then 'good' when avg(${posts.rating}) is null then 'unrated' else 'fair' end`,
    })
    .from(posts)
    .where(sql`${posts.publishedAt} >= date_trunc('year', now()) - interval '1 year'`)
    .groupBy(month)
    .orderBy(sql`1 desc`);
});

export const syncViewCounts = createServerFn({ method: 'POST' }).handler(async () => {
  await db.execute(sql`
    update ${posts}
    set view_count = totals.views
    from (select post_id, sum(views)::int as views from ${postDailyStats} group by post_id) totals
    where totals.post_id = ${posts.id} and ${posts.viewCount} is distinct from totals.views
  `);
  await db.refreshMaterializedView(postStats);
});

export const fetchPopular = createServerFn()
  .validator(type({ minimum: 'number.integer >= 0' }))
  .handler(async ({ data }) => {
    return db
      .select({
        title: posts.title,
        views: postStats.totalViews,
        perComment: sql<string | null>`${postStats.totalViews}::numeric / nullif(${postStats.approvedComments}, 0)`,
      })
      .from(postStats)
      .innerJoin(posts, eq(posts.id, postStats.postId))
      .where(gt(postStats.totalViews, data.minimum));
  });

export const fetchStaleDrafts = createServerFn().handler(async () => {
  const { rows } = await db.execute<{ id: string; title: string }>(sql.raw(staleDraftsSql));
  return rows;
});

export const reportQueries = {
  topAuthors: (minimum: number) =>
    queryOptions({
      queryKey: ['reports', 'top-authors', minimum],
      queryFn: () => fetchTopAuthors({ data: { minimum } }),
    }),
  traffic: (postId: string, days: number) =>
    queryOptions({
      queryKey: ['reports', 'traffic', postId, days],
      queryFn: () => fetchTraffic({ data: { postId, days } }),
    }),
};
