-- The language itself: loops, labels, cursors, records, arrays, exceptions, diagnostics, odd spellings.
create table city (id int primary key, name varchar(40) not null, country char(2) not null, pop bigint, pos point, founded date, tags text[] default '{}');
create table road (a int references city, b int references city, km numeric(6, 1) not null, toll money, primary key (a, b));
create type leg as (hop int, place city, km numeric);
create type trip as (title text, legs leg[], total numeric);
create domain pct as numeric(5, 2) check (value between 0 and 100);
create domain word as text not null check (value <> '');
create domain words as word[];
insert into city values
  (1, 'Lisbon', 'PT', 545000, '(38.7,-9.1)', null, '{capital,coast}'),
  (2, 'Porto', 'PT', 232000, '(41.1,-8.6)', '0868-01-01', '{coast}'),
  (3, 'Madrid', 'ES', 3300000, null, '0860-01-01', '{capital}'),
  (4, 'Vigo', 'ES', 292000, '(42.2,-8.7)', null, '{}'),
  (5, 'Nowhere', 'XX', null, null, null, null);
insert into road values (1, 2, 313, 22), (2, 4, 153.5, null), (1, 3, 625, 30), (3, 4, 590, 0);

-- 1
create function l_blocks(n integer) returns text language plpgsql as $fn$
<<outermost>>
declare
  n integer := n + 1;
  acc text := 'o' || l_blocks.n;
begin
  <<middle>>
  declare
    n text = 'mid';
  begin
    acc := acc || n;
    declare n date default '2000-02-29'; begin
      acc := acc || extract(year from n)::text || middle.n || outermost.n || "l_blocks".n;
      exit middle when n < now();
    end;
  end middle;
  begin null; end;
  begin end;
  return acc;
end outermost $fn$;
select l_blocks(1);

-- 2
create function l_declarations(p city, city.pop%type default 7) returns text language plpgsql as $$
declare
  arg2 alias for $2;
  again alias for p;
  i constant int not null := 3;
  j int2 default i * 2;
  k city.name%type := again.name;
  l road.toll%type = 4.5;
  m public.city%rowtype;
  n city[] := array[p, null];
  o trip;
  q int[][] := '{{1,2},{3,4}}';
  r record;
  s varchar(5) collate "C" := 'abc';
  t time(0) with time zone := '10:00+02';
  u bit varying(8) := b'101';
  v double precision not null default pi();
  w interval day to second := '1 day 2 hours';
  x numeric(6, 2)[3] := '{1.005,2}';
  y pct := 12.345;
  z word := 'z';
  "Quoted Var" national character varying(3) := 'abc';
  _u$1 text := $2;
begin
  m := row(9, k, 'PT', i, null, null, null);
  r := m;
  o.title := r.name || "Quoted Var";
  o.legs[1].km := x[1];
  o.legs[2] := row(2, p, j);
  return concat_ws('|', arg2, m.name, r.pop, n[1].name, o, q[2][1], s, t, u, round(v::numeric, 2), w, y, z, _u$1, l, ((o.legs)[2]).place.name);
end $$;
select l_declarations(c) from city c where id = 1;

-- 3
create function l_ints(lo int, hi int) returns int[] language plpgsql immutable as $$
declare
  acc int[];
  hi_ int := hi;
begin
  for hi in lo .. hi loop acc := acc || hi; end loop;
  for i in reverse hi_..lo by 2 loop
    acc := acc || -i;
    hi_ := 0; lo := 100;
  end loop;
  for i in (select 1)..(select count(*) from generate_series(1, 2)) loop
    declare i int := i * 10; begin acc := i || acc; end;
  end loop;
  for _ in 1..0 loop null; end loop;
  for x in '1'..'2' by '1' loop acc := array_append(acc, x); end loop;
  return acc;
end $$;
select l_ints(3, 6);

-- 4
create function l_while_exit(x numeric) returns text language plpgsql as $$
declare steps int := 0; label text := '';
begin
  <<grow>>
  while x < 1000 loop
    steps := steps + 1;
    x := x * 2;
    <<inner_loop>>
    loop
      exit inner_loop when steps > 1;
      steps := steps + 1;
      continue grow when x > 3;
      exit;
    end loop inner_loop;
    if x > 500 then exit grow; elseif x > 400 then continue; end if;
    label := label || '.';
  end loop grow;
  <<only>> begin
    if steps > 0 then exit only; end if;
    label := 'no';
  end;
  return steps || label;
