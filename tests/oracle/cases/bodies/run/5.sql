-- Name resolution corners: variables against columns, tables, functions, types; records and composites passed about.
create table item (
  id int generated always as identity primary key,
  parent_id int references item,
  name text,
  qty int default 0,
  price numeric,
  tags text[] default array[]::text[],
  at timestamp default localtimestamp,
  meta jsonb
);
create table node (id int primary key, path text, depth smallint);
create table closure (ancestor int, descendant int, depth int, primary key (ancestor, descendant));
create table settings (key text primary key, value jsonb not null, updated timestamptz);
create type dims as (w int, h int);
create domain big_dims as dims check ((value).w is null or (value).w < 1000);
create domain tag_list as text[] check (cardinality(value) < 10);
create domain email as text check (value ~ '^[^@]+@[^@]+$');
create type status as enum ('draft', 'live', 'gone');
create table shape (id int primary key, d dims, b big_dims, t tag_list, s status default 'draft', all_d dims[]);
create table base_event (id serial, at date default current_date, kind text);
create table click_event (x int, y int) inherits (base_event);
insert into item (name, qty, price) values ('root', 1, 10), ('kid', 2, 5), ('kid2', 3, 2.5);
update item set parent_id = 1 where id > 1;


-- a variable may share the name of a table, of an alias or of an output column
create function n_table_name() returns int language plpgsql as $$
declare
  node int := 5;
  shape text := 'sh';
  settings settings;
begin
  insert into node values (node, shape);
  update node set path = path || shape where node.id = 5 and node.path = shape;
  select count(*) into node from shape;
  settings.key := 'k';
  insert into settings (key, value) values (settings.key, '1');
  settings := (select s from settings s limit 1);
  delete from node n where n.path like shape || '%';
  return node;
end $$;
select n_table_name();

create function n_output_alias(p int) returns text language plpgsql as $$
declare
  total numeric;
  label text;
begin
  select sum(qty) as total, max(name) as label into total, label from item where id >= p;
  select i.name label into label from item i where i.id = p order by label;
  insert into item (name, qty) select label as name, total as qty where p < 0;
  return label || total;
end $$;
select n_output_alias(1);

create function n_insert_columns(name text, qty int, price numeric default null) returns item language plpgsql as $$
declare
  result item;
begin
  insert into item (name, qty, price) values (n_insert_columns.name, n_insert_columns.qty, $3)
  returning item.id, item.parent_id, item.name, item.qty, item.price, item.tags, item.at, item.meta into result;
  return result;
end $$;
select (n_insert_columns('x', 1)).name;

create function n_on_conflict(key text, value jsonb) returns void language plpgsql as $$
#variable_conflict use_column
begin
  insert into settings as s (key, value, updated) values ($1, $2, now())
  on conflict (key) do update set value = excluded.value, updated = clock_timestamp() where s.value is distinct from excluded.value;
end $$;
select n_on_conflict('a', '1'), n_on_conflict('a', '2');

create function n_function_name(count int, lower text, max int default 3) returns text language plpgsql as $$
declare
  now timestamptz := now();
  sum int;
  length int := length(lower);
begin
  select sum(qty), count(*) + count into sum, max from item;
  return lower(lower) || upper(lower) || max || sum || length || (now = now());
end $$;
select n_function_name(1, 'Abc');

create function n_type_name() returns text language plpgsql as $$
declare
  date date := '2020-02-03';
  text text := 'txt';
  int int := 3;
  interval interval := '1 day';
  json jsonb := '{"a":1}';
  status status := 'live';
begin
  date := date + int;
  text := text || int::text || date::text;
  return text || (date + interval '2 days')::date || (json ->> 'a')::int || status::text || cast(int as text);
end $$;
select n_type_name();

create function n_param_qualified(id int, name text) returns boolean language plpgsql as $$
begin
  update item set name = n_param_qualified.name where item.id = n_param_qualified.id;
  return found;
