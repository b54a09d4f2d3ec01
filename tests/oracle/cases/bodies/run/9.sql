-- SQL functions of both forms, domains, ranges, JSON, MERGE, event triggers, aggregates, operators, inheritance, partitions, quoted names.
create schema lab;
create schema "Data Store";
create table lab.subject (id int primary key, nick text unique, born date, grp char(1), extra jsonb not null default '{}', active bool default true);
create table lab.reading (subject_id int references lab.subject, taken timestamptz default now(), kind text, val double precision, unit text default 'si', primary key (subject_id, taken, kind));
create table lab.booking (id serial, room text, slot tstzrange not null, who int references lab.subject, constraint booking_pk primary key (id));
create table lab.base (id bigserial, made timestamptz default now());
create table lab.child (label text, parts int[]) inherits (lab.base);
create table "Data Store"."Order" ("ID" int primary key, "Customer Name" text, "from" date, "to" date, "user" text default current_user);
create type lab.point3 as (x float8, y float8, z float8);
create type lab.grade as enum ('F', 'D', 'C', 'B', 'A');
create type lab.span as range (subtype = float8, subtype_diff = float8mi);
create domain lab.percent as int check (value between 0 and 100);
create domain lab.p3 as lab.point3 check ((value).x is not null);
create domain lab.tags as text[] check (array_position(value, null) is null);
insert into lab.subject values (1, 'rat', '2000-01-01', 'a', '{"w":3}', true), (2, 'cat', '2001-05-05', 'b', '{"w":9,"k":[1,2]}', true), (3, 'bat', null, 'a', '{}', false);
insert into lab.reading select s, '2024-01-01'::timestamptz + g * interval '1 hour', k, s * g + length(k) from generate_series(1, 3) s, generate_series(0, 5) g, unnest('{temp,ph}'::text[]) k;
insert into lab.booking (room, slot, who) values ('r1', '[2024-01-01 10:00+00,2024-01-01 12:00+00)', 1), ('r1', '[2024-01-01 13:00+00,2024-01-01 14:00+00)', 2);
insert into "Data Store"."Order" values (1, 'Zed & Co', '2024-01-01', '2024-02-01'), (2, 'Ann', null, null);

-- 1
create function lab.age_of(s lab.subject, at date default '2024-01-01') returns int language sql immutable return extract(year from age(at, s.born))::int;
-- 2
create function lab.full_label(lab.subject) returns text language sql immutable as $$ select $1.nick || coalesce(' (' || ($1).grp || ')', '') || $1.id $$;
select s.nick, lab.age_of(s), lab.age_of(s, at => '2030-01-01'), lab.full_label(s) from lab.subject s;
-- 3
create function lab.stats(k text default null) returns table (kind text, n bigint, avg_ float8, med float8, top lab.reading) language sql stable
begin atomic
  select r.kind, count(*), avg(r.val), percentile_cont(0.5) within group (order by r.val), (array_agg(r order by r.val desc))[1]
  from lab.reading r where k is null or r.kind = k group by r.kind order by 1;
end;
select kind, n, (top).val from lab.stats();
-- 4
create function lab.upsert(p lab.reading[]) returns setof lab.reading language sql as $$
  insert into lab.reading as r select (u).* from unnest(p) as u
  on conflict on constraint reading_pkey do update set val = (r.val + excluded.val) / 2, unit = coalesce(excluded.unit, r.unit)
  returning r.*
$$;
select val from lab.upsert(array[row(1, '2024-01-01 00:00+00', 'ph', 10, null), row(1, '2024-02-01', 'ph', 1, 'x')]::lab.reading[]);
-- 5
create function lab.two_steps(a int, inout b int, out c text) language sql as $$
  delete from lab.reading where subject_id = a and val > b;
  with x as (update lab.subject set extra = extra || '{"t":1}' where id = a returning extra) insert into lab.child (label, parts) select extra::text, array[b] from x;
  select b + 1, (select label from lab.child order by id desc limit 1);