end $$;
select l_while_exit(1), l_while_exit(5000), l_while_exit(110);

-- 5
create function l_foreach_slices(m int[]) returns text language plpgsql as $$
declare
  row_ int[];
  cell int;
  txt text = '';
  c city;
  w word := '-';
begin
  foreach row_ slice 1 in array m loop
    txt := txt || array_to_string(row_, ',') || ';';
    foreach cell in array row_ loop txt := txt || cell * 2; end loop;
  end loop;
  foreach row_ slice 2 in array m || '{{7,7}}' loop txt := txt || row_::text; end loop;
  foreach c in array (select array_agg(city order by id) from city where pop > 0) loop
    txt := txt || left(c.name, 1);
  end loop;
  foreach w in array string_to_array('a b', ' ') loop txt := w || txt; end loop;
  return txt;
end $$;
select l_foreach_slices('{{1,2},{3,4}}');

-- 6
create function l_query_loops(min_pop bigint) returns text language plpgsql as $$
declare
  r record;
  c city;
  nm text;
  pp city.pop%type;
  res text := '';
begin
  for r in select country, count(*) as n, max(pop) as top from city group by country having max(pop) >= min_pop order by 1 loop
    res := res || r.country || r.n || '/' || r.top || ' ';
  end loop;
  for c in select * from city where pop >= min_pop order by pop desc loop
    res := res || c.name;
    c.name := c.name || '!';
    res := res || (c).name;
  end loop;
  for nm, pp in values ('a', 1), ('b', 2) loop res := res || nm || pp; end loop;
  for nm in select upper(name) from city order by name fetch first 2 rows only loop res := res || nm; end loop;
  for r in with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select n, n * n sq from t loop
    res := res || r.sq + r.n;
  end loop;
  for r in update city set tags = tags where id = 1 returning city.*, ctid loop res := res || r.id || (r.ctid is not null); end loop;
  for r in insert into road values (4, 1, 480, 1) returning * loop res := res || r.km; end loop;
  for r in delete from road where a = 4 returning a + b as ends loop res := res || r.ends; end loop;
  for r in show search_path loop res := res || (r.search_path <> ''); end loop;
  for r in explain (costs off) select from city loop res := res || ('' <> r."QUERY PLAN"); end loop;
  return res;
end $$;
select l_query_loops(200000);

-- 7
create function l_execute_forms(tab text, k int) returns text language plpgsql as $$
declare
  r record;
  c city%rowtype;
  n int;
  t text;
  q constant text := 'select * from ' || quote_ident(tab);
begin
  execute q || ' where id = $1' into c using k;
  execute 'select count(*), max(name)' || ' from city' into n, t;
  execute format('select id, name from %I where id = %s', tab, k + 1) into strict r;
  execute $q$update city set tags = array_append(tags, $2) where id = $1 returning cardinality(tags)$q$ using k, 'dyn'::text into n;
  for r in execute q || ' where id between $1 and $2 order by id' using k, k + 1 loop
    t := t || r.name;
  end loop;
  for t in execute 'values (1::text || $1)' using t loop exit; end loop;
  execute 'create temp table if not exists l_dyn (x int) on commit drop';
  execute 'insert into l_dyn select generate_series(1, $1)' using n;
  get diagnostics n = row_count;
  execute 'select sum(x) from l_dyn where x > $1' into n using 0;
  return concat(c.name, n, t, r.id);
end $$;
select l_execute_forms('city', 1);

-- 8
create function l_into(k int) returns text language plpgsql as $$
declare
  a int; b text; c city; r record; ar int[] := '{0,0}'; l leg; d record;
