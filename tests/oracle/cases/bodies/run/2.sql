-- Control flow, declarations, loops and cursors of PL/pgSQL.
create type mood as enum ('sad', 'ok', 'happy');
create domain posint as int check (value > 0);
create domain short_text as varchar(20) not null default 'none';
create type point3 as (x numeric, y numeric, z numeric);
create type labelled as (label text, pt point3, tags text[]);

create table person (
  id serial primary key,
  name text not null,
  born date,
  mood mood default 'ok',
  boss int references person,
  salary numeric(10, 2) check (salary >= 0),
  phones text[] default '{}'
);
insert into person (name, born, boss, salary, phones) values
  ('Ada', '1970-01-01', null, 100, '{1,2,3}'), ('Ben', '1980-05-05', 1, 80, '{}'), ('Cy', '1990-02-02', 1, 70, '{9}'),
  ('Di', null, 2, 60, null), ('Ed', '2001-12-31', 4, 50, '{5,6}');

create function f_decl() returns text language plpgsql as $$
declare
  a int;
  b integer := 5;
  c constant numeric(6, 2) := 1.235;
  d text collate "C" default 'x';
  e varchar(10) not null = 'abc';
  f person.salary%type;
  g person%rowtype;
  h record;
  i int[] := '{1,2,3}';
  j int[3][3];
  k mood := 'happy';
  l posint := 3;
  m short_text := 'hey';
  n timestamp(0) with time zone := '2020-01-01 00:00:00+00';
  o double precision := 1e3;
  p bit varying(8) := b'101';
  q interval day to second := '1 day 02:00';
  r public.person.name%type := 'rr';
  s a%type;
  t g%type;
  u char := 'y';
  v "char" := 'z';
  w refcursor;
  x int array := array[1];
  y text array[4];
begin
  a := b * 2;
  s := a;
  f := c;
  select * into g from person where id = 1;
  t := g;
  h := row(1, 'one');
  j[1][1] := 7;
  x[3] := 9;
  y := array_fill('q'::text, array[2]);
  w := 'portal';
  return concat_ws(',', a, c, d, e, f, g.name, h, i, j, k, l, m, o, p, q, r, s, t.id, u, v, w, x, y, n is null);
end $$;
select f_decl();

create function f_shadow(n int) returns text language plpgsql as $$
<<outer_block>>
declare
  n int := f_shadow.n + 1;
  who text := 'outer';
begin
  <<inner_block>>
  declare
    who text := 'inner';
    n int := outer_block.n + 1;
  begin
    declare
      who int := 42;
    begin
      return format('%s %s %s / %s %s %s', f_shadow.n, outer_block.n, inner_block.n, outer_block.who, inner_block.who, who);
    end;
  end inner_block;
end outer_block $$;
select f_shadow(1);

create function f_alias(integer, text) returns text language plpgsql as $$
declare
  num alias for $1;
  txt alias for $2;
  twice int := $1 * 2;
  dbl alias for twice;
begin
  dbl := dbl + num;
  return $2 || txt || twice;
end $$;
select f_alias(4, 'v');

create function f_loops(lim int) returns int[] language plpgsql as $$
declare
  acc int[] := array[]::int[];
  i int := 100;
begin
  for i in 1..lim loop
    acc := acc || i;
  end loop;
  for i in reverse lim..1 by 2 loop
    acc := i || acc;
  end loop;
  for j in lim * -1 .. (select count(*) from person) by lim loop
    acc := array_append(acc, j);
  end loop;
  while i > 97 loop
    i := i - 1;
    continue when i % 2 = 0;
    acc := acc || array[i];
  end loop;
  loop
    i := i + 1;
    exit when i >= 100;
  end loop;
  return acc || i;
end $$;
select f_loops(3);

create function f_labels() returns text language plpgsql as $$
declare
  s text := '';
begin
  <<rows>>
  for r in 1..4 loop
    <<cols>>
    for c in 1..4 loop
      continue rows when c > r;
      exit rows when r * c > 6;
      if c = 2 then
        continue cols;
      end if;
      s := s || (rows.r * cols.c) || ' ';
    end loop cols;
  end loop rows;
  <<blk>>
  begin
    s := s || 'in ';
    exit blk when s like '%in %';
  end;
  return s || 'done';
end $$;
select f_labels();

