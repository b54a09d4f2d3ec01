--# settings
set work_mem = '64MB';
set work_mem = 3;
set work_mem = '3 XB';
set work_mem = 1, 2;
set statement_timeout = '5s';
set statement_timeout = -1;
set local lock_timeout to '1d';
set enable_seqscan = off;
set enable_seqscan = maybe;
set client_min_messages = warning;
set client_min_messages = warn;
set synchronous_commit to true;
set random_page_cost = 1.1;
set random_page_cost = -1;
set random_page_cost = '1s';
set statement_timout = 3;
set dolt_allow_commit_conflicts = 1;
set app.user_id = '42';
set app."user id" = '42';
set max_connections = 5;
set server_version = '3';
set archive_timeout = 3;
set log_disconnections = on;
reset work_mem;
reset lock_timeouts;
reset shared_buffers;
set search_path = public, pg_temp;
set "WORK_MEM" = '1MB';
set default_text_search_config = 'pg_catalog.english';
create role tester;
alter role tester set work_memory = 3;
alter role tester set work_mem = 'much';
alter role tester set work_mem = '8MB';
alter role tester reset work_mem;
drop role tester;
create function plain() returns int language sql set work_mem = '8MB' set search_path = public as 'select 1';
create function big() returns int language sql set work_mem = 'much' as 'select 1';
create function odd() returns int language sql set enable_seq_scan to 3 as 'select 1';
create function late() returns int language sql set max_connections = 3 as 'select 1';
alter function plain() set work_mem = 'much';
alter function plain() reset work_mem;
create function runs() returns void language plpgsql as $$ begin set local nothing_of_the_kind = 3; end $$;
create function sets() returns int language sql begin atomic select 1; end;

--# options of COPY
create table t (id int, a int, s text, g int generated always as (a) stored);
copy t from '/nowhere' (format nope);
copy t from '/nowhere' (format csv, format text);
copy t from '/nowhere' (delimiter 'a');
copy t from '/nowhere' (format csv, delimiter ',,');
copy t from '/nowhere' (format csv, force_quote *);
copy t from '/nowhere' (format csv, force_not_null (nope));
copy t from '/nowhere' (format csv, force_null id);
copy t from '/nowhere' (force_null (id));
copy t from '/nowhere' (on_error ignore, format binary);
copy t from '/nowhere' (reject_limit 3);
copy t from '/nowhere' (on_error ignore, reject_limit 0);
copy t from '/nowhere' (nope 3);
copy t from '/nowhere' (default 'x', null 'x');
copy t from '/nowhere' where nope > 3;
copy t from '/nowhere' where id;
copy t from '/nowhere' where g > 3;
copy t from '/nowhere' where count(*) > 3;
copy t from '/nowhere' where (select true);
copy t from '/nowhere' where generate_series(1, 2) > 1;
copy t to stdout (header match);
copy t to stdout (header maybe);
copy t to stdout (freeze);
copy t to stdout (encoding nope);
copy t to stdout (quote '"');
copy t to stdout (format csv, quote ',');
copy t to stdout (format csv, null 'a,b');
copy t to stdout (format csv, force_quote (id, id));
copy t (id) to stdout (format csv, force_quote (a));
copy t to stdout (format binary, header);
copy t to stdout csv force quote id, nope;
copy (select 1 as a) to stdout (format nope);
copy (select id into u from t) to stdout;

--# options of VACUUM and its like
create table t (id int primary key, a int);
vacuum (nope) t;
vacuum (analyse) t;
vacuum ("analyse") t;
vacuum (analyse, verbosity) t;
explain (analyse) select 1;
explain (analyse, timing) insert into t values (1);
vacuum (full maybe) t;
vacuum (parallel) t;
vacuum (parallel -1) t;
vacuum (parallel 2, full) t;
vacuum (index_cleanup nope) t;
vacuum (buffer_usage_limit 120) t;
vacuum (buffer_usage_limit '1MB', full) t;
vacuum t (a);
analyze (full) t;
analyze (verbose off, skip_locked) t;
reindex (nope) table t;
reindex (verbose maybe) table t;
cluster (nope) t using t_pkey;

