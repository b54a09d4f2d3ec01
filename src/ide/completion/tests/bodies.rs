use super::sql;

#[test]
fn bodies_in_sql() {
    sql("create function f(uid integer) returns text language sql as $$ select em<|> from users $$;")
        .item("email");
    sql("create function f(uid integer) returns text language sql as $$ select 1 from users where id = ui<|> $$;")
        .item("uid");
}

#[test]
fn bodies_in_plpgsql() {
    sql("create function f(uid integer) returns void language plpgsql as $$
declare total integer;
begin
  select u.em<|> into total from users u;
end $$;")
    .item("email");
    sql("create function f(uid integer) returns void language plpgsql as $$
declare total integer;
begin
  if tot<|> then null; end if;
end $$;")
    .item("total");
    sql("do $$ begin update users set em<|> end $$;").item("email");
}