create function f_case(v int, t text) returns text language plpgsql as $$
declare res text;
begin
  case v
    when 1 then res := 'one';
    when 2, 3, (select max(id) from person) then
      res := 'few';
    else
      res := 'many';
  end case;
  case
    when t is null then res := res || ' null';
    when t ~ '^\d+$' and t::int > 3 then
      res := res || ' big';
    else null;
  end case;
  return res;
end $$;
select f_case(1, null), f_case(3, '77'), f_case(8, 'x'), f_case(5, '1');

create function f_case_missing(v int) returns text language plpgsql as $$
begin
  case v when 1 then return 'one'; end case;
  return 'not reached';
exception when case_not_found then
  return 'case not found: ' || sqlerrm;
end $$;
select f_case_missing(1), f_case_missing(2);

create function f_if(score numeric) returns char(1) language plpgsql immutable as $$
begin
  if score >= 90 then return 'A';
  elsif score >= 80 then return 'B';
  elseif score between 70 and 79.99 then return 'C';
  else
    if score is null then
      return '?';
    end if;
  end if;
  return 'F';
end $$;
select f_if(95), f_if(85), f_if(75), f_if(5), f_if(null);

create function f_for_query(min_salary numeric) returns setof text language plpgsql as $$
declare
  p record;
  q person%rowtype;
  v_name text; v_boss person.name%type;
begin
  for p in select id, name, extract(year from born)::int as yr from person where salary >= min_salary order by id loop
    return next p.id || ':' || p.name || ':' || coalesce(p.yr, 0);
  end loop;
  for q in select * from person loop
    return next q.phones[1];
  end loop;
  for v_name, v_boss in
    select c.name, b.name from person c join person b on b.id = c.boss order by 1
  loop
    return next v_name || '<' || v_boss;
  end loop;
  if not found then
    return next 'nobody';
  end if;
  for p in update person set salary = salary + 1 where id <= 2 returning id, salary loop
    return next p.id || '=' || p.salary;
  end loop;
  for p in values (1, 'a'), (2, 'b') loop
    return next p.column2;
  end loop;
  for p in with t(n) as (select generate_series(1, 2)) select n * n as sq from t loop
    return next p.sq::text;
  end loop;
  for p in explain (costs off) select 1 loop
    return next p."QUERY PLAN";
  end loop;
end $$;
select * from f_for_query(60);
select * from f_for_query(1000);
begin;
update person set boss = null;
select * from f_for_query(60);
rollback;

create function f_for_execute(tbl regclass, col name, val anyelement) returns int language plpgsql as $$
declare
  r record;
  n int := 0;
begin
  for r in execute format('select * from %s where %I = $1', tbl, col) using val loop
    n := n + 1;
    raise debug 'row %', r;
  end loop;
  return n;
end $$;
select f_for_execute('person', 'mood', 'ok'::mood), f_for_execute('person', 'id', 3);

create function f_foreach(a int[]) returns text language plpgsql as $$
declare
  x int;
  s int[];
  out_text text := '';
begin
  foreach x in array a loop
    out_text := out_text || x || ';';
  end loop;
  foreach s slice 1 in array a loop
    out_text := out_text || s::text || array_length(s, 1);
  end loop;
  foreach s slice 2 in array array[[1, 2], [3, 4]] loop
    out_text := out_text || s[2][1];
  end loop;
  return out_text;
end $$;
select f_foreach('{{1,2},{3,4}}');

create function f_foreach_rows() returns numeric language plpgsql as $$
declare
  p point3;
  a numeric; b numeric; c numeric;
  total numeric := 0;
  rec record;
begin
  foreach p in array array[(1, 2, 3), (4, 5, 6)]::point3[] loop
    total := total + p.x;
  end loop;
  foreach a, b, c in array array[row(1, 1, 1)::point3] loop
    total := total + a + b + c;
  end loop;
  foreach rec in array (select array_agg(p1) from person p1) loop
    total := total + length(rec.name);
  end loop;
  return total;
end $$;
select f_foreach_rows();

create function f_composite() returns labelled language plpgsql as $$
declare
  l labelled;
  pts point3[];
  m labelled[];
begin
  l.label := 'first';
  l.pt := (1, 2, 3);
  l.pt.x := (l.pt).x + 10;
  l.tags[2] := 'two';
  pts[1] := l.pt;
  pts[2].y := 99;
  m[1].pt.z := 3.5;
  m[1].tags := array['a', 'b'];
  l.tags := l.tags || m[1].tags[1:1];
  l.pt.z := (pts[2]).y + (m[1]).pt.z;
  return l;