end $$;
select n_param_qualified(2, 'kid');

create function n_sql_names(id int, name text, qty int) returns setof text language sql as $$
  -- columns win over parameters in SQL functions
  select name from item where id = n_sql_names.id
  union all
  select n_sql_names.name || qty from item where item.id = $1 and item.qty >= $3
  union all
  select i.name from item as i join item n_sql_names on n_sql_names.id = i.id where i.id = $1
$$;
select n_sql_names(1, 'p', 0);

create function n_sql_composite(i item, d dims) returns text language sql as $$
  select i.name || (i).qty || i.price::text || d.w || ($2).h || (n_sql_composite.d).w || (n_sql_composite.i).name || ($1).id
$$;
select n_sql_composite(item, (3, 4)) from item where id = 1;

create function n_block_qualified(v int) returns int language plpgsql as $$
<<fn>>
declare
  r record;
  d dims := (1, 2);
  qty int := 100;
begin
  select n_block_qualified.v + fn.qty as q, i.qty, fn.d.w, (fn.d).h as hh into r from item i where i.id = v;
  update item i set qty = fn.qty where i.id = -1 and i.qty = fn.d.h;
  return r.q + r.w + r.hh;
end $$;
select n_block_qualified(1);

create function n_record_field_in_sql() returns text language plpgsql as $$
declare
  r record;
  i item%rowtype;
  j jsonb;
  d dims;
  arr item[];
  arr_d dims := (0, 1);
begin
  select * into i from item where id = 1;
  for r in select * from item where parent_id = i.id order by id loop
    update item set tags = tags || r.name, meta = to_jsonb(i), price = i.price + r.qty where id = r.id;
    insert into settings (key, value) values ('item' || r.id, to_jsonb(r)) on conflict (key) do nothing;
    j := jsonb_build_object('r', r, 'i', i, 'id', r.id);
    arr := arr || i;
  end loop;
  arr[1].name := 'renamed';
  select count(*), length(arr[1].name) into d from unnest(arr) u where u.id = i.id;
  insert into shape (id, d, all_d, s) values (1, d, array[d, row(5, 6)::dims], 'live');
  update shape set d.w = 10, all_d[1].h = 9, b = (7, 8) where shape.id = 1;
  update shape s set t[2] = 'x', all_d[2] = arr_d where (s.d).w = 10;
  return i.name;
end $$;
select n_record_field_in_sql();

create function n_row_param(s shape) returns dims language plpgsql as $$
declare
  bd big_dims := s.b;
begin
  bd.w := (s.d).w + (s.all_d[1]).h;
  bd.h := s.id;
  return bd;
end $$;
select n_row_param(sh), (n_row_param(sh)).w from shape sh;

create function n_domain_checks(e email, v tag_list default '{}') returns text language plpgsql as $$
declare
  x email;
  b big_dims;
begin
  begin
    x := 'nope';
  exception when check_violation then
    x := e;
  end;
  begin
    b.w := 5000;
  exception when check_violation then
    b.w := 50;
  end;
  v := v || 'a'::text;
  return x || b.w || v[1];
end $$;
select n_domain_checks('a@b');

create function n_enum(s status) returns text language plpgsql as $$
declare
  x status;
  res text := '';
begin
  foreach x in array enum_range(null::status) loop
    if x > s then
      res := res || x;
    end if;
  end loop;
  case s
    when 'draft', 'live' then res := res || '!';
    else res := res || '?';
  end case;
  x := 'go' || 'ne';
  update shape sh set s = x where sh.s = n_enum.s;
  return res;
end $$;
select n_enum('draft'), n_enum('gone');

-- hierarchy
create function tree_insert(p_id int, p_parent int) returns int language plpgsql as $$
declare
  n int;
