-- Plain selects: names, stars, aliases, order.
select * from ⟨users¦posts¦comments¦orders¦products¦audit.events¦published_posts¦post_counts¦invoice_numbers¦empty¦events¦order_items⟩

select ⟨u.*¦u.id, u.email¦u¦u.name as n, u.*¦count(u)¦(u).name¦(u.home).city¦u.settings -> 'theme'¦u.tags[1]¦u.tags[1:2]¦users.id¦id, u.name¦u.ctid, u.tableoid, u.xmin⟩ from users u

select ⟨id¦users.id¦public.users.id¦users.*¦public.users.*¦u.id¦other.users.id¦users⟩ from users

select id, "giftWrap", ⟨giftWrap¦"giftwrap"¦"giftWrap" as "GiftWrap"¦(ship_to).street¦(ship_to).country¦ship_to.street¦(orders.ship_to).zip⟩ from orders

select title from posts ⟨order by title¦order by 1¦order by 2¦order by 0¦order by -1¦order by 'title'¦order by views desc, 1¦order by t¦order by lower(title)¦order by meta¦order by title using <¦order by posts.title nulls last¦order by (1)¦order by 1.5⟩

select title as t, views as v from posts ⟨order by t¦order by v desc, t¦order by lower(t)¦where t = 'a'¦order by posts.t¦group by t, v¦group by 1, 2¦group by title, views order by t¦having t = 'a'¦order by title || t⟩

select title, title as t2, slug as title from posts ⟨order by title¦order by t2¦group by title¦order by posts.title⟩

select ⟨distinct¦distinct on (author_id)¦distinct on (author_id, slug)¦distinct on (1)¦distinct on (title)¦distinct on (a)⟩ author_id as a, slug from posts ⟨ ¦order by author_id¦order by author_id, slug¦order by slug¦order by slug, author_id¦order by 1, 2¦order by title¦order by author_id, title⟩

select distinct ⟨meta¦settings¦home¦place¦doc¦starts¦id⟩ from ⟨posts¦users¦events⟩

select 1 ⟨limit 1¦limit '1'¦limit 'a'¦limit 1.5¦limit null¦limit all¦limit $1¦offset $1¦limit $1 offset $2¦limit true¦limit now()¦limit (select 1)¦limit (select 'a')¦limit count(*)¦fetch first 2 rows only¦offset '1' rows⟩

select id from posts limit ⟨id¦posts.views¦(select max(id) from posts)¦(select views)¦sum(1)⟩

select ⟨*¦1¦'a'¦null¦true¦1.5¦12345678901¦1e10¦b'101'¦x'1f'¦$1¦current_date¦current_user¦now()¦'a' 'b'¦-1¦- 1.5¦array[1]¦row(1, 'a')¦(1, 2)¦interval '1 day'¦date '2024-01-01'¦int '1'¦int 'x'¦''¦e'\n'¦U&'\0041'⟩

select current_date, current_time, current_time(2), current_timestamp, current_timestamp(0), localtime, localtimestamp(3), current_role, session_user, user, current_schema, current_catalog

select u.id from users u ⟨where u.age > 18¦where age¦where u.name¦where u.name = 1¦where u.age = 'x'¦where u.age = '1'¦where not age¦where age and true¦where true or name¦where deleted_at is null¦where deleted_at is true¦where role = 'admin'¦where role = 'boss'¦where role = 1¦where id = 'x'¦where id = '6d2f3a1e-4f3d-4c3e-9b1a-0a8d9f1b2c3d'¦where id = 1¦where email = 'a@b'¦where email = 1¦where created_at > '2024-01-01'¦where created_at > 'soonish'¦where created_at > 1¦where created_at > now() - interval '1 day'¦where created_at > now() - '1 day'¦where created_at > now() - 1¦where tags = '{a,b}'¦where tags = 'a'¦where 'a' = any(tags)¦where tags @> array['a']¦where tags && '{a}'¦where settings ->> 'a' = 'b'¦where settings ->> 'a' = 1¦where settings -> 'a' = '1'¦where settings -> 'a' = 'x'¦where settings @> '{"a": 1}'¦where settings @> '{a}'¦where settings ? 'a'¦where home is not null¦where (home).city = 'x'¦where home = row('a', 'b', 'c')¦where home = row('a', 'b')⟩

