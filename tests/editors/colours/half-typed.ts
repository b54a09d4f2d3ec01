// What is still being typed ends with its template.
const a = sql`select 'abc`;
const b = sql`select 1 -- from sql`;
const c = sql`select /* from`;
const d = sql`select "na`;
const e = sql`select $$ abc`;
const f = sql`select * from sql`;
const g = sql.raw('select 1 --');
const after = `plain ${value} sql`;
const then: string = 'use sql';
// sql`select 1` in a comment
const quoted = "sql`select 1`";