begin
  insert into node (id, path, depth)
  select p_id, coalesce(p.path || '.', '') || p_id, coalesce(p.depth + 1, 0)
  from (select 1) one left join node p on p.id = p_parent;
  insert into closure (ancestor, descendant, depth)
  select c.ancestor, p_id, c.depth + 1 from closure c where c.descendant = p_parent
  union all
  values (p_id, p_id, 0);
  get diagnostics n = row_count;
  return n;
end $$;
select tree_insert(1, null), tree_insert(2, 1), tree_insert(3, 2), tree_insert(4, 2);

create function tree_move(p_id int, new_parent int) returns void language plpgsql as $$
declare
  old_path node.path%type;
  new_path node.path%type;
begin
  if exists (select from closure where ancestor = p_id and descendant = new_parent) then
    raise exception 'cycle' using errcode = 'P0C01';
  end if;
  select n.path, p.path || '.' || n.id into strict old_path, new_path from node n, node p where n.id = p_id and p.id = new_parent;
  update node
  set path = new_path || substr(path, length(old_path) + 1),
      depth = cardinality(string_to_array(new_path || substr(path, length(old_path) + 1), '.')) - 1
  where path = old_path or path like old_path || '.%';
  delete from closure c
  using closure d
  where c.descendant = d.descendant and d.ancestor = p_id
    and c.ancestor not in (select x.descendant from closure x where x.ancestor = p_id);
  insert into closure
  select sup.ancestor, sub.descendant, sup.depth + sub.depth + 1
  from closure sup cross join closure sub
  where sup.descendant = new_parent and sub.ancestor = p_id;
end $$;
select tree_move(4, 1);
do $$ begin
  perform tree_move(1, 2);
exception when sqlstate 'P0C01' then null;
end $$;

create function tree_descendants(root int, max_depth int default 10) returns table (id int, name text, depth int, cycle boolean) language sql stable as $$
  with recursive t as (
    select i.id, i.name, 0 as depth from item i where i.id = root
    union all
    select c.id, c.name, t.depth + 1 from item c join t on c.parent_id = t.id where t.depth < max_depth
  ) search depth first by id set ord
    cycle id set is_cycle using path
  select t.id, t.name, t.depth, t.is_cycle from t order by ord
$$;
select * from tree_descendants(1);

create function tree_json(root int) returns jsonb language plpgsql stable as $$
declare
  kids jsonb;
  me item;
begin
  select * into me from item where id = root;
  select coalesce(jsonb_agg(tree_json(c.id) order by c.id), '[]') into kids from item c where c.parent_id = me.id;
  return jsonb_build_object('name', me.name, 'children', kids);
end $$;
select tree_json(1);

-- inheritance and tableoid
create function inherit_insert(n int) returns text language plpgsql as $$
declare
  e base_event;
  c click_event;
begin
  insert into click_event (kind, x, y) select 'click', g, -g from generate_series(1, n) g;
  insert into base_event (kind) values ('base') returning * into e;
  select * into c from only click_event order by x desc limit 1;
  e := c::base_event;
  delete from only base_event where kind = 'base';
  return e.kind || c.y || (select string_agg(distinct tableoid::regclass::text, ',') from base_event) || (select count(ctid) from click_event);
end $$;
select inherit_insert(2);

create function set_kv(inout k text, inout v anyelement) language plpgsql as $$
begin
  insert into settings values (k, to_jsonb(v), now()) on conflict (key) do update set value = to_jsonb(v);
  k := upper(k);
end $$;
select * from set_kv('size', 3);
select * from set_kv('on', true);

create function get_kv(k text, dflt anyelement) returns anyelement language plpgsql stable as $$
declare
  v jsonb;
  res dflt%type;
begin
  select s.value into v from settings s where s.key = k;
  if v is null then
    return dflt;
  end if;
  execute format('select ($1 #>> ''{}'')::%s', pg_typeof(dflt)) into res using v;
  return res;
end $$;
select get_kv('size', 1), get_kv('nope', 'd'::text), get_kv('on', false);