end $$;
select (f_composite()).*, (f_composite()).pt.x;

create function f_slices2() returns text language plpgsql as $$
declare
  a int[] := array[1, 2, 3, 4, 5];
  m text[][] := '{{a,b},{c,d}}';
  i int := 2;
begin
  a[i:i + 1] := array[20, 30];
  m[1:1][2:2] := '{{Z}}';
  return a[i:]::text || a[:i]::text || m[2][1] || m[1:2][1:1]::text || cardinality(a[3:1]);
end $$;
select f_slices2();

create function f_into_forms() returns text language plpgsql as $$
declare
  a int; b text; r record; p person; c int;
begin
  select into a, b id, name from person where id = 1;
  select id, name into a, b from person where id = 2;
  select id, name from person where id = 3 into a, b;
  select into strict r * from person where id = 4;
  select p1.* into p from person p1 order by id desc;
  select count(*), 'x' from person into strict a, b;
  insert into person (name) values ('New') returning id into a;
  update person set name = upper(name) where id = a returning name into strict b;
  delete from person where id = a returning * into p;
  with w as (select 1 as one) select one into c from w;
  select 1 into a union all select 2 limit 1;
  select p.id, r.name into p.id, p.name;
  values (5, 'five') into a, b;
  return concat_ws('/', a, b, c, r.name, p.name);
end $$;
select f_into_forms();

create function f_strict() returns text language plpgsql as $$
declare
  v int;
  log text := '';
begin
  begin
    select id into strict v from person;
  exception when too_many_rows then
    log := log || 'many ';
  end;
  begin
    select id into strict v from person where id < 0;
  exception when no_data_found then
    log := log || 'none ';
  end;
  begin
    execute 'select id from person' into strict v;
  exception when others then
    log := log || sqlstate;
  end;
  return log;
end $$;
select f_strict();

create function f_bound_cursor(lo int, hi int) returns text language plpgsql as $$
declare
  c1 cursor for select * from person order by id;
  c2 cursor (a int, b int) is select name from person where id between a and b order by name;
  c3 scroll cursor (key integer) for select * from person where id >= key order by id;
  c4 no scroll cursor for values (1), (2);
  r record;
  p person%rowtype;
  nm text;
  acc text := '';
begin
  open c1;
  fetch c1 into p;
  fetch next from c1 into r;
  acc := p.name || r.name;
  close c1;
  open c2(lo, hi);
  loop
    fetch c2 into nm;
    exit when not found;
    acc := acc || '-' || nm;
  end loop;
  close c2;
  open c2(b := hi, a := 1);
  move forward 1 from c2;
  fetch from c2 into nm;
  close c2;
  open c2(a => 1, b => 1);
  close c2;
  open c3(1);
  fetch last from c3 into r;
  fetch prior in c3 into r;
  acc := acc || '+' || r.id;
  fetch absolute 2 from c3 into r;
  fetch relative -1 from c3 into r;
  move last from c3;
  move relative -1 from c3;
  fetch backward from c3 into r;
  fetch first from c3 into p;
  acc := acc || '+' || r.id || p.name;
  close c3;
  for x in c4 loop
    acc := acc || x.column1;
  end loop;
  for rec in c2(2, 4) loop
    acc := acc || '*' || rec.name;
  end loop;
  for rec in c3(key := 5) loop
    acc := acc || rec.boss;
  end loop;
  return acc;
end $$;
select f_bound_cursor(2, 3);

create function f_unbound() returns int language plpgsql as $$
declare
  c refcursor;
  d refcursor := 'named';
  r record;
  n int; total int := 0;
begin
  open c for select id, salary from person order by id;
  fetch c into n, total;
  total := 0;
  close c;
  open c scroll for select id from person order by id;
  move next in c;
  fetch c into n;
  total := total + n;
  close c;
  open d for execute 'select id from person where id > $1 order by id' using 2;
  fetch d into r;
  total := total + r.id;
  close d;
  open c no scroll for execute format('select %L::int as k', 40);
  fetch c into r;
  total := total + r.k;
  move c;
  if not found then total := total + 1; end if;
  close c;
  return total;
end $$;
select f_unbound();

create function f_current_of(pct numeric) returns int language plpgsql as $$
declare
  cur cursor for select * from person where salary is not null order by id for update;
  ref refcursor;
  p person;
  n int := 0;