begin
  select into a, b id, name from city where id = k;
  select into r * from city where id = k;
  select id into c.id from city where id = k;
  select name, country into c.name, r.country from city where id = k;
  select c1 into c from city c1 where false;
  select c1.* into c from city c1 where c1.id = k;
  select into strict c * from city where id = k;
  select 1, 2 into d;
  ar[1] := id from city where id = k;
  with w as (select k * 2 as kk) select kk into a from w;
  ar[2] := a;
  select 5 as hop, c as place, 1.5 into l.hop, l.place, l.km;
  insert into city (id, name, country) values (50 + k, 'tmp', 'PT') returning id, name into a, b;
  update city set (name, country) = row('tmp2', 'ES') where id = a returning * into c;
  delete from city where id = a returning name || country into b;
  values (a + 1) into a;
  select * from (table road) x order by km limit 1 into r;
  return concat_ws(',', a, b, c.name, r.km, ar, l.hop, (l.place).name, d);
end $$;
select l_into(2);

-- 9
create function l_strict_errors(mode text) returns text language plpgsql as $$
declare id_ int;
begin
  case mode
    when 'none' then select id into strict id_ from city where id = -1;
    when 'many' then select id into strict id_ from city;
    when 'ret' then update city set pop = pop where country = 'PT' returning id into strict id_;
    when 'fine' then select id into strict id_ from city where id = 1;
  end case;
  return id_;
exception
  when no_data_found then return 'none';
  when too_many_rows then return 'many';
  when case_not_found then return sqlstate;
end $$;
select l_strict_errors('none'), l_strict_errors('many'), l_strict_errors('ret'), l_strict_errors('fine'), l_strict_errors('?');

-- 10
create function l_cursors_all() returns text language plpgsql as $$
declare
  bound cursor for select id, name from city order by id;
  params scroll cursor (lo int, hi int) for select name from city where id between lo and hi order by id;
  params2 no scroll cursor (like_ text) is select * from city where name like like_;
  free refcursor;
  named refcursor := 'my_portal';
  r record; i int; t text; acc text := '';
begin
  open bound;
  fetch bound into i, t;
  fetch bound into r;
  acc := acc || i || t || r.name;
  close bound;
  open params(1, 4);
  fetch last from params into t; acc := acc || t;
  fetch first in params into t; acc := acc || t;
  fetch absolute 2 from params into t;
  fetch relative -1 from params into t;
  fetch prior from params into t;
  acc := acc || coalesce(t, '<none>') || found;
  move forward 2 from params;
  move next in params;
  move backward all in params;
  fetch forward from params into t;
  move absolute 0 from params;
  move params;
  fetch backward from params into t;
  acc := acc || coalesce(t, 'nil');
  close params;
  for x in bound loop acc := acc || x.id; end loop;
  for x in params (hi := 2, lo => 1) loop acc := acc || x.name; exit; end loop;
  for x in params2('%o') loop acc := acc || x.name || x.country; end loop;
  open free for select * from road order by a, b;
  fetch free into r;
  acc := acc || r.km;
  close free;
  open free scroll for execute 'select name from city where id > $1 order by id' using 1;
  fetch from free into t;
  acc := acc || t || (free is not null);
  close free;
  open named no scroll for select 1;
  acc := acc || named;
  close named;
  return acc;
end $$;
select l_cursors_all();

-- 11
create function l_cursor_with_vars(k int) returns numeric language plpgsql as $$
declare
  total numeric := 0;
  factor int := 2;
  cur cursor for select km * factor as km from road where a = k;
  step record;
begin
  open cur;
  factor := 100;
  loop
    fetch cur into step;
    if not found then exit; end if;
    total := total + step.km;
  end loop;
  close cur;
  return total;
end $$;
select l_cursor_with_vars(1);

-- 12
create function l_open_for_caller(inout a refcursor, out b refcursor) language plpgsql as $$
begin
  open a for select name from city order by id;
  open b for execute 'table road';
end $$;
-- 13
create function l_read_cursor(c refcursor, n int) returns setof text language plpgsql as $$
declare t text;
begin
  for i in 1..n loop
    fetch c into t;
    exit when t is null;
    return next t;
  end loop;
  close c;
end $$;
do $$
declare p record; got text[]; cb refcursor;
begin
  p := l_open_for_caller('cc');
  got := array(select l_read_cursor(p.a, 3));
  cb := p.b;
  close cb;
  assert got = '{Lisbon,Porto,Madrid}', got::text;
exception when syntax_error then raise;
end $$;