create function rate_limit(bucket text, max_hits int, win interval) returns boolean language plpgsql as $$
declare
  hits int;
  k constant text := 'rl:' || bucket;
begin
  insert into settings as s (key, value, updated) values (k, '1', now())
  on conflict (key) do update
  set value = case when s.updated < now() - win then to_jsonb(1) else to_jsonb((s.value)::int + 1) end,
      updated = case when s.updated < now() - win then now() else s.updated end
  returning (value)::int into hits;
  return hits <= max_hits;
end $$;
select rate_limit('x', 1, '1 min'), rate_limit('x', 1, '1 min');

create function feature_on(flag text, user_id int, out enabled boolean, out reason text) returns record language plpgsql stable as $$
declare
  f record;
begin
  select coalesce((value ->> 'on')::boolean, false) as is_on, (value ->> 'pct')::int as pct, value -> 'users' as users
  into f from settings where key = 'flag:' || flag;
  if not found then
    enabled := false;
    reason := 'unknown';
  elsif f.users @> to_jsonb(user_id) then
    enabled := true; reason := 'listed';
  elsif f.pct is not null then
    enabled := abs(hashint4(user_id)) % 100 < f.pct;
    reason := format('%s%%', f.pct);
  else
    enabled := f.is_on;
    reason := 'default';
  end if;
end $$;
insert into settings values ('flag:a', '{"on":true}'), ('flag:b', '{"pct":50}'), ('flag:c', '{"users":[7]}');
select (feature_on(x, 7)).* from unnest('{a,b,c,d}'::text[]) x;

create function parse_csv(src text, sep text default ',') returns table (line_no int, cols text[]) language plpgsql immutable as $$
declare
  ln text;
begin
  line_no := 0;
  foreach ln in array regexp_split_to_array(src, E'\r?\n') loop
    continue when btrim(ln) = '';
    line_no := line_no + 1;
    cols := string_to_array(ln, sep);
    for i in array_lower(cols, 1)..array_upper(cols, 1) loop
      cols[i] := nullif(trim(cols[i]), '');
    end loop;
    return next;
  end loop;
end $$;
select * from parse_csv(E'a, b,\n\n1,2,3');

create function levenshtein_like(a text, b text) returns int language plpgsql immutable as $$
declare
  m int[][];
  la int := length(a);
  lb int := length(b);
begin
  m := array_fill(0, array[la + 1, lb + 1]);
  for i in 0..la loop m[i + 1][1] := i; end loop;
  for j in 0..lb loop m[1][j + 1] := j; end loop;
  for i in 1..la loop
    for j in 1..lb loop
      m[i + 1][j + 1] := least(m[i][j + 1] + 1, m[i + 1][j] + 1, m[i][j] + case when substr(a, i, 1) = substr(b, j, 1) then 0 else 1 end);
    end loop;
  end loop;
  return m[la + 1][lb + 1];
end $$;
select levenshtein_like('kitten', 'sitting');

create function quicksort(a anyarray) returns anyarray language plpgsql immutable as $$
declare
  pivot alias for $1;
  lo a%type := '{}';
  hi a%type := '{}';
begin
  if coalesce(cardinality(a), 0) < 2 then
    return a;
  end if;
  for i in 2..cardinality(a) loop
    if a[i] < a[1] then lo := lo || a[i]; else hi := hi || a[i]; end if;
  end loop;
  return quicksort(lo) || pivot[1] || quicksort(hi);
end $$;
select quicksort('{3,1,2}'::int[]), quicksort(array['b', 'a']::text[]);

create function sieve(n int) returns int[] language plpgsql as $$
declare
  is_p boolean[] := array_fill(true, array[n]);
  res int[] = '{}';
  k int;
begin
  <<outer_loop>>
  for i in 2..n loop
    if not is_p[i] then continue outer_loop; end if;
    res := res || i;
    k := i * i;
    while k <= n loop
      is_p[k] := false;
      k := k + i;
    end loop;
  end loop;
  return res;
