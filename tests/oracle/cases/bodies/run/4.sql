-- Ledger, job queue and maintenance: procedures, transactions, transition tables, event triggers, partitions.
create extension if not exists plpgsql;
create table account (
  id int primary key,
  owner text not null,
  balance numeric(14, 2) not null default 0,
  currency char(3) not null default 'EUR',
  constraint enough check (balance >= 0)
);
create table entry (
  id bigint generated always as identity,
  account_id int not null references account,
  amount numeric(14, 2) not null,
  at timestamptz not null default clock_timestamp(),
  memo text,
  primary key (id)
);
create table job (
  id bigserial primary key,
  kind text not null,
  payload jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempts smallint not null default 0,
  run_at timestamptz not null default now(),
  last_error text
);
create table job_log (job_id bigint, line int, txt text);
create table measurement (ts timestamptz not null, device int not null, val double precision) partition by range (ts);
create type transfer_result as (from_balance numeric, to_balance numeric, status text);
insert into account values (1, 'ann', 100), (2, 'bob', 50), (3, 'cee', 0);

create procedure post_entry(p_account int, p_amount numeric, p_memo text default null) language sql
as $$
  insert into entry (account_id, amount, memo) values (p_account, p_amount, p_memo);
  update account set balance = balance + p_amount where id = p_account;
$$;
call post_entry(1, 5);
call post_entry(p_amount => -5, p_account => 1, p_memo => 'back');

create procedure post_atomic(a int, m numeric) begin atomic
  insert into entry (account_id, amount) values (a, m);
  update account set balance = balance + m where id = a;
end;
call post_atomic(2, 1);

create procedure transfer(p_from int, p_to int, p_amount numeric, inout result transfer_result default null) language plpgsql as $$
declare
  a account;
begin
  if p_amount <= 0 then
    raise exception 'amount must be positive' using errcode = 'invalid_parameter_value';
  end if;
  perform 1 from account where id in (p_from, p_to) order by id for no key update;
  call post_entry(p_from, -p_amount, 'out');
  call post_entry(p_to, p_amount, p_memo => 'in');
  select * into a from account where id = p_from;
  result.from_balance := a.balance;
  select balance, 'ok' into result.to_balance, result.status from account where id = p_to;
exception
  when check_violation then
    result := (null, null, 'insufficient');
  when invalid_parameter_value then
    result.status := sqlerrm;
end $$;
call transfer(1, 3, 10);
call transfer(1, 3, 1000);
call transfer(1, 3, -1, null);

create function try_transfer(f int, t int, amt numeric) returns text language plpgsql as $$
declare
  res transfer_result;
begin
  call transfer(f, t, amt, res);
  return res.status || coalesce(res.from_balance::text, '');
end $$;
select try_transfer(1, 2, 1), try_transfer(1, 2, 1e6);

create procedure inouts(in a int, inout b int, out d numeric, inout c text default 'c') language plpgsql as $$
begin
  b := b + a;
  c := c || b;
  d := b / 2.0;
end $$;
call inouts(1, 2, null);
call inouts(1, b => 3, d => null, c => 'z');

create procedure call_forms() language plpgsql as $$
declare
  x int := 5;
  y text := 'y';
  n numeric;
  arr int[] := '{1,2}';
  rec transfer_result;
begin
  call inouts(1, x, n, y);
  call inouts(a => x, b => x, d => n, c => y);
  call inouts(c => y, b => x, a => 3, d => n);
  call inouts(arr[2], x, rec.from_balance, y);
  call transfer(2, 1, 1, rec);
  call post_atomic(1, x);
  raise notice '% % % % %', x, y, n, arr, rec;
end $$;
call call_forms();

create procedure batch_commit(size int, inout processed int default 0) language plpgsql as $$
declare
  ids int[];
begin
  loop
    update job set state = 'done'
    where id in (select id from job where state = 'queued' order by id limit size for update skip locked);
    exit when not found;
    processed := processed + 1;
    commit;
  end loop;
  delete from job where state = 'failed';
  rollback;
  commit and chain;
  ids := array(select id from job order by id);
  rollback and chain;
end $$;
insert into job (kind) select 'k' || g from generate_series(1, 7) g;
call batch_commit(3);

create procedure cursor_commit() language plpgsql as $$
declare
  r record;
  n int := 0;
begin
  for r in select id from job order by id loop
    update job set attempts = attempts + 1 where id = r.id;
    n := n + 1;
    if n % 2 = 0 then
      commit;
    else
      rollback;
    end if;
  end loop;
  set transaction isolation level read committed;
  commit;
  set transaction read only;
  perform count(*) from job;
  commit;
end $$;
call cursor_commit();

