--# ONLY takes no star
create table units (id int primary key, n int not null);
update only units * set n = 1;
update only (units *) set n = 1;
delete from only units * where true;
select * from only units *;
select * from only (units) *;
lock table only units *;
truncate only units *;
alter table only units * add c int;
create index on only units * (n);
merge into only units * using units x on true when matched then do nothing;
create publication p for table only units *;
update units * set n = 1;
update only units set n = 1;
update only (units) set n = 1;
update units * as u set n = 2;
select * from units * u, only units;
truncate units *, only units;
alter table units * add d int;
create index on units * (n);
create publication p for table units *;

--# index as replica identity
create table sim (icc char(20) primary key, imsi int8 unique, state int default 0, eid text not null unique, at int unique deferrable);
alter table sim replica identity using index sim_imsi_key;
alter table sim replica identity using index sim_at_key;
alter table sim replica identity using index nope;
alter table sim replica identity using index sim_imsi_key, alter imsi set not null;
alter table sim alter imsi drop not null;
alter table sim replica identity default, alter imsi drop not null;
alter table sim replica identity default;
alter table sim alter imsi drop not null, replica identity using index sim_eid_key;
alter table sim alter eid drop not null;
alter table sim drop constraint sim_eid_key;
alter table sim alter eid drop not null;
alter table sim replica identity using index sim_two, add constraint sim_two unique (icc, eid);
alter table sim alter eid set not null, replica identity using index sim_two, add constraint sim_two unique (icc, eid);
alter table sim alter eid drop not null;
alter table sim rename constraint sim_two to sim_pair;
alter table sim alter eid drop not null;
alter table sim replica identity using index sim_pkey;
alter table sim alter eid drop not null;
create table spans (at int4range not null, exclude using gist (at with &&));
alter table spans replica identity using index spans_at_excl;

--# identity of a column that is computed
create table answer (id int primary key, value jsonb, score int generated always as ((value ->> 'score')::int) virtual, kept int generated always as (id + 1) stored not null);
alter table answer alter kept add generated always as identity;
alter table answer alter kept drop expression, alter kept add generated always as identity;
alter table answer alter kept drop expression;
alter table answer alter kept add generated always as identity;

--# column lists and partitions
create table cdr (a int, b int) partition by list (a);
create publication cdr_out for table cdr (a, number);
create publication cdr_out for table cdr (a);
create publication cdr_out for table cdr (a, number) with (publish_via_partition_root = true);
create publication cdr_out for table cdr (a) with (publish_via_partition_root = true);

--# bounds by typed constants
create table impression (day date not null, n int) partition by list (day);
create table imp_2 partition of impression for values in ('2026-01-02', date '2026-01-03');
create table imp_3 partition of impression for values in ('2026-01-03');
create table imp_3 partition of impression for values in ('2026-01-02'::date);
create table imp_4 partition of impression for values in (date '2026-01-04');
create table hits (at timestamptz not null) partition by range (at);
create table hits_1 partition of hits for values from (date '2026-01-01') to ('2026-02-01');
create table hits_2 partition of hits for values from ('2026-01-15') to (date '2026-02-15');
create table hits_2 partition of hits for values from (date '2026-02-01') to (date '2026-02-01');
create table hits_2 partition of hits for values from (date '2026-02-01') to (date '2026-03-01');

--# what holds a configuration of text search
create text search configuration claims (copy = pg_catalog.english);
create table a (t text, lang regconfig not null default 'claims', other text default 'claims');
drop text search configuration claims;
alter table a alter lang set default 'public.claims'::regconfig;
drop text search configuration claims;
alter table a alter lang drop default;
alter table a add constraint said check (to_tsvector('claims', t) @@ 'x');
drop text search configuration claims;
alter table a drop constraint said;
create index a_t on a using gin (to_tsvector('claims', t));
drop text search configuration claims;
drop index a_t;
create index a_p on a (t) where to_tsvector('claims', t) @@ plainto_tsquery('claims', 'x');
drop text search configuration claims;
alter table a alter lang set default 'claims';
drop text search configuration claims cascade;
drop index a_p;
create text search configuration claims (copy = pg_catalog.english);
drop text search configuration claims;

