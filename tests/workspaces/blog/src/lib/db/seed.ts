import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';

import { env } from '@/configs/env';
import { nanoid } from '@/lib/nanoid';

import * as schema from './schemas';

const db = drizzle(env.DATABASE_URL, { casing: 'snake_case', schema });

const { categories, comments, postCategories, postDailyStats, posts, users } = schema;

await db.transaction(async (tx) => {
  await tx.execute(sql`truncate table ${users}, ${categories} restart identity cascade`);

  const [ada, grace] = await tx
    .insert(users)
    .values([
      { id: nanoid(), name: 'Ada', email: 'ada@example.com', emailVerified: true },
      { id: nanoid(), name: 'Grace', email: 'grace@example.com' },
    ])
    .returning();
  if (!ada || !grace) throw new Error('The users were not inserted');

  const [databases, indexes] = await tx
    .insert(categories)
    .values([
      { name: 'Databases', slug: 'databases' },
      { name: 'Indexes', slug: 'indexes' },
    ])
    .returning();
  if (!databases || !indexes) throw new Error('The categories were not inserted');
  await tx.execute(
    sql`update ${categories} set parent_id = ${databases.id} where ${categories.slug} = 'indexes'`,
  );

  const [first, second] = await tx
    .insert(posts)
    .values([
      {
        authorId: ada.id,
        title: 'Reading a query plan',
        slug: 'reading-a-query-plan',
        body: 'Start with the rows that the planner expects.',
        status: 'published',
        publishedAt: sql`now() - interval '3 days'`,
        tags: ['planner', 'indexes'],
        metadata: { keywords: ['planner'] },
        rating: '4.50',
      },
      {
        authorId: grace.id,
        title: 'Partial indexes',
        slug: 'partial-indexes',
        body: 'An index may hold only the rows that matter.',
        status: 'published',
        publishedAt: new Date(),
        tags: ['indexes'],
      },
    ])
    .returning();
  if (!first || !second) throw new Error('The posts were not inserted');

  await tx.insert(postCategories).values([
    { postId: first.id, categoryId: databases.id },
    { postId: second.id, categoryId: indexes.id, position: 1 },
  ]);
  await tx.insert(comments).values([
    { postId: first.id, authorId: grace.id, body: 'Very clear.', status: 'approved' },
    { postId: first.id, body: 'Thanks!', ipAddress: '203.0.113.7' },
  ]);
  await tx.execute(sql`
    insert into ${postDailyStats} (post_id, day, views, unique_visitors)
    select p.id, d::date, (10 + random() * 90)::int, 5
    from ${posts} p
    cross join generate_series(now() - interval '6 days', now(), interval '1 day') as d
    on conflict (post_id, day) do update set views = excluded.views
  `);
});

await db.refreshMaterializedView((await import('./schemas/views')).postStats);
await db.$client.end();