select posts.id, users.name from posts, users where ⟨author_id = users.id¦posts.author_id = id¦author_id = u.id¦posts.author_id = users.name¦users.id = posts.id¦title = name¦views = age¦views > rating¦posts.published¦published and age > 1¦created_at > published_at¦posts.id = all(select 1)⟩

select p.id from posts as p ⟨where posts.id = 1¦where p.idd = 1¦where p.author = 1¦where q.id = 1¦where publishd¦where titel = 'a'¦where p.title like 'a%'¦where p.title like 1¦where p.title ilike $1¦where p.views like 'a'¦where p.title similar to 'a'¦where p.title not like 'x' escape '!'¦where p.title ~ '^a'¦where p.title ~ 1¦where p.views between 1 and 2¦where p.views between 'a' and 2¦where p.views not between 1 and '2'¦where p.title between 1 and 2¦where p.views between symmetric 1 and $1⟩

select p.id from posts p where p.id in ⟨(1, 2, 3)¦('1', '2')¦('a', 'b')¦(1, 'a')¦($1, $2)¦($1)¦(1)¦('x')¦(null)¦(1, null)¦(views, 2)¦(select 1)¦(select id from comments)¦(select body from comments)¦(select 1, 2)¦(select '1')¦(select * from tags)¦(1.5, 2)¦(now(), 2)¦(title)⟩

select p.id from posts p where (p.id, p.title) ⟨in ((1, 'a'), (2, 'b'))¦in ((1, 2))¦in ((1, 'a', 2))¦in (select id, body from comments)¦in (select id from comments)¦= (1, 'a')¦= row(1, 2)¦< (1, 'a')¦= (select 1, 'x')¦= (select 1)¦is not distinct from (1, 'a')¦is null¦= (1)¦+ (1, 2)¦in (($1, $2))⟩

select ⟨p.title || p.slug¦p.title || 1¦p.title || p.views || ''¦p.views || 'a'¦p.views + 1¦p.views + '1'¦p.views + 'a'¦p.views + 1.5¦p.views / 2¦p.views % 2¦p.rating * 2¦p.rating * 'x'¦p.views + p.title¦p.title + 1¦- p.title¦- p.views¦p.published + 1¦p.published = 1¦p.published = 'yes'¦p.published = 'maybe'¦p.published_at + interval '1 day'¦p.published_at + '1 day'¦p.published_at - p.published_at¦p.published_at + 1¦p.published_at::date + 1¦p.published_at at time zone 'utc'¦p.published_at at time zone 1¦p.labels || 'x'¦p.labels || array['x']¦p.labels[1] || 'x'¦p.labels + 1¦p.meta ->> 'a'¦p.meta -> 1¦p.meta = p.meta¦p.search @@ to_tsquery('a')¦p.search @@ 'a & b'¦p.search = 'a'¦p.rating ^ 2¦@ p.views¦p.views <> null¦p.views is distinct from 'x'¦p.views is distinct from null¦p is null¦p = p¦not p.published¦not p.views¦p.title is true¦p.published is not unknown¦p.title collate "C"¦p.views collate "C"¦p.title is document⟩ from posts p

