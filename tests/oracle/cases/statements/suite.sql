-- Shapes that PostgreSQL's own regression tests showed to be judged wrongly, and the literals of dates and times.
select ⟨f1¦narrow.f1¦wide.f1¦f1, count(*)¦f1 + 1¦f2¦unnamed_join.f1⟩ from narrow ⟨left join¦right join¦full join¦join⟩ wide using (f1) group by ⟨narrow.f1¦f1¦wide.f1¦narrow.f1, wide.f1⟩

select f1, narrow.f2 from narrow natural ⟨left¦full⟩ join (select f1 from wide) w group by ⟨narrow.f1, narrow.f2¦f1, f2¦w.f1, f2⟩

insert into addresses (id, ⟨former[1].city¦former[1].nowhere¦former[1].city, former[1].zip¦main.city¦main[1]¦former[1]¦former.city¦marks[1][2]⟩) values (1, 'x')

update addresses set ⟨former[1].city = 'x'¦former[1].city = 2, former[2].zip = 'y'¦main.city = 'x'¦main.nowhere = 'x'¦marks[1] = 2¦former[1] = row('a', 'b', 'c')¦former = '{}'⟩

insert into excluded values (1, '2') on conflict (key) do update set data = ⟨3¦excluded.data¦data¦excluded.nowhere⟩ returning ⟨*¦excluded.*¦excluded.key⟩

insert into excluded as target values (1, '2') on conflict (key) do update set data = ⟨excluded.data¦target.data¦data⟩ returning *

select ⟨pick(1)¦pick('a'::text, flag => true)¦pick(a => 1)¦pick(a => -1, b => 2)¦pick(1, 'x')¦pick(1, 2.5)¦pick('a', 'b')¦pick(a => 'a'::text, b => 2)¦pick(1, c => 2)¦pick(1, flag => 2)¦pick(flag => true)⟩

select row(1, 1.1) = ⟨any (array[row(7, 7.7), row(1, 1.1)])¦all (array[row(1, 2)])¦any (array[1, 2])¦any (row(1, 2))⟩

with recursive s (f, t, label, is_cycle, path) as (select *, false, array[row(e.f, e.t)] from edges e union all select e.*, row(e.f, e.t) = any (path), path || row(e.f, e.t) from edges e, s where e.f = s.t and not is_cycle) select ⟨*¦path¦path[1]¦is_cycle, s.f¦array[path]¦unnest(path)⟩ from s

with recursive a as (select 1 as b union all select ⟨*¦b¦b + 1¦b, c¦a.*¦b + p⟩ from a) cycle b set c using p select ⟨*¦b, c, p¦c, p⟩ from a

with recursive a as (select 1 as b union all select ⟨*¦b¦b + 1⟩ from a where b < 5) search ⟨depth¦breadth⟩ first by b set o select ⟨*¦b, o¦a.o⟩ from a order by ⟨o¦b⟩

select f, ⟨json_arrayagg(t) over (partition by f)¦json_arrayagg(t) filter (where t > 1) over (order by f)¦json_objectagg(label : t) over ()¦json_arrayagg(t)¦json_objectagg(label : t with unique keys) over (order by t)¦json_arrayagg(json_arrayagg(t) over ())⟩ from edges

select sum(count(*)) over (⟨partition by generate_series(1, 3)¦order by generate_series(1, 3)¦partition by f order by generate_series(1, 2)¦rows generate_series(1, 2) preceding⟩), f from edges group by f

prepare one (⟨unknown¦integer¦unknown, text⟩) as select * from edges where ⟨f = $1¦label = $1¦$1 is null⟩

select date ⟨'January 8, 1999'¦'1999-01-08'¦'1/8/1999'¦'1999-Jan-08'¦'19990108'¦'990108'¦'1999.008'¦'J2451187'¦'January 8, 99 BC'¦'today'¦'epoch'¦'-infinity'¦'2023-02-29'¦'2024-02-29'¦'2024-13-01'¦'31/31/2024'¦'0000-01-01'¦'4714-11-23 BC'¦'4714-11-24 BC'¦'5874897-12-31'¦'5874898-01-01'¦''¦'soon'¦'1999-08-Jan'¦'12'¦'10:00'¦'2024-01'¦'2024-01-01 2024-01-01'¦'1 day'¦'2024-01-01T10:00'¦'2024-01-01 25:00'¦'2024/01/01'¦'2024.01.01'¦'Jan 1'¦'2024-1-1'¦'24-1-1'¦'2024-01-01x'¦'2024-01-01 BC'¦'20240230'⟩