create procedure nested_tx(depth int) language plpgsql as $$
begin
  if depth > 0 then
    insert into job_log values (0, depth, 'depth');
    commit;
    call nested_tx(depth - 1);
  else
    begin
      insert into job_log values (0, null, 'deepest');
      perform 1 / depth;
    exception when division_by_zero then
      null;
    end;
    rollback;
  end if;
end $$;
call nested_tx(2);

do $$
declare
  i int;
begin
  for i in 1..3 loop
    insert into job_log values (-1, i, 'do');
    if i = 2 then rollback; else commit; end if;
  end loop;
  call nested_tx(1);
end $$;

create function claim_job(p_kinds text[]) returns job language plpgsql as $$
declare
  j job;
begin
  update job
     set state = 'running', attempts = attempts + 1
   where id = (
     select id from job where kind = any (p_kinds) and state = 'queued' and run_at <= now()
     order by run_at, id for update skip locked limit 1
   )
  returning * into j;
  if j.id is null then
    return null;
  end if;
  return j;
end $$;
update job set state = 'queued';
select (claim_job('{k1,k2}')).id;
select claim_job(array['nope']) is null;

create function finish_job(p_id bigint, err text = null) returns void language plpgsql as $$
declare
  j job%rowtype;
  delay interval;
begin
  select * into strict j from job where id = p_id for update nowait;
  if err is null then
    update job set state = 'done' where id = j.id;
    return;
  end if;
  delay := least(interval '1 hour', make_interval(secs => power(2, j.attempts)));
  update job
     set state = case when attempts >= 3 then 'failed' else 'queued' end, run_at = now() + delay, last_error = left(err, 100)
   where job.id = p_id;
  insert into job_log
  select j.id, coalesce(max(l.line), 0) + 1, err from job_log l where l.job_id = j.id;
end $$;
select finish_job(1), finish_job(2, 'boom');

create function enqueue(kind text, variadic payloads jsonb[]) returns setof bigint language plpgsql as $$
begin
  return query
    insert into job (kind, payload) select enqueue.kind, p from unnest(payloads) p returning id;
  perform pg_notify('jobs', enqueue.kind);
end $$;
select enqueue('mail', '{"to":"a"}', '{"to":"b"}');

create function job_changed() returns trigger language plpgsql as $$
begin
  if tg_nargs > 0 and tg_argv[0] = 'strict' and new.state = 'done' and old.state = 'queued' then
    raise exception 'job % skipped running', new.id;
  end if;
  if (old.state, new.state) in (('running', 'done'), ('running', 'failed')) then
    insert into job_log (job_id, txt) values (new.id, format('%s -> %s', old.state, new.state));
  end if;
  return new;
end $$;
create trigger job_changed after update of state on job for each row when (old.state <> new.state) execute function job_changed('strict');
select (claim_job('{k3}')).id;
update job set state = 'done' where kind = 'k3';
do $$
begin
  update job set state = 'done' where kind = 'k4';
exception when raise_exception then
  raise notice 'as expected: %', sqlerrm;
end $$;

create function entry_guard() returns trigger language plpgsql as $$
begin
  raise exception 'entries are immutable' using errcode = 'restrict_violation';
end $$;
create trigger no_change before update or delete on entry for each row execute function entry_guard();
create function try_change() returns text language plpgsql as $$
begin
  delete from entry;
exception when restrict_violation then
  return 'kept ' || (select count(*) > 0 from entry);
end $$;
select try_change();

create function balance_check() returns trigger language plpgsql as $$
declare
  bad text;
begin
  select string_agg(format('%s:%s', a.id, s.total), ', ')
    into bad
    from account a
    join (select n.account_id, sum(n.amount) as total from new_rows n group by 1) s on s.account_id = a.id
   where s.total < -1000;
  if bad is not null then
    raise exception 'limit: %', bad;
  end if;
  for bad in select memo from new_rows where memo like 'log%' loop
    insert into job_log (txt) values (bad);
  end loop;
  return null;
end $$;
create trigger bal after insert on entry referencing new table as new_rows for each statement execute function balance_check();
insert into entry (account_id, amount, memo) values (1, 2, 'log this'), (2, -2, 'not');
do $$ begin
  insert into entry (account_id, amount) values (1, -5000);
exception when others then
  assert sqlerrm like 'limit: 1:%';
end $$;

create function account_diff() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into job_log (job_id, txt)
    select o.id, format('%s %s', o.balance, n.balance)
    from before_rows o full join after_rows n on n.id = o.id
    where (o.*) is distinct from (n.*);
    merge into job_log l using after_rows n on l.job_id = n.id and l.line = 0
    when matched then update set txt = n.owner
    when not matched then insert values (n.id, 0, n.owner);
  end if;
  return new;
end $$;
create trigger diff after update on account referencing old table before_rows new table as after_rows for each statement execute function account_diff();
update account set owner = upper(owner);
update account set owner = initcap(owner);

