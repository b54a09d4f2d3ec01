import { eq, sql } from 'drizzle-orm';
import { db } from '@/db';
import { members, orgs, posts, tags, users } from '@/db/schema';

const defaults = { name: 'nobody', nick: 'none' };
const base = { email: 'a@b.c', ...defaults } as const;

export async function spread(email: string) {
  await db.insert(users).values({ ...defaults, email });
  //                                 ^^^^^^^^ unknown-key
  await db.insert(users).values([{ ...base }, { email }]);
  //                                  ^^^^ unknown-key
  await db.update(users).set({ ...defaults }).where(eq(users.email, email));
  //                              ^^^^^^^^ unknown-key
  await db.insert(users).values({ email }).onConflictDoUpdate({ target: users.email, set: { ...defaults } });
  //                                                                                           ^^^^^^^^ unknown-key
}

export async function snake(email: string) {
  const row = { email, is_active: true };
  await db.insert(users).values(row);
  //                            ^^^ unknown-key
}

export async function fine(input: { email: string; extra?: string }, patch: Partial<typeof users.$inferInsert>) {
  await db.insert(users).values({ ...input });
  await db.update(users).set({ ...patch, name: 'x' }).where(eq(users.email, input.email));
  const { extra, ...rest } = input;
  await db.insert(users).values(rest);
  const row = { email: input.email, isActive: true };
  await db.insert(users).values(row);
  return extra;
}

// Conflict targets.
export async function upserts(id: string, email: string) {
  await db.insert(users).values({ email }).onConflictDoUpdate({ target: users.email, set: { name: 'x' } });
  await db.insert(users).values({ email }).onConflictDoUpdate({ target: users.name, set: { name: 'x' } });
  //                                                                    ^^^^^^^^^^ conflict-target-not-unique
  await db.insert(users).values({ email }).onConflictDoNothing({ target: [users.email, users.orgId] });
  //                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^ conflict-target-not-unique
  await db.insert(users).values({ email }).onConflictDoNothing();
  await db.insert(members).values({ orgId: id, userId: id }).onConflictDoNothing({ target: [members.userId, members.orgId] });
  await db.insert(members).values({ orgId: id, userId: id }).onConflictDoUpdate({ target: members.userId, set: { role: 'admin' } });
  //                                                                                      ^^^^^^^^^^^^^^ conflict-target-not-unique
  await db.insert(tags).values({ label: 'x' }).onConflictDoUpdate({ target: tags.label, set: { label: sql`excluded.label` } });
  await db.insert(tags).values({ label: 'x' }).onConflictDoUpdate({ target: tags.label, set: { label: sql`excluded.lable` } });
  //                                                                                                      ^^^^^^^^^^^^^^ undefined-column
  await db.insert(orgs).values({ slug: 's', name: 'n' }).onConflictDoUpdate({ target: orgs.slug, set: {} });
  //                                                                                                  ^^ empty-values
  await db.transaction(async (tx) => {
    await tx.insert(posts).values({ authorId: id, title: 't' }).onConflictDoNothing({ target: posts.title });
    //                                                                                        ^^^^^^^^^^^ conflict-target-not-unique
  });
  const target = users.orgId;
  await db.insert(users).values({ email }).onConflictDoNothing({ target });
  //                                                             ^^^^^^ conflict-target-not-unique
}
