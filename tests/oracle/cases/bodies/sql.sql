-- Functions and procedures in SQL, right and wrong ones. See tests/bodies.rs.

create function f(a integer, b text) returns ⟨integer¦bigint¦text¦numeric¦varchar(3)¦void¦boolean¦uuid¦users¦setof integer¦record⟩ language sql as $$ select ⟨a¦b¦$1¦f.a¦$2¦f.b¦1¦'x'¦null¦a + 1¦count(*) from users¦id from posts⟩ $$

create function f(a integer, text, ⟨c date¦c posts¦c order_status¦c integer[]⟩) returns text language sql as $$ select ⟨c¦$3::text¦$2¦$4¦f.c¦c.title¦f.c.title¦f.d¦g.c¦(c).title¦c[1]¦$3.title¦d⟩ $$

create function f(id integer, title text) returns ⟨integer¦text¦posts¦setof posts⟩ language sql stable as $$ select ⟨id¦title¦posts.title¦f.id¦*¦posts¦p.*¦posts.*¦f.*⟩ from posts ⟨where posts.id = f.id¦where id = $1¦p where p.id = f.id¦⟩ $$

create function f() returns ⟨users¦setof users¦record¦address¦setof record¦comments⟩ language sql as $$ select ⟨*¦id, email¦u¦u.*, 1¦row(1, 2)¦u.home¦(u.home).*¦'a', 'b', 'c'¦1, 2, 3¦id, email, name, role, age, tags, settings, home, created_at, deleted_at¦id, email, name, role, age, tags, settings, home, created_at, 1⟩ from users u $$

create function f(⟨out a integer, out b text¦inout a integer, out b text¦a integer, out b text¦out a bigint¦inout a integer¦out a integer, out integer¦out users¦a integer, out b integer, out c date⟩) language sql as $$ select ⟨1, 'x'¦1, 'x'::text¦1¦'x'¦a, 'x'¦'x', 1¦1, 2, 3¦null, null¦now(), now()¦count(*), max(name) from users¦* from users⟩ $$

create function f() returns table (⟨id integer, title text¦id uuid, name text¦n bigint¦id integer, title varchar, views bigint⟩) language sql as $$ select ⟨p.id, p.title from posts p¦id, title from posts¦u.id, u.name from users u¦count(*) from posts¦p.id, p.title, p.views from posts p¦p.* from posts p¦1 from users group by id¦count(*), 1 from users⟩ $$

create function f(a integer) returns ⟨integer¦void¦posts¦setof integer¦bigint¦text¦setof posts⟩ language sql as $$ ⟨insert into posts (author_id, title, slug) values (gen_random_uuid(), 'x', 'y')¦update posts set title = a where id = a¦update posts set title = 'x' where id = a¦delete from posts where id = f.a¦delete from posts p using users u where u.id = p.author_id and p.id = a¦update posts set title = $1::text⟩ ⟨returning id¦returning *¦returning posts¦returning id, title¦¦returning a⟩ $$