create function row_with_transition() returns trigger language plpgsql as $$
declare total int := (select count(*) from batch);
begin
  insert into job_log values (new.id, total, 'row of ' || total);
  return null;
end $$;
create trigger rwt after insert on job referencing new table as batch for each row execute function row_with_transition();
insert into job (kind) values ('a'), ('b');

create function truncate_guard() returns trigger language plpgsql as $$
begin
  insert into job_log (txt) values (tg_op || ' ' || tg_relname || ' ' || tg_table_schema || ' ' || tg_level);
  return null;
end $$;
create trigger tg before truncate on job for each statement execute function truncate_guard();
begin; truncate job; rollback;
begin; truncate job; commit;

create function make_partition(d date) returns regclass language plpgsql as $$
declare
  part text := 'measurement_' || to_char(d, 'YYYYMM');
  lo date := date_trunc('month', d);
  hi date := (lo + interval '1 month')::date;
begin
  if to_regclass(part) is null then
    execute format('create table %I partition of measurement for values from (%L) to (%L)', part, lo, hi);
    execute format('create index on %I (device, ts)', part);
  end if;
  return part::regclass;
end $$;
select make_partition('2024-01-15'), make_partition('2024-02-01'), make_partition('2024-02-20');

create procedure load_measurements(days int) language plpgsql as $$
declare
  d date;
begin
  for d in select generate_series('2024-01-30'::date, '2024-01-30'::date + days, '1 day')::date loop
    perform make_partition(d);
    insert into measurement values (d + time '12:00', 1, extract(doy from d)), (d, 2, random());
  end loop;
  commit;
end $$;
call load_measurements(5);

create function bucket_stats(width interval, dev int default null) returns table (bucket timestamptz, lo float8, hi float8, avg_val float8)
language plpgsql stable as $$
begin
  return query
    select date_bin(width, m.ts, '2024-01-01') as b, min(m.val), max(m.val), avg(m.val)
    from measurement m
    where dev is null or m.device = dev
    group by b
    order by b;
end $$;
select * from bucket_stats('2 days', 1);

create function drop_old_partitions(keep_from date) returns text[] language plpgsql as $$
declare
  p record;
  dropped text[] := '{}';