-- 14
create function l_current_of(factor numeric) returns setof road language plpgsql as $$
declare
  c refcursor;
  r road;
  stay cursor (k int) for select * from road where a = k order by b for no key update;
begin
  open c for select * from road order by a, b for update;
  loop
    fetch c into r;
    exit when r is null;
    update road set km = km * factor where current of c;
    continue when r.km < 300;
    r.km := r.km * factor;
    return next r;
  end loop;
  close c;
  for s in stay(1) loop
    update road as rd set toll = null where current of stay returning rd.* into r;
    return query select r.*;
    return query select s.a, s.b, s.km, s.toll;
  end loop;
end $$;
select * from l_current_of(1.5);

-- 15
create function l_exceptions(k int) returns text language plpgsql as $$
declare
  n numeric;
  state text; msg text; dt text; hint text; ctx text; con text; col text; typ text; tab text; sch text;
begin
  begin
    if k = 1 then n := 1 / (k - 1);
    elsif k = 2 then insert into city values (1, 'dup', 'XX');
    elsif k = 3 then insert into road values (1, 99, 1);
    elsif k = 4 then n := 'abc'::numeric;
    elsif k = 5 then execute 'selec 1';
    elsif k = 6 then update city set name = null where id = 1;
    elsif k = 7 then raise unique_violation using message = 'mine', detail = 'd', hint = 'h', column = 'c', constraint = 'k', datatype = 't', table = 'tt', schema = 's';
    elsif k = 8 then raise exception sqlstate 'ZZ001' using message := 'odd';
    elsif k = 9 then raise 'value % of %', k, 10 using errcode = 'division_by_zero';
    elsif k = 10 then perform 200::pct;
    elsif k = 11 then assert k < 11, 'eleven ' || k;
    else raise sqlstate 'ZZ002';
    end if;
  exception
    when division_by_zero or numeric_value_out_of_range then
      return 'math ' || sqlerrm;
    when unique_violation then
      get stacked diagnostics state = returned_sqlstate, msg = message_text, dt = pg_exception_detail, hint = pg_exception_hint,
        ctx = pg_exception_context, con = constraint_name, col = column_name, typ = pg_datatype_name, tab = table_name, sch = schema_name;
      return concat_ws(',', state, msg, dt, hint, left(ctx, 2), con, col, typ, tab, sch);
    when integrity_constraint_violation then
      return 'class 23';
    when syntax_error or undefined_table then
      return 'syntax';
    when sqlstate 'ZZ001' then
      return sqlerrm || sqlstate;
    when assert_failure then
      return 'assert ' || sqlerrm;
    when data_exception then
      begin
        raise;
      exception when others then
        return 'again ' || sqlstate;
      end;
  end;
  return 'no error';
exception when others then
  return 'outer ' || sqlstate;
end $$;
select k, l_exceptions(k) from generate_series(1, 12) k;

-- 16
create function l_diagnostics() returns text language plpgsql as $$
declare
  rc bigint; ctx text; me oid; arr int[] := '{0}'; rec leg;
begin
  update city set pop = pop + 1 where pop is not null;
  get diagnostics rc = row_count;
  get current diagnostics ctx = pg_context, me := pg_routine_oid;
  get diagnostics rec.hop = row_count;
  perform from city;
  get diagnostics rc := row_count;
  return rc || split_part(ctx, E'\n', 1) || me::regprocedure || arr[1] || rec.hop;
end $$;
select l_diagnostics();

-- 17
create function l_found() returns text language plpgsql as $$
declare s text := ''; i int;
begin
  s := s || found;
  perform 1; s := s || found;
  update city set id = id where false; s := s || found;
  select 1 into i where false; s := s || found;
  for i in 1..1 loop null; end loop; s := s || found;
  foreach i in array '{}'::int[] loop null; end loop; s := s || found;
  if not found and i is null then s := s || '!'; end if;
  return s;
end $$;
select l_found();

-- 18
create function l_assign() returns text language plpgsql as $$
declare
  i int; t text; a int[]; m int[][] := '{{1,2},{3,4}}'; c city; ts trip; j jsonb := '{}'; r record; p point := '(1,2)';