$$;
select * from lab.two_steps(3, 12);
-- 6
create function lab.first_of(variadic anycompatiblearray) returns anycompatible language sql immutable as 'select x from unnest($1) x where x is not null limit 1';
select lab.first_of(null, 2, 3.5), lab.first_of(variadic array['a', 'b']), lab.first_of(null::date, current_date) is not null;
-- 7
create function lab.map_keys(j jsonb, prefix text = '_') returns jsonb language sql immutable strict as $$ select jsonb_object_agg(map_keys.prefix || key, value) from jsonb_each(j) $$;
select lab.map_keys('{"a":1}'), lab.map_keys('{"a":[]}', 'x'), lab.map_keys(null);
-- 8
create function lab.noop() returns void language sql begin atomic select 1; select null::lab.subject; end;
select lab.noop();
-- 9
create function lab.free(room text, day date) returns tstzmultirange language sql stable as $$
  select tstzmultirange(tstzrange(day::timestamptz, (day + 1)::timestamptz)) - coalesce(range_agg(b.slot), '{}') from lab.booking b where b.room = free.room and b.slot && tstzrange(day, day + 1)
$$;
-- 10
create function lab.book(p_room text, p_from timestamptz, p_len interval, p_who int) returns lab.booking language plpgsql as $$
declare
  want constant tstzrange := tstzrange(p_from, p_from + p_len, '[)'); b lab.booking; r tstzrange;
begin
  for r in select unnest(lab.free(p_room, lower(want)::date)) order by 1 loop
    if r @> want then
      insert into lab.booking (room, slot, who) values (p_room, want, p_who) returning * into strict b;
      return b;
    end if;
  end loop;
  raise exclusion_violation using detail = want::text;
end $$;
-- 11
create function lab.book_or_null(p_room text, p_from timestamptz) returns int language plpgsql as $$
declare d text;
begin
  return (lab.book(p_room, p_from, '1 hour', 3)).id;
exception when exclusion_violation then
  get stacked diagnostics d = pg_exception_detail;
  return -upper_inf(d::tstzrange)::int;
end $$;
select lab.book_or_null('r1', '2024-01-01 12:00+00'), lab.book_or_null('r1', '2024-01-01 13:30+00');

-- 12
create function lab.vec_add(a lab.point3, b lab.point3) returns lab.point3 language sql immutable return row(a.x + b.x, (a).y + (b).y, a.z + b.z)::lab.point3;
create operator lab.+ (leftarg = lab.point3, rightarg = lab.point3, function = lab.vec_add, commutator = operator(lab.+));
create aggregate lab.vec_sum (lab.point3) (sfunc = lab.vec_add, stype = lab.point3, initcond = '(0,0,0)');
-- 13
create function lab.vec_len(p lab.p3) returns float8 language plpgsql immutable as $$
begin
  p.x := p.x * 2;
  p.y := coalesce(p.y, 0);
  return sqrt(power(p.x, 2) + (p).y ^ 2 + @ coalesce(p.z, 0));
end $$;
-- 14
create function lab.vec_use() returns text language plpgsql as $$
declare a lab.point3 := (1, 2, 3); b lab.point3; v lab.p3 := row(1, 1, 1); t float8; arr lab.point3[];
begin
  b := a operator(lab.+) row(1, 1, 1)::lab.point3;
  b.z := -b.z;
  arr := array[a, b];
  arr[1].y := 50;
  a := (select lab.vec_sum(u) from unnest(arr) u);
  t := lab.vec_len(v) + lab.vec_len((3, 4, null)::lab.point3) + (lab.vec_add(a, b)).x;
  v := a;
  select x, y from unnest(arr) into b.x, b.y offset 1;
  return a::text || b || v || round(t::numeric, 2);
end $$;
select lab.vec_use();

-- 15
create function lab.grade_of(p lab.percent) returns lab.grade language plpgsql immutable as $$
declare g lab.grade := 'F';
begin
  g := case when p >= 90 then 'A' when p >= 75 then 'B' when p >= 60 then 'C' else g end;
  if g between 'D' and 'A' and g > 'D'::lab.grade then return g; end if;
  foreach g in array enum_range('F'::lab.grade, 'D') loop exit when p < 50; end loop;
  return g;
