import { createFileRoute } from '@tanstack/react-router';
import { sql } from 'drizzle-orm';

import { db } from '@/lib/db';
import { posts } from '@/lib/db/schemas';

export const Route = createFileRoute('/api/posts')({
  server: {
    handlers: {
      GET: async ({ request }) => {
        const since = new URL(request.url).searchParams.get('since');
        const rows = await db
          .select({
            id: posts.id,
            title: posts.title,
            publishedAt: sql<string>`to_char(${posts.publishedAt} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
          })
          .from(posts)
          .where(
            sql`${posts.status} = 'published'${since ? sql` and ${posts.publishedAt} >= ${since}::timestamptz` : sql``}`,
          )
          .orderBy(sql`${posts.publishedAt} desc`)
          .limit(50);
        return Response.json(rows);
      },
    },
  },
});