begin
  i := count(*) from city;
  i = max(id) + i from city where country = 'PT';
  t := name from city order by id limit 1;
  a[3] := 3;
  a[1:2] := array[1, 2];
  a[5:6] = '{5,6}';
  m[2][1] := 30;
  m[1:2][2:2] := '{{20},{40}}';
  c := (select x from city x where id = 2);
  c.tags[2] := 'second';
  c.name := c.name || i;
  c.pos[0] := 7;
  p[1] := p[0] + 1;
  ts.legs := array[row(1, c, 2)]::leg[];
  ts.legs[1].hop := 10;
  ts.legs[1].place.name := 'deep';
  ts.legs[1].place.tags[4] := 'deeper';
  j['a'] := '1';
  j['b']['c'][2] := to_jsonb(a);
  r := row(1, 'x'::text, c);
  r.f2 := r.f2 || r.f1;
  r := (1, 2);
  r.f1 = 99;
  return concat_ws('|', i, t, a, m, c.tags, c.pos, p, (ts.legs)[1].hop, j, r);
end $$;
select l_assign();

-- 19
create function l_records(k int) returns text language plpgsql as $$
declare
  r record; s record; c city; res text := '';
begin
  r := null;
  select 1 as a, 'x' as b into r;
  res := res || r.a || r.b;
  if k > 0 then
    select *, 'extra' as more from road where a = 1 order by b limit 1 into r;
    res := res || r.km || r.more;
    s := r;
    s.more := upper(s.more);
    r.more := null;
    res := res || s.more || coalesce(r.more, '-');
  end if;
  select c1 as whole, r1 as road_ from city c1, road r1 where c1.id = r1.a order by r1.a, r1.b limit 1 into r;
  res := res || (r.whole).name || (r.road_).km || (r.whole).country;
  c := r.whole;
  if r is not null and c is distinct from null and (c.id, c.country) = (1, 'PT') and row(c.id, c.name) is not distinct from (1, (r.whole).name) then
    res := res || '=';
  end if;
  for r in select 1 as n union all select 2 loop
    select r.n * 10 as n into s;
    res := res || s.n;
  end loop;
  select row_to_json(r) as j, to_jsonb(c) ->> 'name' as nm into s;
  return res || (s.j ->> 'n') || s.nm || (select r.n + s2.id from city s2 where s2.id = c.id);
end $$;
select l_records(1), l_records(0);

-- 20
create function l_conflict_column(name text, pop bigint default 0) returns int language plpgsql as $$
#variable_conflict use_column
declare country text := 'ES'; n int;
begin
  select count(*) into n from city where name = name and country = country;
  return n;
end $$;
-- 21
create function l_conflict_variable(name text, id int default 1) returns text language plpgsql as $$
#variable_conflict use_variable
#print_strict_params on
declare got text;
begin
  select city.name || name into strict got from city where city.id = id;
  update city c set name = name where c.id = id;
  delete from road where a = id and road.b = id;
  return got || (select name from city where city.id = 1);
end $$;
-- 22
create function l_conflict_qualified(name text, id int default 1) returns text language plpgsql as $$
declare pop text := 'p';
begin
  return (select city.name || l_conflict_qualified.name || city.pop::text from city where city.id = l_conflict_qualified.id)
    || (select q.pop from (select 'sub' as pop) q) || pop;
end $$;
select l_conflict_column('x'), l_conflict_variable('Lisbon'), l_conflict_qualified('y');

-- 23
create function l_case_forms(v anyelement, t text) returns text language plpgsql as $$
declare res text;
begin
  case when v is null then res := 'null';
       when t = 'a' or t = 'b' then res := 'ab';
       else
         case t when 'c', 'd' || 'd', lower('E') then res := 'cde';
                else null; res := case t when 'z' then 'zed' else 'other' end;
         end case;
  end case;
  return res;
end $$;
select l_case_forms(1, 'a'), l_case_forms(now(), 'dd'), l_case_forms(null::int, 'z'), l_case_forms('x'::text, 'z'), l_case_forms(array[1], '?');