end $$;
select lab.grade_of(95), lab.grade_of(60), lab.grade_of(55), lab.grade_of(5);
-- 16
create function lab.domain_errors(n int, t text[]) returns text language plpgsql as $$
declare p lab.percent; tg lab.tags; dt text; con text;
begin
  begin p := n; exception when check_violation then get stacked diagnostics dt = pg_datatype_name, con = constraint_name; end;
  begin tg := t; exception when check_violation then return sqlerrm; end;
  return concat_ws(',', p, tg, dt, con);
end $$;
select lab.domain_errors(50, '{a}'), lab.domain_errors(500, '{a,b}'), lab.domain_errors(1, '{null}');

-- 17
create function "Data Store"."Make Order"("ID" int, "Customer Name" text, variadic "More" text[] default '{}') returns "Data Store"."Order" language plpgsql as $$
#variable_conflict use_variable
declare "Row" "Data Store"."Order"; "from" date := '2024-03-01';
begin
  insert into "Data Store"."Order" as "O" ("ID", "Customer Name", "from") values ("ID", "Customer Name" || cardinality("More"), "from")
  on conflict on constraint "Order_pkey" do update set "Customer Name" = "O"."Customer Name" || '+' returning "O".* into "Row";
  "Row"."to" := "Row"."from" + 30;
  "Row"."user" := 'me';
  update "Data Store"."Order" o set "to" = "Row"."to" where o."ID" = "Make Order"."ID";
  return "Row";
end $$;
select ("Data Store"."Make Order"(7, 'New', 'a', 'b'))."to", ("Data Store"."Make Order"(2, 'Again'))."Customer Name";
-- 18
create function "Data Store".overdue("On" date default current_date) returns table ("ID" int, "Days Late" int) language sql as $$
  select o."ID", "On" - o."to" as late from "Data Store"."Order" o where o."to" < "On" order by late desc, 1
$$;
select "ID" from "Data Store".overdue('2024-03-01') where "Days Late" > 1;

-- 19
create function lab.shape(doc jsonb) returns table (path text, kind text, depth int) language sql immutable as $$
  with recursive t(path, v, depth) as (
    select '$', doc, 0
    union all
    select t.path || x.k, x.v, t.depth + 1 from t cross join lateral (
      select '.' || e.key as k, e.value as v from jsonb_each(case jsonb_typeof(t.v) when 'object' then t.v else '{}' end) e
      union all
      select '[' || a.o - 1 || ']', a.v from jsonb_array_elements(case when jsonb_typeof(t.v) = 'array' then t.v else '[]' end) with ordinality a(v, o)
    ) x
  ) search depth first by path set ord
  select t.path, jsonb_typeof(t.v), t.depth from t order by ord
$$;
select * from lab.shape('{"a":[1,{"b":null}],"c":"x"}');
-- 20
create function lab.json_edit(doc jsonb) returns jsonb language plpgsql as $$
declare d jsonb := coalesce(doc, '{}'); k text; it jsonb; n int;
begin
  d['count'] := to_jsonb((select count(*) from jsonb_object_keys(d)));
  d['list'][0] := '"first"';
  d := d - 'gone' #- '{list,5}' || jsonb_build_object('now', current_date, 'arr', array[1.5, 2]);
  for k, it in select key, value from jsonb_each(d) where value is not null loop
    n := coalesce(n, 0) + length(k);
    continue when jsonb_typeof(it) <> 'number';
    d := jsonb_set(d, array[k], to_jsonb(it::numeric + 1));
  end loop;
  if d @> '{"count":1}' or d ?& array['list', 'arr'] then d := d || jsonb_build_object('n', n); end if;
  return jsonb_insert(d, '{list,0}', to_jsonb(row(1, 'x')));