begin
  open cur;
  loop
    fetch cur into p;
    exit when not found;
    if p.salary > 90 then
      update person set salary = salary * (1 + pct / 100) where current of cur;
      n := n + 1;
    end if;
  end loop;
  close cur;
  for r in cur loop
    update person set mood = 'sad' where current of cur;
  end loop;
  open ref for select id from person where name = 'Ed' for update;
  fetch ref into p.id;
  delete from person where current of ref;
  close ref;
  return n;
end $$;
select f_current_of(10);

create function f_return_cursor(c refcursor) returns refcursor language plpgsql as $$
begin
  open c for select name from person order by 1;
  return c;
end $$;
begin;
select f_return_cursor('people');
fetch 2 from people;
commit;

create function f_two_cursors(refcursor, refcursor) returns setof refcursor language plpgsql as $$
begin
  open $1 for select 1 as a;
  return next $1;
  open $2 for table person;
  return next $2;
end $$;
begin;
select f_two_cursors('c_a', 'c_b');
fetch all in c_a;
fetch forward 1 from c_b;
rollback;

create function f_consume() returns text language plpgsql as $$
declare
  c refcursor := f_return_cursor('inner_c');
  nm text;
  acc text = '';
begin
  loop
    fetch c into nm;
    if not found then exit; end if;
    acc = acc || nm;
  end loop;
  close c;
  return acc;
end $$;
select f_consume();

create function f_assign_forms() returns text language plpgsql as $$
declare
  a int; b text; c int[]; r record; q int;
begin
  a = 1;
  a := a + count(*) from person;
  b := name from person where id = 1;
  c := array(select id from person order by id);
  r := (select p from person p where id = 1);
  q := (select max(x) from unnest(c) x);
  c[q] := a;
  return concat_ws(',', a, b, c, r.name, q);
end $$;
select f_assign_forms();

create function f_found() returns text language plpgsql as $$
declare s text := ''; x int;
begin
  perform 1 from person where id = 1;
  s := s || found;
  update person set mood = 'ok' where id = -1;
  s := s || found::text;
  select id into x from person where id = 2;
  if found and x = 2 then s := s || '!'; end if;
  for i in 1..1 loop null; end loop;
  return s || case when found then 'y' else 'n' end;
end $$;
select f_found();

create function f_diagnostics() returns bigint language plpgsql as $$
declare
  n bigint; rc int; ctx text; r person;
begin
  update person set salary = coalesce(salary, 0);
  get diagnostics n = row_count;
  get current diagnostics rc := row_count, ctx = pg_context;
  insert into person (name) select 'x' || g from generate_series(1, 3) g;
  get diagnostics r.id = row_count;
  delete from person where name like 'x%';
  return n + rc + r.id + length(ctx) * 0;
end $$;
select f_diagnostics();

create function f_exceptions(kind int) returns text language plpgsql as $$
declare
  state text; msg text; cons text; tab text; col text; typ text; sch text;
begin
  case kind
    when 1 then insert into person (id, name) values (1, 'dup');
    when 2 then insert into person (name) values (null);
    when 3 then update person set salary = -1 where id = 1;
    when 4 then perform 1 / (kind - 4);
    when 5 then perform 'abc'::text::int;
    when 6 then perform (-1)::posint;
    when 7 then raise exception sqlstate 'ABC12';
    when 8 then raise unique_violation using message = 'made up', column = 'cc', datatype = 'dd', constraint = 'kk';
    else return 'none';
  end case;
exception
  when unique_violation or not_null_violation or check_violation then
    get stacked diagnostics state = returned_sqlstate, msg = message_text, cons = constraint_name,
      tab = table_name, col = column_name, typ = pg_datatype_name, sch = schema_name;
    return concat_ws('|', state, cons, tab, col, typ, sch, msg is not null);
  when division_by_zero then
    return 'div';
  when sqlstate '22P02' then
    return 'text';
  when others then
    return 'other ' || sqlstate || ' ' || sqlerrm;
end $$;
select k, f_exceptions(k) from generate_series(1, 9) k;

create function f_reraise(n int) returns text language plpgsql as $$
begin
  begin
    perform 10 / n;
    return 'fine';
  exception
    when division_by_zero then
      begin
        raise notice 'cleaning up after %', sqlerrm;
        raise;
      exception when others then
        raise exception 'wrapped: %', sqlerrm using errcode = '22000';
      end;
  end;