select ⟨id::text¦id::int¦id::date¦title::int¦title::posts¦published::int¦views::bool¦views::boolean::text¦views::int::boolean¦meta::jsonb¦meta::text¦meta::int¦rating::int¦rating::numeric(5,1)¦title::varchar(5)¦title::char¦title::"char"¦title::order_status¦views::order_status¦labels::text[]¦labels::int[]¦labels::text¦published_at::date¦published_at::time¦published_at::int¦published_at::timestamptz(3)¦cast(title as uuid)¦cast(views as uuid)¦search::text¦id::nosuch¦id::public.role¦title::audit.thing¦author_id::text¦author_id::int¦id::regclass¦'users'::regclass¦title::email¦views::positive¦row(1,2)::address¦row('a','b','c')::address¦title::xml⟩ from posts

select ⟨'1'::int¦'x'::int¦'1.5'::int¦'1.5'::numeric¦'abc'::date¦'2024-02-30'::date¦'2024-01-01'::date¦'t'::bool¦'maybe'::bool¦'{1,2}'::int[]¦'{1,x}'::int[]¦'1,2'::int[]¦'admin'::role¦'boss'::role¦'{}'::jsonb¦'{'::jsonb¦'[1,2]'::json¦'6d2f3a1e-4f3d-4c3e-9b1a-0a8d9f1b2c3d'::uuid¦'x'::uuid¦'1 day'::interval¦'1 dya'::interval¦'10.0.0.1'::inet¦'10.0.0.300'::inet¦'a@b'::email¦'5'::positive¦'x'::positive¦'(a,b,c)'::address¦'(a,b)'::address¦'99999999999'::int¦'1e5'::float8¦'nan'::float8¦'12:00'::time¦'25:00'::time¦'2024-01-01 10:00'::timestamptz¦'now'::timestamp¦'{admin,reader}'::role[]¦'{admin,boss}'::role[]¦'a & b'::tsquery¦'[1,5)'::int4range¦'[5,1)'::int4range¦'(1,2)'::point¦'x'::point¦'<a/>'::xml¦'$1.50'::money¦'\x00'::bytea¦'1'::smallint¦'70000'::smallint⟩

select case ⟨when published then 1 else 2 end¦when published then 1 else 'x' end¦when published then 1 else '2' end¦when published then 'a' end¦when views then 1 end¦when title = 1 then 1 end¦when published then 1 else 2.5 end¦when published then title else views end¦when published then null else id end¦when published then now() else '2024-01-01' end¦when published then now() else 'x' end¦when published then $1 else 2 end¦when $1 then 1 end¦views when 1 then 'a' when 2 then 'b' end¦views when 'a' then 1 end¦views when title then 1 end¦title when 'a' then 1 else 0 end¦title when 1 then 1 end¦$1 when 1 then 2 end¦when true then meta else '{}' end¦when true then author_id else 'x' end⟩ from posts

select coalesce(⟨name, 'x'¦name, 1¦age, 0¦age, '0'¦age, 'x'¦age, 1.5¦name, email¦email, name¦role, 'reader'¦role, 'nobody'¦role, name¦null, null¦$1, 1¦$1, $2¦tags, '{}'¦settings, '{}'¦settings, 1¦created_at, now()¦deleted_at, 'never'¦home, null¦id, 'x'¦id, gen_random_uuid()⟩) from users

select ⟨nullif(name, '')¦nullif(age, 0)¦nullif(age, 'x')¦nullif(age, name)¦nullif($1, 1)¦nullif(name, 1)¦greatest(age, 1)¦greatest(age, 1.5, '2')¦greatest(name, age)¦least(created_at, deleted_at)¦least(created_at, 'x')¦greatest(1, 'a')¦least(name, 'b')¦greatest(id, null)⟩ from users

select array[⟨1, 2¦1, 'a'¦1, '2'¦1, 2.5¦'a', 'b'¦null¦null, 1¦[1,2],[3,4]¦[1],['a']¦tags, tags¦tags, '{a}'¦age, 1¦age, name¦now(), '2024-01-01'¦role, 'admin'¦role, 'x'¦$1, 1¦settings, '{}'⟩] from users