end $$;
select lab.json_edit('{"gone":1,"q":4}') - 'now', lab.json_edit(null) is not null;
-- 21
create function lab.from_json(j json) returns setof lab.subject language plpgsql as $$
declare s lab.subject; r record;
begin
  for s in select * from json_populate_recordset(null::lab.subject, j) loop
    s.extra := coalesce(s.extra, '{}');
    s := jsonb_populate_record(s, '{"grp":"z"}');
    return next s;
  end loop;
  for r in select jt.* from json_table(j::text::jsonb, '$[*]' columns (o for ordinality, id int, nick text default '?' on empty, has_grp boolean exists path '$.grp')) as jt loop
    return query select r.id * 100 + r.o, r.nick, null::date, left(r.has_grp::text, 1)::char(1), '{}'::jsonb, r.has_grp;
  end loop;
end $$;
select id, nick, grp, active from lab.from_json('[{"id":8,"nick":"n"},{"id":9,"grp":"q"}]');

-- 22
create table lab.ddl_log (n serial, tag text, obj text, cmd text);
create function lab.on_ddl() returns event_trigger language plpgsql as $$
declare c record; n int := 0;
begin
  for c in select e.command_tag, e.object_identity, e.schema_name, e.in_extension from pg_event_trigger_ddl_commands() as e loop
    continue when c.in_extension or c.schema_name is distinct from 'lab';
    insert into lab.ddl_log (tag, obj, cmd) values (tg_tag, c.object_identity, tg_event);
    n := n + 1;
  end loop;
  raise debug '% %', n, tg_event;
end $$;
-- 23
create function lab.on_drop() returns event_trigger language plpgsql as $$
declare o record;
begin
  for o in select * from pg_event_trigger_dropped_objects() where original and not is_temporary loop
    insert into lab.ddl_log (tag, obj) values (tg_tag, coalesce(o.object_identity, o.address_names[1]));
  end loop;
end $$;
create event trigger wb_ddl on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute function lab.on_ddl();
create event trigger wb_drop on sql_drop execute function lab.on_drop();
create table lab.scratch (id int);
alter table lab.scratch add column v text;
create table public.elsewhere ();
drop table lab.scratch, public.elsewhere;
drop event trigger wb_ddl;
drop event trigger wb_drop;

-- 24
create view lab.active_subjects as select id, nick, grp, extra ->> 'w' as weight from lab.subject where active;
create function lab.active_io() returns trigger language plpgsql as $$
declare w jsonb := jsonb_build_object('w', case when tg_op <> 'DELETE' then new.weight end);
begin
  if tg_op = 'INSERT' then
    insert into lab.subject (id, nick, grp, extra) values (coalesce(new.id, (select max(id) + 1 from lab.subject)), new.nick, new.grp, w) returning id into new.id;
  elsif tg_op = 'UPDATE' then
    if new.id <> old.id then raise feature_not_supported; end if;
    update lab.subject s set nick = new.nick, grp = coalesce(new.grp, old.grp), extra = s.extra || w where s.id = old.id;
    if not found then return null; end if;
  else
    update lab.subject set active = false where id = old.id and nick = old.nick;
    return old;
  end if;
  return new;
end $$;
create trigger io instead of insert or update or delete on lab.active_subjects for each row execute function lab.active_io();
-- 25
create function lab.use_view() returns text language plpgsql as $$
declare v lab.active_subjects; t text; i int;
begin
  insert into lab.active_subjects (nick, weight) values ('hen', 5) returning * into v;
  update lab.active_subjects a set grp = 'h', weight = a.weight || '0' where a.id = v.id returning a.weight into t;
  begin
    update lab.active_subjects set id = 0 where id = v.id;
  exception when feature_not_supported then t := t || '!';
  end;
  delete from lab.active_subjects where id = v.id;
  get diagnostics i = row_count;
  return v.nick || t || i;
end $$;
select lab.use_view();

-- 26
create function lab.inherit_all(n int) returns text language plpgsql as $$
declare b lab.base; c lab.child; r record; names text := '';
begin
  for k in 1..n loop insert into lab.child (label, parts) values ('l' || k, array_fill(k, '{2}')); end loop;
  insert into lab.base default values returning * into b;
  select * into c from only lab.child ch order by ch.id desc limit 1;
  for r in select x.tableoid::regclass as rel, count(*) as cnt, max(x.id) from lab.base x group by 1 order by 1 loop names := names || r.rel || r.cnt; end loop;
  delete from only lab.base where id = b.id;
  update lab.base bb set made = null where bb.id = c.id returning (bb.made is null) into strict r;
  return names || c.label || c.parts[1];