exception when data_exception then
  return sqlerrm;
end $$;
select f_reraise(1), f_reraise(0);

create function f_raise_all() returns void language plpgsql as $$
declare
  d text := 'det';
begin
  raise notice 'plain';
  raise info 'with % and %%', 1 + 1;
  raise log '% % %', 'a', array[1], row(1, 2);
  raise debug 'x' using hint = 'h';
  raise warning using message = 'm' || d, detail := d;
  raise notice 'sub: %', (select count(*) from person) using errcode = '01000';
  raise warning division_by_zero;
  raise notice sqlstate '01234' using message = 'st';
  begin
    raise 'default level %', null;
  exception when raise_exception then null;
  end;
end $$;
select f_raise_all();

create function f_assert(n int) returns boolean language plpgsql as $$
begin
  assert n is not null;
  assert n > 0, format('n must be positive, not %s', n);
  return true;
exception when assert_failure then
  raise notice '%', sqlerrm;
  return false;
end $$;
select f_assert(1), f_assert(-1);

create function f_conflict_var(id int) returns text language plpgsql as $$
#variable_conflict use_variable
declare nm text;
begin
  select p.name into nm from person p where p.id = id;
  update person set name = name where person.id = id;
  return nm;
end $$;
select f_conflict_var(2);

create function f_conflict_col(id int, name text) returns int language plpgsql as $$
# variable_conflict use_column
declare n int;
begin
  update person set name = f_conflict_col.name where id = f_conflict_col.id;
  select count(*) into n from person where id > 0 and name = $2;
  return n;
end $$;
select f_conflict_col(1, 'Adele');

create function f_conflict_err(person_id int) returns text language plpgsql as $$
#variable_conflict error
declare
  r record;
begin
  select name, mood into r from person where id = person_id;
  return r.name || r.mood;
end $$;
select f_conflict_err(1);

create function f_record_reuse() returns text language plpgsql as $$
declare
  r record;
  s text;
begin
  select 1 as a into r;
  s := r.a;
  select 'x' as b, now() as c into r;
  s := s || r.b || (r.c is not null);
  r := null;
  select * into r from person where id = 1;
  r.name := 'changed';
  r.salary := r.salary + 1;
  return s || r.name || r.salary || (r is null);
end $$;
select f_record_reuse();

create function f_row_compare() returns boolean language plpgsql as $$
declare
  a person; b person%rowtype; c record;
begin
  select * into a from person where id = 1;
  b := a;
  c := b;
  a.name := null;
  return (a is distinct from b) and (b = c) and row(a.id, a.name) is distinct from row(b.id, b.name) and a.id = (b).id;
end $$;
select f_row_compare();

create function f_domain(v posint, t short_text default 'dflt') returns short_text language plpgsql as $$
declare
  d posint := v;
  z short_text := t;
begin
  d := d + 1;
  begin
    d := d - 1000;
  exception when check_violation then
    z := 'neg';
  end;
  return z || d;
end $$;
select f_domain(3), f_domain(3, 'q');

create function f_recursive(n int) returns numeric language plpgsql as $$
begin
  if n <= 1 then return 1; end if;
  return n * f_recursive(n - 1);
end $$;
select f_recursive(20);

create function f_chain(start_id int) returns table (lvl int, who text, path int[]) language plpgsql as $$
begin
  return query
  with recursive up(lvl, id, boss, name, path) as (
    select 0, p.id, p.boss, p.name, array[p.id] from person p where p.id = start_id
    union all
    select u.lvl + 1, p.id, p.boss, p.name, u.path || p.id from up u join person p on p.id = u.boss
  )
  select u.lvl, u.name, u.path from up u order by u.lvl;
end $$;
select * from f_chain(4);

create function f_null_stmt(int default null) returns void language plpgsql as $$
begin
  null;
  if $1 is null then return; end if;
  begin end;
  return;
end; $$;
select f_null_stmt(), f_null_stmt(1);

do language plpgsql $$
declare
  i int;
  t text[] := '{}';
begin
  <<l>> for i in 1..3 loop
    t := t || format('%s:%s', i, l.i);
  end loop;
  create temp table kept on commit drop as select unnest(t) as v;
  assert (select count(*) from kept) = 3;
  insert into kept values ('q');
  assert (select count(*) = 4 from kept);
end $$;
do $$ begin perform f_chain(1); end $$;
do 'declare x int := 1; begin raise notice ''x is %'', x; end';
