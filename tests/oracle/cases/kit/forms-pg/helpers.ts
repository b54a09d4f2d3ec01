import { customType, index, integer, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
import { users } from './schema';

export const STATUS = { open: 'open', closed: 'closed' } as const;
export enum Role { Admin = 'admin', Member = 'member' }
export const LEVELS = ['low', 'high'] as const satisfies readonly string[];
export const MORE_LEVELS = [...LEVELS, 'highest'] as const;

export function values<T extends Record<string, string>>(source: T) {
  return Object.values(source) as [string, ...string[]];
}
export const mapped = (source: Record<string, string>) => Object.values(source).map((it) => `${it}_x`) as [string, ...string[]];

export const base = {
  id: uuid('id').primaryKey().defaultRandom(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at').$onUpdate(() => new Date()),
};
export const withoutId = { createdAt: base.createdAt, updatedAt: base.updatedAt };

export const userRef = (name = 'user_id') => uuid(name).references(() => users.id, { onDelete: 'cascade' });
export function withOwner(name: string, required = true) {
  const column = integer(name);
  return { owner: required ? column.notNull() : column };
}
export const sized = (name: string, dimensions: number) =>
  customType<{ data: number[] }>({ dataType() { return `vector(${dimensions})`; } })(name);
export const factories = { slug: () => varchar('slug', { length: 80 }), note: (name: string) => text(name) };
export const tenantIndexes = (prefix: string, t: { createdAt: any }) => [index(`${prefix}_created_idx`).on(t.createdAt)];
export const pipe = (...parts: Array<(o: object) => object>) => (start: object) => parts.reduce((all, part) => part(all), start) as any;
export const withTitle = (o: object) => ({ ...o, title: text('title').notNull() });
export const withRank = (o: object) => ({ ...o, rank: integer('rank').default(0) });
export default { prefix: 'app' };