-- 24
create function l_raises(lvl int) returns void language plpgsql as $$
declare pattern text := '%%'; n constant int := 3;
begin
  raise debug 'plain';
  raise log 'ignored % and %', n, (select count(*) from city) using hint = 'none';
  raise info using message = 'info ' || n;
  raise notice '%', row(1, 2);
  raise notice '%%% of %', n, pattern;
  raise warning division_by_zero using message = 'not really';
  raise warning sqlstate '01000';
  raise notice 'arr %, null %, rec %', array[n], null, (select city from city where id = 1);
  if lvl > 0 then raise unique_violation; end if;
exception when unique_violation then
  raise notice '% / %', sqlstate, sqlerrm;
end $$;
set client_min_messages = error;
select l_raises(1), l_raises(0);

-- 25
create function l_recursion(k int, seen int[] default '{}') returns int[] language plpgsql as $$
declare nxt int;
begin
  if k = any (seen) then return seen; end if;
  seen := seen || k;
  for nxt in select b from road where a = k union select a from road where b = k order by 1 loop
    seen := l_recursion(nxt, seen);
  end loop;
  return seen;
end $$;
select l_recursion(1);

-- 26
create function l_path(src int, dst int) returns trip language plpgsql stable as $$
declare t trip; r record;
begin
  with recursive walk(at, km, via) as (
    select src, 0::numeric, array[src]
    union all
    select rd.b, w.km + rd.km, w.via || rd.b
    from walk w join road rd on rd.a = w.at
    where rd.b <> all (w.via)
  ) cycle at set looped using trail
  select w.km, w.via, trail from walk w where w.at = dst and not looped order by w.km limit 1 into r;
  if r.via is null then return null; end if;
  t.total := r.km;
  t.title := format('%s > %s', src, dst);
  select array_agg(row(u.ord, c, null)::leg order by u.ord) into t.legs
  from unnest(r.via) with ordinality as u(id, ord) join city c using (id);
  return t;
end $$;
select (l_path(1, 4)).total, (((l_path(1, 4)).legs)[2]).place.name, l_path(4, 1) is null;

-- 27
create function l_return_forms(k int) returns city language plpgsql as $$
declare c city; r record;
begin
  if k = 1 then select * into c from city where id = 1; return c; end if;
  if k = 2 then return (select x from city x where id = 2); end if;
  if k = 3 then return row(3, 'Row', 'RR', 1, null, null, null)::city; end if;
  if k = 4 then select * into r from city where id = 4; return r; end if;
  if k = 5 then return null; end if;
  if k = 6 then return (6, 'Six'::varchar(40), 'SS'::char(2), 6::bigint, null::point, null::date, '{}'::text[]); end if;
  return l_return_forms(1);
end $$;
select k, (l_return_forms(k)).name from generate_series(1, 7) k;

-- 28
create function l_setof_scalar(n int) returns setof pct language plpgsql as $$
declare x pct;
begin
  return next 1;
  return next n / 3.0;
  for x in select generate_series(10, 20, 5) loop return next x; end loop;
  return query select 50.5::pct;
  return query values (1.5::pct), (2::pct);
  return query execute 'select ($1 + 1)::pct' using n::numeric;
  return query execute format('select %s::pct', n) ;
end $$;
-- 29
create function l_setof_rows() returns setof leg language plpgsql as $$
declare l leg; c city; r record;
begin
  l.hop := 1; return next l;
  l := row(2, null, 3.3); return next l;
  return next row(3, c, 0)::leg;
  for r in select 4 as hop, c1 as place, 1.0::numeric as km from city c1 where id < 3 loop return next r; end loop;
  return query select 5, c2, c2.pop::numeric from city c2 where c2.country = 'ES';
  return query select (l).*;
  return next null;
end $$;
-- 30
create function l_table_fn(wanted char(2) default null) returns table (id int, label text, ratio numeric, others text[]) language plpgsql as $$
declare top bigint;
begin
  select max(c.pop) into top from city c;
  for id, label in select c.id, c.name from city c where c.country = coalesce(wanted, c.country) order by c.id loop
    ratio := round((select c.pop from city c where c.id = l_table_fn.id)::numeric / top, 3);
    others := array(select c.name::text from city c where c.id <> l_table_fn.id order by c.name limit 2);
    continue when ratio is null;
    return next;
  end loop;
  return query select 0, 'total', 1.0, null::text[];
  id := -1; label := null;
  return next;