--# subscriptions
create subscription s connection 'dbname=x' publication a with (connect = false, copy_data = true);
create subscription s connection 'dbname=x' publication a with (slot_name = none);
create subscription s connection 'dbname=x' publication a with (slot_name = none, enabled = true);
create subscription s connection 'dbname=x' publication a with (connect = false, nope = 3);
create subscription s connection 'dbname=x' publication a with (connect = false, streaming = nope);
create subscription s connection 'dbname=x' publication a with (connect = false, origin = nope);
create subscription s connection 'dbname=x' publication a with (connect = false, connect = false);

--# conversions
create conversion c for 'nope' to 'LATIN1' from utf8_to_iso8859_1;
create conversion c for 'UTF8' to 'nope' from utf8_to_iso8859_1;
create conversion c for 'UTF8' to 'SQL_ASCII' from utf8_to_iso8859_1;
create conversion c for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;

--# tables from queries
create table t (id int, a int);
select id, a as id into x2 from t;
select *, id into x3 from t;
select 1, 2 into x5;
select id, a into x6 from t;
explain (analyze, costs off) select id into x7 from t;
select id from x7;
explain analyze create table x8 as select id from t;
drop table x7, x8;
explain (analyze off) create table x9 as select id from t;
drop table x9;
explain create table x9 as select id from t;
drop table x9;
create table pg_temp.z (a int) on commit drop;
create unlogged table pg_temp.u (a int);

--# columns that an index includes
create table t (id int, a int, b text);
create index on t (a) include (b);
create index on t (a) include ((b || 'x'));
create index on t (a) include (lower(b));
create index on t (a) include (b desc);
create index on t (a) include (b nulls first);
create index on t (a) include (b collate "C");
create index on t (a) include (b text_ops);
create index on t (a) include (nope);

--# types of several columns
create table t (id int primary key, a int default 1, b text default 'x', c int, check (a > 0), constraint ab check (a::text <> b));
create index t_ab on t ((a + c));
create index t_b on t (lower(b)) where a > 3;
alter table t alter a type text, alter b type int using b::int;
alter table t alter a type text, alter c type text;
alter table t alter a type bigint, alter c type bigint;

--# types of a view's columns
create table t (id int, n numeric(10,2), s varchar(10), ts timestamp(3), c char(4));
create view v as select id, n, s, ts, c from t;
create or replace view v as select id, n::numeric as n, s, ts, c from t;
create or replace view v as select id, n::numeric(10,2) as n, s, ts, c from t;
create or replace view v as select id, n + 1 as n, s, ts, c from t;
create or replace view v as select id, n, coalesce(s, s) as s, ts, c from t;
create or replace view v as select id, n, coalesce(s, 'x') as s, ts, c from t;
create or replace view v as select id, n, case when id > 1 then s end as s, ts, c from t;
create or replace view v as select id, n, s, now()::timestamp as ts, c from t;
create or replace view v as select id, n, s, now()::timestamp(3) as ts, c from t;
create or replace view v as select id, n, s, ts, 'ab'::char(4) as c from t;
create or replace view v as select id, n, s, ts, c::bpchar as c from t;
create or replace view v as select id, n, s, ts, c from t union all select id, n::numeric, s, ts, c from t;

--# statistics of what is in brackets
create table t (id int, a int, g int generated always as (a) virtual);
create statistics s2 on (a) from t;
create statistics s2 on (g + 1) from t;
create statistics s2 on a, (ctid) from t;
create statistics s2 on a, (t) from t;
create statistics s2 on (a), id from t;
alter statistics s2 set statistics -2;
alter statistics s2 set statistics 100;

--# what publications filter by
create type mood as enum ('sad', 'happy');
create table t (id int primary key, m mood);
create publication p for table t where (m = 'sad');
create publication p for table t where (t is not null);
create publication p for table t where (ctid is not null);
create publication p for table t where (id > 3);

--# rows that are not locked
create table t (id int);
create sequence q;
create materialized view m as select 1 as id;
select * from m for update;
select * from m, t for update of t;
select * from m, t for share of m;
select * from q for update;
select * from t where id in (select id from m) for update;
with m as (select id from t) select * from m for update;