end $$;
select lab.inherit_all(2);

-- 27
create function lab.merge_readings(src lab.reading) returns text language plpgsql as $$
declare act text; v float8;
begin
  merge into lab.reading t using (select src.subject_id as sid, src.taken, src.kind, src.val) s on (t.subject_id, t.taken, t.kind) = (s.sid, s.taken, s.kind)
  when matched and s.val is null then delete
  when matched then update set val = s.val
  when not matched by target then insert (subject_id, taken, kind, val) values (s.sid, s.taken, s.kind, s.val)
  returning merge_action(), coalesce(t.val, s.val) into act, v;
  return act || coalesce(v, -1);
end $$;
select lab.merge_readings((1, '2025-01-01', 'x', 1, null)), lab.merge_readings((1, '2025-01-01', 'x', 2, null)), lab.merge_readings(row(1, '2025-01-01', 'x', null, null));

-- 28
create function lab.smooth(win int default 1) returns table (sid int, at timestamptz, raw float8, mean float8, rel text) language plpgsql as $$
begin
  return query select r.subject_id, r.taken, r.val, avg(r.val) over w, to_char(percent_rank() over (partition by r.subject_id order by r.val) * 100, 'FM990') || '%'
    from lab.reading r where r.kind = 'temp' window w as (partition by r.subject_id order by r.taken rows between smooth.win preceding and 1 following exclude ties);
  sid := null; at := 'infinity'; mean := (select avg(q.v) from (select r.val from lab.reading r) q(v));
  return next;
end $$;
select count(*), max(at) from lab.smooth(2);
-- 29
create function lab.crosstab() returns setof record language sql as $$
  select r.subject_id, max(val) filter (where kind = 'temp'), max(val) filter (where kind = 'ph') from lab.reading r group by rollup (r.subject_id) order by grouping(r.subject_id), 1
$$;
-- 30
create function lab.crosstab_sum() returns numeric language plpgsql as $$
declare r record; s numeric := 0;
begin
  for r in select * from lab.crosstab() as ct(sid int, temp float8, ph float8) where ct.sid is not null loop
    s := s + r.temp::numeric + coalesce(r.ph, 0)::numeric;
  end loop;
  return s;
end $$;
select lab.crosstab_sum();

-- 31
create function lab.series_of(n int) returns table (i int, j int, s text) language sql as $$ select generate_series(1, n), generate_series(1, 2), unnest(array['a', 'b', 'c']) $$;
-- 32
create function lab.rows_from() returns text[] language plpgsql as $$
declare r record; res text[];
begin
  for r in select * from rows from (lab.series_of(2), unnest('{x,y}'::text[]), jsonb_to_recordset('[{"q":1}]') as (q int)) with ordinality as t(i, j, s, u, q, ord) loop
    res := res || concat(r.i, r.s, r.u, r.q, r.ord);
  end loop;
  select array_agg(x.s || y) into res from lab.series_of(1) x, lateral unnest(res || x.s) with ordinality z(y, o) where o < 3;
  return res;
end $$;
select lab.rows_from();

-- 33
create function lab.acc(state numeric[], x numeric, w numeric) returns numeric[] language plpgsql immutable as $$
begin
  if x is null or w is null then return state; end if;
  state[1] := coalesce(state[1], 0) + x * w; state[2] := coalesce(state[2], 0) + w;
  return state;
end $$;
-- 34
create function lab.fin(state numeric[]) returns numeric language sql immutable return round(state[1] / nullif(state[2], 0), 3);
create aggregate lab.wavg (numeric, numeric) (sfunc = lab.acc, stype = numeric[], finalfunc = lab.fin, initcond = '{}');
-- 35
create function lab.wavg_by() returns setof text language plpgsql as $$
declare k text; v numeric;
begin
  for k, v in select r.kind, lab.wavg(r.val::numeric, r.subject_id) filter (where r.val > 1) from lab.reading r group by r.kind order by r.kind loop return next k || v; end loop;
  select lab.wavg(x, null) over (order by x) into v from (values (1.0), (2)) t(x) limit 1;
  return next coalesce(v::text, 'none');