begin
  for p in
    select c.oid::regclass as rel, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'measurement'::regclass
  loop
    if (regexp_match(p.bound, $re$TO \('([^']+)'\)$re$))[1]::date <= keep_from then
      execute 'alter table measurement detach partition ' || p.rel;
      execute format('drop table %s', p.rel);
      dropped := dropped || p.rel::text;
    end if;
  end loop;
  return dropped;
end $$;
select drop_old_partitions('2024-02-01');

create function ddl_logger() returns event_trigger language plpgsql as $$
declare
  r record;
begin
  for r in select * from pg_event_trigger_ddl_commands() loop
    raise notice '% % % %', tg_event, tg_tag, r.object_type, r.object_identity;
    insert into public.job_log (txt) values (r.command_tag || ' ' || coalesce(r.schema_name, '-'));
  end loop;
end $$;
create function drop_logger() returns event_trigger language plpgsql as $$
declare
  obj record;
  names text := '';
begin
  for obj in select * from pg_event_trigger_dropped_objects() where original and not is_temporary loop
    names := names || obj.object_identity || ';';
    if tg_tag = 'DROP TABLE' and obj.object_name like 'protected%' then
      raise exception 'not %', obj.object_identity;
    end if;
  end loop;
end $$;
create function rls_by_default() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $$
declare
  cmd record;
begin
  for cmd in
    select objid, object_identity from pg_event_trigger_ddl_commands()
    where command_tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') and object_type in ('table', 'partitioned table')
  loop
    execute format('alter table %s enable row level security', cmd.object_identity);
  end loop;
end $$;
create event trigger et_ddl on ddl_command_end execute function ddl_logger();
create event trigger et_drop on sql_drop execute function drop_logger();
create event trigger et_rls on ddl_command_end when tag in ('CREATE TABLE') execute function rls_by_default();
create table et_made (id int);
create table protected_a (id int);
do $$ begin
  drop table protected_a;
exception when others then
  raise notice 'drop refused: %', sqlerrm;
end $$;
drop table et_made;
drop event trigger et_ddl;
drop event trigger et_drop;
drop event trigger et_rls;

create function money_words(amount numeric) returns text language plpgsql immutable strict as $$
declare
  units constant text[] := array['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  n bigint := trunc(amount);
  digits text[];
  d text;
  words text[] = '{}';
begin
  digits := string_to_array(n::text, null);
  foreach d in array digits loop
    words := words || units[d::int + 1];
  end loop;
  return array_to_string(words, ' ') || ' and ' || lpad(((amount - n) * 100)::int::text, 2, '0') || '/100';
end $$;
select money_words(120.5), money_words(null);

create function interest(principal numeric, rate numeric, years int, out schedule numeric[], out total numeric) language plpgsql immutable as $$
declare
  y int;
begin
  total := principal;
  for y in 1..years loop
    total := round(total * (1 + rate), 2);
    schedule[y] := total;
  end loop;
end $$;
select * from interest(100, 0.05, 3);

create function statement_of(acc int, since timestamptz default '-infinity') returns table (n bigint, at timestamptz, amount numeric, balance numeric)
language sql stable
begin atomic
  select row_number() over w, e.at, e.amount, sum(e.amount) over w
  from entry e where e.account_id = acc and e.at >= since
  window w as (order by e.id);
end;
select n, amount, balance from statement_of(1);

create procedure refresh_all(views text[] default null) language plpgsql as $$
declare
  v record;
begin
  for v in
    select schemaname, matviewname, ispopulated from pg_matviews where views is null or matviewname = any (views)
  loop
    raise notice 'refreshing %.%', v.schemaname, v.matviewname;
    execute format('refresh materialized view %I.%I', v.schemaname, v.matviewname);
  end loop;
  refresh materialized view mv_balance with data;
end $$;
create materialized view mv_balance as select currency, sum(balance) as total from account group by 1;
call refresh_all();

create procedure maintain(tbl regclass) language plpgsql as $$
declare
  stats record;
begin
  select relname, reltuples::bigint as n into stats from pg_class where oid = tbl;
  lock table account in share row exclusive mode;
  execute format('analyze %s', tbl);
  perform pg_advisory_xact_lock(42);
  set constraints all deferred;
  if pg_try_advisory_xact_lock(43) then
    reindex table account;
  end if;
  comment on table account is 'maintained';
  grant select on account to public;
  raise notice '% has %', stats.relname, stats.n;
end $$;
call maintain('account');

create function seq_gap() returns bigint language plpgsql as $$
declare
  a bigint; b bigint;
begin
  create sequence if not exists gap_seq start 10 increment by 5;
  a := nextval('gap_seq');
  select nextval('gap_seq'::regclass) into b;
  perform setval('gap_seq', b + 100, true);
  alter sequence gap_seq restart with 1;
  return b - a + currval('gap_seq') * 0 + lastval() * 0;
end $$;
select seq_gap();

create function explain_cost(q text) returns numeric language plpgsql as $$
declare
  plan json;
  line text;
  n int := 0;
begin
  execute 'explain (format json) ' || q into plan;
  for line in execute 'explain ' || q loop
    n := n + 1;
  end loop;
  return (plan -> 0 -> 'Plan' ->> 'Total Cost')::numeric * 0 + n * 0;
end $$;
select explain_cost('select * from account');

create function retry(max_tries int) returns int language plpgsql as $$
declare
  tries int := 0;
begin
  <<attempts>>
  loop
    tries := tries + 1;
    begin
      if tries < max_tries then
        raise serialization_failure;
      end if;
      exit attempts;
    exception
      when serialization_failure or deadlock_detected then
        continue attempts;
    end;
  end loop attempts;
  return tries;
end $$;
select retry(3);

create function upsert_loop(k int, v text) returns text language plpgsql as $$
begin
  loop
    update account set owner = v where id = k;
    if found then
      return 'updated';
    end if;
    begin
      insert into account (id, owner) values (k, v);
      return 'inserted';
    exception when unique_violation then
      null;
    end;
  end loop;
end $$;
select upsert_loop(9, 'zed'), upsert_loop(9, 'zee');

create function xml_and_bytes(t text) returns bytea language plpgsql as $$
declare
  b bytea := convert_to(t, 'UTF8');
  h text;
begin
  b := set_byte(b, 0, get_byte(b, 0) # 32);
  h := encode(sha256(b), 'hex');
  b := b || '\x00ff'::bytea || decode(substr(h, 1, 4), 'hex');
  return substring(b from 1 for 3);
end $$;
select xml_and_bytes('abc');

create function time_things(ts timestamptz) returns text language plpgsql stable as $$
declare
  d date := ts at time zone 'UTC';
  age_days int := current_date - d;
  r tstzrange := tstzrange(ts, null, '[)');
  mr int4multirange := '{[1,3),[5,7)}';
begin
  if r @> now() and (d, interval '1 day') overlaps (d, interval '2 days') then
    return extract(epoch from ts - '2000-01-01 00:00+00')::text || to_char(ts, 'YYYY') || (age_days > 0) || upper(mr) || (mr @> 6);
  end if;
  return 'future';
end $$;
select time_things('2020-02-02 00:00+00'), time_things('2999-01-01 00:00+00');
