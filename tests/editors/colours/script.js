const query = sql`select id from users where name = ${name} -- all`;
const raw = sql.raw("delete from users");
const Id = type({ 'id?': "string.uuid | number" });