end $$;
select lab.wavg_by();

-- 36
create function lab.touched() returns trigger language plpgsql as $$
declare d record; txt text;
begin
  if tg_op = 'UPDATE' then
    select count(*) as n, string_agg(n.nick || '<' || o.nick, ',' order by n.id) as list into d from new_s n join old_s o using (id) where n.* is distinct from o.*;
    txt := d.n || coalesce(d.list, '');
  else
    select 'del ' || string_agg(o.nick, '') into txt from old_s o;
  end if;
  insert into lab.ddl_log (tag, obj, cmd) values (tg_op, txt, tg_argv[0]);
  return null;
end $$;
create trigger touched_u after update on lab.subject referencing old table old_s new table new_s for each statement execute function lab.touched('upd');
create trigger touched_d after delete on lab.subject referencing old table as old_s for each statement execute function lab.touched();
update lab.subject set nick = nick || '1' where grp = 'a';
insert into lab.subject (id, nick) values (99, 'tmp');
delete from lab.subject where id = 99;

-- 37
create function lab.default_chain(a int, b int default 2, c text default 'c' || current_user, d lab.grade default 'B', e int[] default array[1, 2], f lab.subject default null) returns text language sql immutable as $$ select concat(a, b, left(c, 1), d, e, (f).nick, f is null) $$;
select lab.default_chain(1), lab.default_chain(1, d => 'A'), lab.default_chain(a => 1, f => (s), e => '{}') from lab.subject s where id = 1;
-- 38
create procedure lab.sql_proc(p_id int, inout tag text, out n bigint) language sql begin atomic
  insert into lab.ddl_log (tag, obj) values (sql_proc.tag, p_id::text);
  select upper(tag), (select count(*) from lab.ddl_log l where l.tag = sql_proc.tag);
end;
-- 39
create procedure lab.run_procs() language plpgsql as $$
declare t text := 'tag'; n bigint; r lab.ddl_log;
begin
  call lab.sql_proc(1, t, n);
  call lab.sql_proc(p_id => 2, tag => t, n => n);
  call lab.sql_proc(greatest(1, n::int) + 1, n => n, tag => r.tag);
  commit;
  select * into r from lab.ddl_log l where l.tag = t order by l.n limit 1;
  if r.obj is not null then rollback; end if;
end $$;
call lab.run_procs();
call lab.sql_proc(5, 'x', null);

-- 40
create function lab.dyn_columns(rel regclass, vals jsonb) returns jsonb language plpgsql as $$
declare cols text; exprs text; res jsonb; a record; n int := 0;
begin
  for a in select attname, format_type(atttypid, atttypmod) as typ, attnotnull from pg_attribute where attrelid = rel and attnum > 0 and not attisdropped and vals ? attname::text order by attnum loop
    n := n + 1;
    cols := concat_ws(', ', cols, quote_ident(a.attname));
    exprs := concat_ws(', ', exprs, format('($1 ->> %L)::%s', a.attname, a.typ));
  end loop;
  if n = 0 then return null; end if;
  execute format('insert into %s (%s) values (%s) returning to_jsonb(%s)', rel, cols, exprs, split_part(rel::text, '.', 2)) into strict res using vals;
  return res - 'at';
end $$;
select lab.dyn_columns('lab.subject', '{"id":44,"nick":"dyn","nope":1}') ->> 'nick', lab.dyn_columns('lab.subject', '{}');
-- 41
create function lab.quote_all(v anyelement, variadic parts text[]) returns text language plpgsql as $$
declare s text;
begin
  s := format('%I|%L|%s|%%|%2$s|%1$I', parts[1], parts[2], v);
  execute 'select ' || quote_literal(s) || ' || ' || quote_nullable(null::text) || ' is null' into s;
  execute $a$select $b$in $1 'quoted'$b$ || $1$a$ into s using v;
  return s || quote_ident('A b') || E'\'' || '''' || $x$x$x$;
end $$;
select lab.quote_all(5, 'a', 'b'), lab.quote_all(true, 'c', null);
