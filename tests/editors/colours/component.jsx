export const Page = () => <p>{sql`select ${id}::text`}</p>;
const Id = type("string > 3");
sql.raw('select 1');