end $$;
-- 31
create function l_record_fn(kind text) returns record language plpgsql as $$
declare r record;
begin
  if kind = 'city' then
    select id, name into r from city where id = 1;
    return r;
  end if;
  return (kind, 1, array[2]);
end $$;
select l_setof_scalar(7);
select (l).hop, (l.place).name, l.km from l_setof_rows() l;
select * from l_table_fn('PT');
select f.a, g.c[1] from l_record_fn('city') as f(a int, b varchar(40)), l_record_fn('x') as g(a text, b int, c int[]);

-- 32
create function l_out_params(in a int, inout b text, out c city, out d int[], variadic e int[] default '{}') language plpgsql as $$
begin
  d := e || a;
  b := b || cardinality(e);
  select * into c from city where id = a;
  if c.name is null then
    c.name := 'missing';
    return;
  end if;
  c := row(c.id, upper(c.name), c.country, c.pop, c.pos, c.founded, c.tags);
end $$;
select (l_out_params(1, 'b')).*;
select b, (c).name, d from l_out_params(99, 'q', 5, 6), lateral (select 1) x;
select o.d[2] from l_out_params(2, 'v', variadic array[7, 8]) o;

-- 33
create function l_poly(a anyelement, b anyarray, out first anyelement, out all_ anyarray, out n int) language plpgsql as $$
declare x a%type; y b%type; v b%type := b || a;
begin
  x := v[1];
  y := array[x, a];
  first := x;
  all_ := y;
  n := cardinality(v);
end $$;
select * from l_poly(1, '{2,3}'), l_poly('x'::text, array['y']) t;

-- 34
create function l_strings() returns text language plpgsql as $_X$
declare
  e text := E'tab\there\\ \u00e9';
  u text := U&'d\0061t\+000061';
  d text := $q$it's $$dollar$$ $q$;
  c text := 'two'
    'parts';
  b bytea := '\xdeadbeef';
  n name := 'N';
  h int := 0x1F; o int := 0o17; bi int := 0b101; big bigint := 1_000_000;
  /* block /* nested */ comment */ k int := 1; -- trailing := 'x'
begin
  return e||u||d||c||n||h||o||bi||big||k||encode(b,'hex')||(b'1')::text||'a'::"char"::text||N'x'; -- end;
  /* unreachable */
end;
$_X$;
select l_strings();

-- 35
create function l_keywords() returns int language plpgsql as $$
declare
  "select" int := 1; value int := 2; type text := 't'; row_count int := 3; query int := 4; next int := 5; notice int := 6;
  alias int := 7; constant_ int := 8; reverse int := 9; slice int := 1; error int := 2; info int := 3; option int := 4; state text := 's';
  message text; detail text := 'd'; "loop" int := 1; no int := 1; scroll int := 1; last int := 1; relative int := 2; is_ int; use_column int := 1; print int; stacked int := 2; "row" record;
begin
  value := value + query; next := next + 1;
  row_count := row_count + "select";
  message := detail || type || state;
  last = last + relative; error := error + 1;
  if no = scroll then reverse := slice; end if;
  select value, next into alias, info;
  "row" := row(option);
  return value + next + row_count + notice + alias + reverse + info + last + use_column + stacked + "loop" + length(message);
end $$;
select l_keywords();

-- 36
create function l_dates(p timestamptz) returns text language plpgsql stable as $$
declare
  d date := p; t time := p; i interval; y int; r tstzrange := tstzrange(p, p + '1h'); dr daterange := '[2024-01-01,2024-02-01)'; mr datemultirange;
begin
  i := age(p, p - interval '1 mon 2 days');
  y := extract(isoyear from p) + date_part('month', i);
  d := d + 1 - 2; d := d + interval '1 day';
  mr := range_agg(x) from unnest(array[dr, daterange('2024-03-01', null)]) x;
  if (p, i) overlaps (p - i, '1 day'::interval) then null; end if;
  if d between symmetric current_date and d and p at time zone 'utc' > localtimestamp - interval '1000 years' then
    return concat_ws(' ', d = (p - interval '0 s')::date, i, y, upper(r) - lower(r), mr, lower_inf(dr), dr -|- '[2024-02-01,)'::daterange);
  end if;
  return t;
end $$;
select l_dates('2024-05-05 10:00+00'), l_dates('0001-01-01') is not null;