select array[]⟨ ¦::int[]¦::text[][]¦::role[]¦::int⟩, array[1, 'x']::text[], array['1', '2']::int[], array[1, 2]::text[]

select array['a', 'b']::int[]

select ⟨exists (select 1 from posts p where p.author_id = u.id)¦exists (select * from posts where author_id = u.id)¦exists (select nothing from posts)¦(select count(*) from posts where author_id = u.id)¦(select title from posts where author_id = u.id limit 1)¦(select id, title from posts)¦(select * from posts)¦(select *)¦array(select title from posts)¦array(select id, title from posts)¦array(select 'a')¦array(select tags from users)¦(select u.name)¦(select x.name from users x where x.id = u.id)¦(select p.title from posts p where p.author_id = v.id)¦(values (1))¦(values (1, 2))¦(select 1 union select 2)¦(table tags)¦(select name from users)⟩ from users u

select id from users where age ⟨= any (array[1, 2])¦= any ('{1,2}')¦= any ('{a}')¦= any (1)¦= any (tags)¦= any ($1)¦= all (select age from users)¦> all (select 1)¦= any (select name from users)¦= any (select 1, 2)¦<> all (array['1', '2'])¦<> all (array[1.5])¦in (select unnest(array[1,2]))¦+ any (array[1])¦= some (values (1), (2))¦@> any (array[1])⟩

select ⟨tags[1]¦tags['1']¦tags['x']¦tags[1.5]¦tags[name]¦tags[1:2]¦tags[1][2]¦settings['a']¦settings['a']['b']¦settings[1]¦settings[1:2]¦name[1]¦age[1]¦home[1]¦(tags || 'x')[1]¦(array[1,2])[1]¦tags[$1]¦(settings -> 'a')['b']⟩ from users

select length(name), ⟨lower(name)¦lower(age)¦lower(age::text)¦upper('x')¦length(1)¦length(tags)¦array_length(tags, 1)¦array_length(tags)¦cardinality(tags)¦substring(name from 1 for 2)¦substring(name, 1)¦substring(age from 1)¦position('a' in name)¦trim(both 'x' from name)¦trim(age)¦overlay(name placing 'x' from 1)¦extract(year from created_at)¦extract(year from name)¦extract(nonsense from created_at)¦date_part('year', created_at)¦date_trunc('day', created_at)¦date_trunc('day', name)¦date_trunc('day', $1)¦to_char(created_at, 'YYYY')¦to_char(age, '99')¦to_char(name, 'x')¦now() at time zone 'utc'¦age(created_at)¦round(age, 1)¦round(1.5, 1)¦round(1.5::float8, 1)¦concat(name, age, true)¦concat_ws(',', name, 1)¦format('%s', name)¦string_to_array(name, ',')¦split_part(name, 'a', 1)¦split_part(name, 'a', '1')¦regexp_replace(name, 'a', 'b', 'g')¦jsonb_build_object('a', name)¦jsonb_set(settings, '{a}', '1')¦jsonb_set(settings, 'a', '1')¦to_jsonb(u)¦row_to_json(u)¦jsonb_array_length(settings)¦json_array_length(settings)¦coalesce(name)¦nosuch(name)¦public.lower(name)¦pg_catalog.lower(name)¦md5(name)¦md5(age)¦random()¦random(1)¦gen_random_uuid()¦greet(name)¦greet(age)¦greet('a')¦greet(true)¦greet(1.5)¦add_vat(1)¦add_vat(1, 0.1)¦add_vat(price => 1)¦add_vat(rate => 0.1, price => 2)¦add_vat(cost => 1)¦add_vat('x')¦first_item(tags)¦first_item(name)¦first_item('{}')¦sum_all(1, 2)¦sum_all(1, 'x')¦sum_all(variadic array[1])¦sum_all()¦left(name, 2)¦left(name, '2')¦repeat(name, age)¦power(age, 2)¦abs(name)¦abs(age)¦ceil(age)¦mod(age, 2)¦chr(age)¦encode(name, 'hex')¦uuid(name)¦text(age)¦date(created_at)¦int4(name)⟩ from users u

