export function Page({ id }: { id: string }) {
  const query = sql<number>`select count(*) from ${posts} where id = ${id}`;
  return <p title="sql">write sql`select 1` by hand {run(sql`select 'a'`)}</p>;
}
const Id = type({ id: 'string' });