create function f(a text, b integer default 3) returns integer language sql as ' select length(''a'' || a) + b ⟨¦from users where name = ''x'' and nope¦from nope¦+ ''y''::int¦ where ''a''''b'' = a and b = c¦;select b¦;select a⟩ '

create function f(a text) returns integer language sql as E'select length(\'it\\\'s\' || ⟨a¦b¦$1¦$2¦a.b⟩)\n ⟨¦from nope¦from users where nopes = 1¦, 2⟩'

create function f() returns integer language sql as $body$ select 1; ⟨select 2¦select 'x'¦insert into tags values (1, 'x')¦insert into tags (id, nam) values (1, 'x')¦select 1 from tag¦update tags set name = 3; select 1¦drop table tags; select 1¦create table q (a int); select a from q¦select * into temp q from tags; select 1¦select 1 as a, 2 as b¦delete from tags returning id¦values (1)¦values (1, 2)¦table tags¦with t as (select 1 as a) select a from t¦with t as (insert into tags values (1, 'x') returning id) select id from t¦explain select 1¦¦-- nothing¦vacuum¦select 1 union select 'x'¦select 1 union select 2 order by 1¦(select 1)¦select¦call nothing()⟩ $body$

create ⟨procedure¦function⟩ f(a integer, b text) language sql as $$ insert into tags values (⟨a, b¦$1, $2¦a, c¦f.a, f.b¦b, a⟩) ⟨¦; select 1¦; select a from nope⟩ $$

create procedure f(a integer, ⟨out b integer¦inout b integer¦b integer¦out b integer, out c text⟩) language sql as $$ select ⟨a¦b¦1, 'x'¦c¦'x'⟩ $$

create function f(a anyelement) returns ⟨anyelement¦text¦integer⟩ language sql as $$ select ⟨a¦nope¦$1¦a from nope¦'x' where⟩ $$

create function f(variadic a integer[]) returns ⟨integer¦bigint¦integer[]⟩ language sql as $$ select ⟨a[1]¦sum(x) from unnest(a) x¦array_length($1, 1)¦a¦a.x¦cardinality(a)⟩ $$

create function f(n integer) returns integer language sql as $$ select case when n <= 1 then 1 else n * ⟨f(n - 1)¦f('x')¦f(n, 1)¦g(n)¦f(n => n - 1)¦f(m => 1)⟩ end $$

create function f(p posts) returns text language sql as $$ select ⟨p.title¦(p).title¦p.nope¦f.p.title¦$1.title¦($1).title¦p.title || users.name from users¦title from posts p where p.id = f.p.id¦posts.title from posts where posts = p¦full_title(p)¦p.full_title⟩ $$

create function f(email text) returns setof users language sql as $$ select * from users ⟨where email = email¦where users.email = f.email¦where email = $1¦where users.email = nope¦where email = f.nope¦u where u.email = email¦order by email¦limit $1¦limit length(email)¦where id = email¦where id = email::uuid⟩ $$

create function f(user_id uuid) returns bigint language sql set search_path = ⟨public¦''¦audit¦pg_catalog¦public, audit¦"$user", public¦pg_temp⟩ as $$ select count(*) from ⟨users¦public.users¦events¦audit.events¦pg_class⟩ $$

create function f(a integer) returns integer ⟨return a + 1¦return 'x'¦return $1¦return f.a¦return b¦return (select count(*)::integer from users)¦return (select count(*) from users)¦return a || 'x'¦return nope(a)¦return f(a)¦return null¦return (select id from nope)¦return $2⟩

create function f(a integer, b text) returns ⟨integer¦text¦posts¦setof posts¦void⟩ ⟨¦language sql⟩ begin atomic ⟨select a¦select $2¦select f.b¦select c¦select * from posts where id = a¦select * from posts where id = f.a¦select * from post¦insert into tags values (a, b); select a¦update posts set title = b where id = a returning id¦delete from posts where nope = a¦select a; select b¦¦select case when a > 1 then a else 2 end¦select 1; select x from users¦select b; delete from tags returning name⟩; end

create procedure f(a integer) begin atomic ⟨insert into tags values (a, 'x')¦insert into tags values (b, 'x')¦delete from tag where id = a¦update tags set name = a¦select 1; update tags set nam = 'x'⟩; ⟨select 1;¦¦return 1;⟩ end

create function f(a date) returns ⟨date¦timestamp¦text¦interval¦integer⟩ immutable strict language sql as $$ select ⟨a + 1¦a - a¦a + interval '1 day'¦a::text¦extract(year from a)¦date_trunc('day', a)¦a || 'x'¦a + a¦to_char(a, 'x')¦'2020-01-01'¦'nope'::date¦nullif(a, 'x')⟩ $$

create function f(a order_status) returns ⟨order_status¦text¦orders⟩ language sql as $$ select ⟨a¦'paid'¦'paid'::order_status¦'nope'::order_status¦status from orders where status = a¦status from orders where status = 'nope'¦o from orders o where o.status = $1¦* from orders where status = f.a¦max(status) from orders¦a = 'paix'⟩ $$

create or replace function full_title(p posts) returns text language sql as $$ select ⟨p.title || ' by ' || u.name from users u where u.id = p.author_id¦p.titel¦u.nam from users u where u.id = p.author_id¦p.title + 1⟩ $$