select ⟨full_title(p)¦p.full_title¦(p).full_title¦p.full_titel¦full_title(u)¦full_title(1)¦full_title(p.*)¦p.count¦p.lower⟩ from posts p, users u

select p.id ⟨as "select"¦as value¦value¦"order"¦as type, p.title as id¦label⟩ from posts p

select ⟨a¦t¦t.a¦t.*¦column1⟩ from ⟨(values (1, 'x')) as t (a, b)¦(values (1), (2)) t(a)¦(select 1 as a) t¦(select 1 a)¦(select 1) as t(a)¦(select 1) as t(a, b)⟩

values ⟨(1, 'a'), (2, 'b')¦(1), (2, 3)¦(1, 'a'), ('b', 2)¦(1), ('2')¦(1), ('x')¦(1), (2.5), (null)¦(null), (null)¦($1), (1)¦($1)¦(now()), ('2024-01-01')¦(default)¦(count(*))¦(1) order by 1¦(1) order by column1¦(1) order by x¦(1), (2) limit 1¦(array[1]), ('{2}')¦(generate_series(1, 2))⟩

table ⟨users¦tags order by name¦tags order by nam¦nosuch¦tags limit 1¦audit.events¦users.tags⟩

select * from ⟨usrs¦public.usrs¦audit.users¦nosuch.users¦audit.event¦"Users"¦Users¦pg_class¦pg_catalog.pg_class¦information_schema.tables¦information_schema.table¦post¦users, users¦users a, users a¦users, public.users¦users a, users¦audit.events, events¦events, audit.events as events⟩

select oid, relname, relkind from pg_class where relnamespace = 'public'::regnamespace and reltuples > 0

select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by ordinal_position

select n.nspname, c.relname from pg_catalog.pg_class c left join pg_catalog.pg_namespace n on n.oid = c.relnamespace where pg_catalog.pg_table_is_visible(c.oid)

select nextval('invoice_numbers'), last_value, is_called from invoice_numbers

select id from posts for ⟨update¦share¦no key update¦key share¦update of posts¦update of p¦update of public.posts¦update skip locked¦update nowait⟩

select p.id from posts p join users u on true for update of ⟨p¦u¦p, u¦x¦posts⟩

select ⟨count(*)¦distinct id¦max(id)⟩ from posts ⟨for update¦group by id for share⟩

select title from posts tablesample ⟨system (10)¦bernoulli ('10')¦bernoulli ($1)¦system ('x')¦nosuch (1)⟩

select 1 where ⟨true¦false¦null¦'t'¦'x'¦1¦$1¦exists (select)¦(select true)¦(select 1)¦not null¦1 = 1 and 'a'¦'true' or false⟩

select (select ⟨1¦count(*)¦sum(p.views)¦max(u.age)¦p.views⟩) from posts p, users u

explain ⟨ ¦analyze¦(analyze, buffers)¦verbose⟩ select * from users ⟨ ¦where nme = 'a'¦where id = $1⟩

prepare q ⟨ ¦(int)¦(int, text)¦(nosuch)⟩ as select * from users where age = $1

declare c cursor for select id, ⟨title¦titel⟩ from posts

copy (select id, ⟨title¦titel⟩ from posts) to stdout

create view v⟨ ¦1 (a)¦2 (a, b)¦3 (a, b, c)⟩ as select id, ⟨title¦titel¦id⟩ from posts

create table t⟨ ¦1 (a)¦2 (a, b, c)⟩ as select id, ⟨title¦titel¦id⟩ from posts

create materialized view mv as select ⟨id, title¦id, id¦idd⟩ from posts where ⟨published¦publishd⟩

select id, title into ⟨backup¦temp backup⟩ from posts where ⟨published¦views⟩
