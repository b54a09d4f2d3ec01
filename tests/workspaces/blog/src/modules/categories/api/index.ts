import { queryOptions } from '@tanstack/react-query';
import { createServerFn } from '@tanstack/react-start';
import { type } from 'arktype';
import { eq, sql } from 'drizzle-orm';

import { db } from '@/lib/db';
import { categories, insertCategorySchema, postCategories, posts } from '@/lib/db/schemas';
import { nanoid } from '@/lib/nanoid';

export const fetchCategories = createServerFn().handler(async () => {
  return db
    .select({
      id: categories.id,
      name: categories.name,
      slug: categories.slug,
      posts: sql<number>`count(${postCategories.postId})::int`,
      share: sql<string>`round(100.0 * count(${postCategories.postId}) / greatest(sum(count(*)) over (), 1), 1)`,
    })
    .from(categories)
    .leftJoin(postCategories, eq(postCategories.categoryId, categories.id))
    .groupBy(categories.id)
    .having(sql`count(${postCategories.postId}) >= 0`)
    .orderBy(sql`count(${postCategories.postId}) desc`, categories.name);
});

export const upsertCategory = createServerFn({ method: 'POST' })
  .validator(insertCategorySchema.pick('name', 'slug', 'description', 'parentId'))
  .handler(async ({ data }) => {
    const [category] = await db
      .insert(categories)
      .values(data)
      .onConflictDoUpdate({
        target: categories.slug,
        set: {
          name: sql`excluded.name`,
          description: sql`coalesce(excluded.description, ${categories.description})`,
          updatedAt: sql`now()`,
        },
        setWhere: sql`${categories.name} <> excluded.name or excluded.description is not null`,
      })
      .returning();
    return category;
  });

export const importCategories = createServerFn({ method: 'POST' })
  .validator(type({ names: type('1 <= string <= 80').array().atLeastLength(1) }))
  .handler(async ({ data }) => {
    const rows = data.names.map(
      (name) =>
        sql`(${nanoid()}, ${name}, trim(both '-' from regexp_replace(lower(${name}), '[^a-z0-9]+', '-', 'g')))`,
    );
    const result = await db.execute<{ id: string; slug: string }>(sql`
      insert into ${categories} (id, name, slug)
      values ${sql.join(rows, sql`, `)}
      on conflict (slug) do update set name = excluded.name, updated_at = now()
      returning id, slug
    `);
    return result.rows;
  });

export const fetchCategoryPath = createServerFn()
  .validator(type({ slug: 'string' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ id: string; name: string; level: number }>(sql`
      with recursive ancestors (id, parent_id, name, level) as (
        select id, parent_id, name, 0 from ${categories} where slug = ${data.slug}
        union all
        select c.id, c.parent_id, c.name, a.level + 1
        from ${categories} c
        join ancestors a on a.parent_id = c.id
      )
      select id, name, level from ancestors order by level desc
    `);
    return rows;
  });

export const movePosts = createServerFn({ method: 'POST' })
  .validator(type({ from: 'string', to: 'string' }))
  .handler(async ({ data }) => {
    const { rows } = await db.execute<{ post_id: string }>(sql`
      with moved as (
        delete from ${postCategories}
        where category_id = ${data.from}
        returning post_id, position
      )
      insert into ${postCategories} (post_id, category_id, position)
      select post_id, ${data.to}, position from moved
      on conflict (post_id, category_id) do nothing
      returning post_id
    `);
    return rows;
  });

export const sortCategoryPosts = createServerFn({ method: 'POST' })
  .validator(type({ categoryId: 'string', column: "'title' | 'published_at' | 'view_count'" }))
  .handler(async ({ data }) => {
    await db.execute(sql`
      update ${postCategories} as pc
      set position = ranked.rank
      from (
        select p.id, row_number() over (order by p.${sql.identifier(data.column)}) as rank
        from ${posts} p
      ) as ranked
      where ranked.id = pc.post_id and pc.category_id = ${data.categoryId}
    `);
  });

export const categoryQueries = {
  all: () => ['categories'] as const,
  path: (slug: string) =>
    queryOptions({
      queryKey: [...categoryQueries.all(), 'path', slug],
      queryFn: () => fetchCategoryPath({ data: { slug } }),
    }),
  list: () =>
    queryOptions({
      queryKey: [...categoryQueries.all(), 'list'],
      queryFn: () => fetchCategories(),
    }),
};
