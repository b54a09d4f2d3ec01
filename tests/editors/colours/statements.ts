import { sql } from 'drizzle-orm';

const all = await db.execute(sql`
  with recent as (select p.id, "p"."title" from ${posts} p where p.created_at > now() - interval '7 days')
  select count(*)::int, 1.5e3, $1 -- as in ${posts}
  from recent /* one /* two */ still */ where x <> 'it''s ${label}' and y = $$plain$$
`);
const price = sql<number>`coalesce(${order.price}, 0)::numeric(10, 2)`;
const nested = sql<Array<{ id: string; at?: () => Date }>>`select json_agg(${sql`${x} ${flag ? sql`desc` : sql.raw('asc')}`})`;
const rows = sql<{
  id: string;
}>`select id from users`;
const raw = sql.raw(`select 1`), single = sql.raw('create or replace view "users" as select type'), double = sql.raw("select 'a'" + rest);
const list = sql.join(ids.map((id) => sql`${id}::uuid`), sql`, `);
const escaped = sql`select '\`' || E'\\n', \u{41}`;
const lessThan = sql < limit && mysql`select`;