-- 37
create function l_temp() returns text language plpgsql as $$
declare n int; c refcursor; r record; total numeric;
begin
  drop table if exists pg_temp.work_a, work_b;
  create temp table work_a on commit drop as select id, name, pop from city;
  create temporary table work_b (like road including all, note text default 'n', id serial);
  alter table work_a add column rank int, alter pop type numeric;
  update work_a w set rank = x.rk from (select id, rank() over (order by pop desc nulls last) as rk from work_a) x where x.id = w.id;
  insert into work_b (a, b, km) select a, b, km from road order by a, b limit 1 returning id into n;
  alter table work_b rename column note to remark;
  create index on work_b (remark);
  for r in select w.name, w.rank, b.remark, b.id from work_a w left join work_b b on b.a = w.id order by w.rank limit 1 loop
    n := n + r.rank;
  end loop;
  open c for select sum(pop) from work_a; fetch c into total; close c;
  truncate work_b restart identity;
  insert into work_b (a, b, km, remark) values (9, 9, 9, 'k') returning id into strict n;
  drop table work_b;
  create temp table work_b as values (1, 'a'), (2, 'b');
  select count(column2) + n into n from work_b where column1 > 0;
  return n || '/' || round(total);
end $$;
select l_temp();
select l_temp();

-- 38
create function l_arrays(a int[]) returns jsonb language plpgsql immutable strict as $$
declare
  b int[] := a; e int; evens int[]; m text[][]; idx int;
begin
  b[array_upper(b, 1) + 1] := 100;
  b[0] := -1;
  evens := array(select x from unnest(a) x where x % 2 = 0 order by x);
  idx := array_position(b, 100);
  m := array_fill('z'::text, array[2, 2]);
  m[1][2] := 'q';
  e := (select max(x) from unnest(b[1:2]) x);
  if 2 = any (a) and not 50 <= all (a) and a @> array[2] and a && '{2}' then evens := evens || evens; end if;
  return jsonb_build_object('b', b, 'evens', evens[:2], 'idx', idx, 'm', m, 'e', e, 'dims', array_dims(b), 'str', array_to_string(a, '-', '*'), 'rest', a[2:], 'last', b[cardinality(b) - 1]);
end $$;
select l_arrays('{1,2,3,4}'), l_arrays(null);

-- 39
create function l_nested_calls() returns text language plpgsql as $$
declare
  t text; n int; c refcursor := 'nc'; tr trip; r record;
begin
  t := l_table_fn from l_table_fn('ES') limit 1;
  n := (l_out_params(1, 'x', 5)).d[1] + (select count(*) from l_setof_rows());
  perform l_open_for_caller(c), l_found();
  perform * from l_read_cursor(c, 1);
  tr := l_path(1, 3);
  select lp.*, s.* into r from l_poly(n, array[1]) as lp, l_setof_scalar(3) with ordinality as s(v, o) where s.o = 1;
  return t || n || tr.total || r.n || r.v || r.o;
end $$;
select l_nested_calls();

-- 40
create function l_dead_paths(k int) returns int language plpgsql as $$
begin
  if false then
    return k / 0;
  elsif k is null then
    return -1;
  end if;
  loop
    k := k + 1;
    if k > 10 then
      return k;
    end if;
  end loop;
end $$;
select l_dead_paths(1), l_dead_paths(null);

-- 41
create procedure l_proc(in a int, inout b int, inout c text, out d numeric) language plpgsql as $$
declare r city;
begin
  b := a + b;
  select * into r from city where id = a;
  c := c || r.name;
  d := b * 1.5;
  if a > 1 then call l_proc(a - 1, b, c, d); end if;
end $$;
do language plpgsql $$
<<d>>
declare x int := 1; y text; z numeric; r record; arr int[] := '{1,2}'; obj leg;
begin
  call l_proc(2, x, y, z);
  call l_proc(1, d => z, c => d.y, b => x);
  call l_proc(1 + 1, b => x, d => z, c => y);
  call l_proc(1, obj.hop, y, obj.km);
  assert x > 1 and y is null and z > 0 and obj.hop is null;
end d $$;
call l_proc(1, 2, 'z', null);
do 'begin end';
