// Every function of this module holds one deliberate mistake inside its SQL.
// The rest of the application is right; see the README.
import { createServerFn } from '@tanstack/react-start';
import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';

import { db } from '@/lib/db';
import { comments, posts, users } from '@/lib/db/schemas';
import { nanoid } from '@/lib/nanoid';

export const unknownColumn = createServerFn().handler(async () => {
  // The table posts has no column headline.
  const { rows } = await db.execute(sql`select id, headline from posts where status = 'published'`);
  return rows.length;
});

export const unknownTable = createServerFn().handler(async () => {
  // There is no table post_likes.
  const { rows } = await db.execute(sql`select post_id, count(*) from post_likes group by post_id`);
  return rows.length;
});

export const unknownColumnInJoin = createServerFn().handler(async () => {
  const author = alias(users, 'author');
  return db
    .select({
      id: posts.id,
      // The alias author stands for users, which has no column username.
      author: sql<string>`upper(author.username)`,
    })
    .from(posts)
    .innerJoin(author, eq(author.id, posts.authorId));
});

export const integerAgainstText = createServerFn().handler(async () => {
  return db
    .select({ id: posts.id })
    .from(posts)
    // The integer view_count is compared with the text author_id.
    .where(sql`${posts.viewCount} = ${posts.authorId}`);
});

export const unknownEnumLabel = createServerFn().handler(async () => {
  return db
    .select({ id: posts.id })
    .from(posts)
    // The enum post_status has no label hidden.
    .where(and(eq(posts.featured, true), sql`${posts.status} <> 'hidden'`));
});

export const ambiguousColumn = createServerFn().handler(async () => {
  // Both posts and comments have a column created_at.
  const { rows } = await db.execute(sql`
    select p.title, c.body
    from ${posts} p
    join ${comments} c on c.post_id = p.id
    where created_at > now() - interval '7 days'
  `);
  return rows.length;
});

export const syntaxError = createServerFn().handler(async () => {
  // The select list ends with a comma.
  const { rows } = await db.execute(sql`
    select p.id, p.title,
    from ${posts} p
    order by p.created_at desc
  `);
  return rows.length;
});

export const missingGroupBy = createServerFn().handler(async () => {
  // The column p.author_id stands beside an aggregate without being grouped.
  const { rows } = await db.execute(sql`
    select p.author_id, sum(p.view_count) as views
    from ${posts} p
    where p.status = 'published'
  `);
  return rows.length;
});

export const missingRequiredColumn = createServerFn({ method: 'POST' }).handler(async () => {
  // The insert leaves out slug, which is required and has no default (fails when it runs).
  await db.execute(sql`insert into categories (id, name) values (${nanoid()}, 'Notes')`);
});

export const wrongArgumentType = createServerFn().handler(async () => {
  return db
    .select({
      id: comments.id,
      // The function date_trunc takes a text and a timestamp, not a text and a text.
      month: sql<string>`date_trunc('month', ${comments.body})`,
    })
    .from(comments);
});