--# blocks that ask before they make
create type priority as enum ('flash', 'urgent');
do $$ begin if not exists (select from pg_type where typname = 'urgency') then create type priority as enum ('flash'); end if; end $$;
do $$ begin if not exists (select from pg_type where typname = 'priority') then create type priority as enum ('flash'); end if; end $$;
do $$ begin if exists (select from pg_type where typname = 'priority') then create type priority as enum ('flash'); else null; end if; end $$;
do $$ begin if not exists (select from pg_type where typname = 'urgency') then create type urgency as enum ('flash'); end if; end $$;
do $$ begin if not exists (select from pg_type where typname = 'urgency') then drop type urgency; elsif to_regclass('nowhere') is null then create type urgency as enum ('flash'); end if; end $$;
create table walls (id int);
do $$ declare n int := 1; begin raise notice 'x'; if not exists (select from information_schema.columns where table_name = 'walls' and column_name = 'x') then alter table walls add x int; end if; end $$;
do $$ begin if not exists (select from information_schema.columns where table_name = 'wall' and column_name = 'x') then alter table walls add x int; end if; end $$;
do $$ begin if exists (select from pg_class where relname = 'walls') then drop type if exists urgency; create type urgency as enum ('x'); end if; end $$;

--# a setting of old
set default_with_oids = off;
set default_with_oids = on;
set default_with_oids = true;
set default_with_oids to default;

--# exclusion by types of extensions
create extension btree_gist;
create extension hstore;
create extension citext;
create extension ltree;
create extension cube;
create extension seg;
create table e (h hstore, c citext, l ltree, u cube, s seg, at tstzrange);
alter table e add exclude using gist (h with =, at with &&);
alter table e add exclude using gist (h with @>);
alter table e add exclude using gist (c with =);
alter table e add exclude using gist (l with =);
alter table e add exclude using gist (l with @>);
alter table e add exclude using gist (u with &&);
alter table e add exclude using gist (u with =);
alter table e add exclude using gist (s with &&);
alter table e add exclude using gist (s with <>);
alter table e add exclude (h with =);
alter table e add exclude (c with =);

--# names that are too long, asked for by their text
create table ledger (id int, applied_by_session int);
create table learning (id int primary key);
alter table ledger add constraint ledger_reflection_applied_by_session_id_learning_sessions_identity_fk foreign key (applied_by_session) references learning (id);
do $$ begin if not exists (select 1 from pg_constraint where conname = 'ledger_reflection_applied_by_session_id_learning_sessions_identity_fk') then alter table ledger add constraint ledger_reflection_applied_by_session_id_learning_sessions_identity_fk foreign key (applied_by_session) references learning (id); end if; end $$;
do $$ begin if not exists (select 1 from pg_constraint where conname in ('x', 'ledger_reflection_applied_by_session_id_learning_sessions_identity_fk')) then alter table ledger add constraint ledger_reflection_applied_by_session_id_learning_sessions_identity_fk foreign key (applied_by_session) references learning (id); end if; end $$;
do $$ begin if not exists (select 1 from pg_constraint where conname = 'ledger_fk') then alter table ledger add constraint ledger_reflection_applied_by_session_id_learning_sessions_identity_fk foreign key (applied_by_session) references learning (id); end if; end $$;

--# columns and parameters called period
create function spans(a date, period daterange) returns table (n integer, period_of daterange) language sql as 'select 1, period';
create function spans2(a date) returns table (n integer, period daterange) language sql as 'select 1, daterange(a, a)';
create type spanned as (n int, period daterange);
create table spans (n int, period daterange);
select period from spans2('2020-01-01');
