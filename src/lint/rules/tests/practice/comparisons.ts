import { and, eq, gt, inArray, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db, schema } from '@/db';
import { orgs, posts, postTags, sessions, tags, users as people } from '@/db/schema';

export async function wrong() {
  await db.select().from(people).innerJoin(sessions, eq(sessions.id, people.id));
  //                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^ comparison-type-mismatch
  await db.select().from(posts).innerJoin(people, eq(posts.id, people.id));
  //                                              ^^^^^^^^^^^^^^^^^^^^^^^^ comparison-type-mismatch
  await db.select().from(people).leftJoin(orgs, and(eq(orgs.slug, people.orgId), eq(orgs.name, 'x')));
  //                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ comparison-type-mismatch
  await db.select().from(posts).where(or(ne(posts.authorId, posts.title), gt(schema.posts.publishedAt, posts.views)));
  //                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ comparison-type-mismatch
  //                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ comparison-type-mismatch
  const other = alias(people, 'other');
  await db.select().from(people).innerJoin(other, eq(other.name, people.orgId));
  //                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ comparison-type-mismatch
}

export async function right(id: string) {
  await db.select().from(posts).innerJoin(postTags, eq(postTags.postId, posts.id)).innerJoin(tags, eq(tags.id, postTags.tagId));
  await db.select().from(posts).where(gt(posts.views, posts.id));
  await db.select().from(posts).innerJoin(tags, eq(posts.id, tags.id));
  await db.select().from(people).where(eq(people.name, people.email));
  await db.select().from(people).where(eq(people.id, id));
  await db.select().from(people).where(inArray(people.id, db.select({ id: posts.authorId }).from(posts)));
  await db.select().from(sessions).innerJoin(people, eq(sql`${sessions.id}::uuid`, people.id));
}