end $$;
select sieve(30);

create function fill_gaps(from_d date, to_d date) returns table (d date, n bigint) language sql stable
begin atomic
  with days as (select g::date as day from generate_series(from_d, to_d, interval '1 day') g)
  select days.day, count(e.id) from days left join base_event e on e.at = days.day group by days.day order by days.day;
end;
select * from fill_gaps(current_date - 1, current_date);

create function pivot_counts(out drafts bigint, out lives bigint, out other jsonb) language sql as $$
  select count(*) filter (where s = 'draft'), count(case s when 'live' then 1 end), (select jsonb_object_agg(t.s, t.c) from (select s::text, count(*) as c from shape group by 1) t)
  from shape
$$;
select * from pivot_counts();

create function paginate(after_id int default null, lim int default 2, dir text default 'asc') returns setof item language plpgsql stable as $$
begin
  if dir = 'asc' then
    return query select * from item i where after_id is null or i.id > after_id order by i.id fetch first lim rows only;
  else
    return query execute 'select i.* from item i where $1 is null or i.id < $1 order by i.id desc limit $2' using after_id, lim;
  end if;
  raise notice 'page done';
end $$;
select id from paginate();
select id from paginate(3, 1, 'desc');

create function page_total(p int, per int) returns table (item_id int, total bigint) language plpgsql as $$
begin
  return query
  select x.id, count(*) over ()
  from (select id, name from item where name is not null) as x
  offset (p - 1) * per limit per;
end $$;
select * from page_total(1, 2);

create function exists_any(variadic names text[]) returns boolean language plpgsql as $$
declare
  n text;
begin
  foreach n in array names loop
    perform from item where name = n;
    if found then return true; end if;
    perform item.id, name from item where name ilike n || '%' limit 1;
    exit when found;
  end loop;
  return false;
end $$;
select exists_any('zzz', 'root'), exists_any('zzz', 'ro');

create function nested_calls(i int) returns int language plpgsql as $$
declare
  x int := (select exists_any('root')::int) + levenshtein_like('a', 'b');
  y int default cardinality(sieve(i));
begin
  x := x + (select count(*) from paginate(null, i)) + (feature_on('a', i)).enabled::int;
  return x + y + (select f.reason = 'default' from feature_on('a', 1) f)::int;
end $$;
select nested_calls(10);

create function typed_nulls() returns text language plpgsql as $$
declare
  a int; b text; c int[]; d dims; e record; f item;
begin
  select null, null, null into a, b, c;
  d := null;
  f := null;
  d.w := coalesce(d.w, 0) + 1;
  f.tags := f.tags || 'a'::text;
  e := (null, 1);
  return coalesce(a::text, 'na') || coalesce(b, 'nb') || (c is null) || d::text || (f is null) || (f.id is null);
end $$;
select typed_nulls();

create function coercions() returns text language plpgsql as $$
declare
  i int; n numeric; t text; b boolean; v varchar(3); c char(4); ts timestamptz; d date; j json; a text[]; u uuid; o oid; rc regclass; byt bytea; f4 real;
begin
  i := '42'; i := 4.6; i := true::int; i := '7'::text::int;
  n := i; n := '1e3'; t := n; t := array[1, 2]; t := now() is null;
  b := 'yes'; b := 1 = 1; v := 'abc'; c := 'x'; c := left(t, 2);
  ts := '2020-01-01'; ts := date '2021-01-01'; d := ts; d := 'today';
  j := '{"a":1}'; j := jsonb '{"b":2}'; a := '{x,y}'; a := array[1, 2]; u := 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
  o := 'item'::regclass; rc := 'item'; rc := o; byt := '\xdead'; f4 := 1; f4 := n;
  return concat_ws(' ', i, n, t, b, v, c, d, j, a, u, rc, byt, f4);
end $$;
select coercions();
select coercions() is not null;