select timestamp ⟨'2024-01-01'¦'2024-01-01T10:00:00Z'¦'2024-01-01 10:00:00.123+05:30'¦'20240101T101010'¦'now'¦'Mon Feb 10 17:32:01 1997 PST'¦'2024-01-01 24:00'¦'1997.041 17:32:01 UTC'¦'2024-01-01 04:05 PM'¦'2024-01-01 25:00'¦'2024-01-01 24:00:01'¦'2024-01-01 13:00 AM'¦'2024-02-30 10:00'¦'294277-01-01'¦'2024-01-01 notazonename'¦'2024-01-01 10:00 11:00'¦'hello world'¦'10:00'¦'2024-01-01 T'¦'2024-01-01 10:61'¦'2024-01-01 10:00:61'¦'2024-01-01 10.5'¦'tomorrow 10:00'¦'allballs'¦'2024-01-01 1000'¦'2024-01-01 t1000'¦'Thu Jan 1 2024 10:00:00'⟩

select timestamptz ⟨'2024-01-01'¦'2024-01-01 10:00+02'¦'2024-01-01 10:00 America/New_York'¦'2024-01-01 10:00 CET'¦'2024-02-30 10:00+02'¦'2024-01-01 10:00 +'¦'nope'¦'2024-01-01 10:00+02:60:1:1'¦'infinity'⟩

select time ⟨'04:05'¦'04:05:06.789'¦'040506'¦'04:05 AM'¦'24:00'¦'04:05:06 PST'¦'now'¦'25:00'¦'04:60'¦'24:00:00.01'¦'13:00 pm'¦'today'¦'12'¦'1 hour'¦'noon'¦'1234'¦'12345'¦''¦'04:05:06 2024-01-01'¦'2024-01-01 04:05'⟩

select interval ⟨'1 day'¦'@ 1 minute'¦'1-2'¦'3 4:05:06'¦'P1Y2M3DT4H5M6S'¦'P0001-02-03'¦'1 day ago'¦'infinity'¦'-1.5 weeks'¦'1'¦'1y 10mons 2h'¦'PT'¦'+02:03'¦'1 +02:03'¦'1.5 years'¦''¦'day'¦'1 fortnight'¦'1 day day'¦'ago 1 day'¦'1 day 2 days'¦'2024-01-02'¦'P1X'¦'hello'¦'144 on 0 min'¦'1 day on 2 hours'¦'1 quarter'¦'infinity 1 day'¦'one day'¦'10:20:30:40'¦'1 2 3'⟩

select ⟨(e.words).shades.title¦(e.words).name¦(e.words).shades¦(e.words).nowhere¦name(e.words)¦(e).words¦(e.label).words¦(e).label⟩ from edges e

select ⟨array[1]::anyarray¦unnest(array[1]::anyarray)¦'[1,2]'::int4range::anyrange¦lower('[1,2]'::int4range::anyrange)¦1::anyarray¦label_of()¦label_of(1)¦label_of('a')⟩

select lead(1) over (partition by ⟨(1, $1)¦(f, t)¦(f, $1)¦row(f, $1)¦$1⟩ order by f) from edges

select '-2'::money ⟨between¦not between¦between symmetric⟩ ⟨$1 and '12'::int2 * $1¦$1 and $1¦$2 and $1 * 2⟩

select 'abc'::varchar between $1 and ($1)::varchar, f between $2 and $2 + 1 from edges

merge into edges e using tags g on g.id = e.f when matched and exists (values ($1::int4range, 1)) then update set label = ⟨$2¦$1⟩ returning ⟨merge_action(), json_value($1, '$.a' returning int)¦$1¦$2, $1::text¦e.*, g.*¦*⟩

select ⟨merge_action()¦coalesce(merge_action(), 'x')⟩ from edges

update edges set f = 1 returning merge_action()

