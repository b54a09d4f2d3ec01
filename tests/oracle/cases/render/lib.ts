import { type SQL, and, eq, sql, type AnyColumn } from 'drizzle-orm';
import { posts, users } from './schema';

export const isActive = sql`${users.active} = true and ${users.deletedAt} is null`;
export const PAGE_SIZE = 25;
export const STATUSES = ['draft', 'live'] as const;
export const lower = (column: AnyColumn): SQL<string> => sql<string>`lower(${column})`;
export const byAuthor = (id: string) => eq(posts.authorId, id);
export function recent(days: number) {
  return sql`${posts.publishedAt} > now() - make_interval(days => ${days})`;
}
export const published = () => and(sql`${posts.publishedAt} is not null`, recent(7));
export const columnNames = { title: sql.identifier('title'), body: sql.identifier('body') };
export const jsonAgg = (inner: SQL) => sql`coalesce(json_agg(${inner}), '[]')`;
export const asc = sql.raw('asc');
export default sql`now() at time zone 'utc'`;