declare c cursor for with x as (⟨insert into edges values (1) returning *¦select * from edges⟩) select * from x

create view modified as with x as (⟨delete from edges returning *¦select * from edges⟩) select * from x

create materialized view modified as with x as (⟨update edges set f = 1 returning *¦select f from edges⟩) select * from x

create table modified as with x as (⟨merge into edges e using tags g on g.id = e.f when matched then delete returning e.f¦select f from edges⟩) select * from x

select * from ⟨edges¦published_posts¦post_counts¦(select 1) q⟩ tablesample ⟨system (10)¦bernoulli (1, 2)¦nosuch (1)¦pg_catalog.system ($1)¦public.system (1)¦system ('x')¦system (10) repeatable (2)⟩

with x as (select 1) select * from x tablesample system (1)

with recursive a as (select 1 as b union all select b + 1 from a) ⟨search depth first by c set o¦search depth first by b, b set o¦cycle b set m using m¦cycle b, b set m using p¦search depth first by b set o cycle b set o using p¦search depth first by b set o cycle b set m using o¦search breadth first by b set o cycle b set m using p⟩ select * from a

with ⟨recursive a as (select 1 as b)¦a as (select 1 as b)⟩ search depth first by b set o select * from a

select ⟨'edges'¦'public.edges'¦'Edges'¦'"Edges"'¦'nosuch'¦'public.nosuch'¦'nosuch.edges'¦'""'¦''¦' edges '¦'a b'¦'123'¦'-'¦'pg_class'¦'published_posts'¦'invoice_numbers'¦'tags_pkey'¦'"a'⟩::regclass

select nextval(⟨'invoice_numbers'¦'nosuch'¦'public.invoice_numbers'¦'nosuch'::text⟩)

select json_array(⟨(select 1), ($1)¦(select 1), $1¦(select 'x'::text), ($1) null on null¦(select 1) union select 2¦(select 1)¦select 1⟩)

insert into products (sku, name, price) values ('a', 'b', 1) on conflict (lower(name)) ⟨where active¦where id¦where 1¦where name = 'a'¦where nope⟩ do nothing
select null::anyenum;
select 'x'::anyenum;
select 1::anyenum;
select role::anyenum from users;
select enum_range(role::anyenum) from users;
select array_agg(role::anyenum) from users;
select role::anynonarray, tags::anyelement, tags::anyarray from users;
select tags::anynonarray from users;
select 1::anyarray;
select 1::anyrange;
select age::anyelement + 1 from users;
select 3::anyelement <@ int4range(1, 5);
select $1::anyelement + 1;
select null::anyelement, null::anyarray;
select null::trigger;
select 'x'::trigger;
select null::language_handler;
select null::internal;
select 'x'::internal;
select null::void, 'x'::cstring, null::record;
select distinct polqual from pg_policy;
select polqual from pg_policy order by 1;
select polqual, count(*) from pg_policy group by 1;
select most_common_vals from pg_stats group by 1;
select most_common_vals from pg_stats order by 1;
select distinct stxdndistinct, stxddependencies, stxdmcv from pg_statistic_ext_data;
select distinct null::void;
select distinct 'a'::cstring;
select distinct xmin, cmin from users;
select xmin from users order by 1;
select cmin from users order by 1;
select distinct users from users;
select users from users order by 1;
select posts from posts order by 1;
select distinct posts from posts;
select posts from posts union select posts from posts;
select distinct row(settings, 1) from users;
select distinct row(meta, 1) from posts;
select distinct array[meta] from posts;
select row_number() over (partition by posts) from posts;
select row_number() over (order by posts) from posts;
select distinct home from users;
select distinct '(1,2)'::point;
select distinct '<(1,2),3>'::circle order by 1;
select count(distinct '(1,2)'::point);
select distinct '1'::xid;
select '1'::xid order by 1;
select '1'::xid8 order by 1;
select distinct 'a=b/c'::aclitem;
select 'a=b/c'::aclitem order by 1;
select distinct '1:2:3'::pg_snapshot, '1 2'::int2vector, '1 2'::oidvector;
select distinct 'a'::refcursor, 'b'::regclass;
select 'a'::refcursor order by 1;
