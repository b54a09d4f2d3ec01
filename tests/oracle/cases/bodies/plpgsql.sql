-- PL/pgSQL: a function, and what calls it. Every statement of the body is reached. See tests/bodies.rs.

create function f(a integer, b text) returns ⟨integer¦text¦void¦record¦uuid⟩ language plpgsql as $$ begin perform ⟨1¦a¦b¦f.a¦$1¦nope¦id from posts where id = a¦id from post¦count(*) from users where name = b¦* from users where nam = b¦a || b¦a + b¦length(b)¦length(a)¦length(c)¦f.c¦now() where a > 1¦$3⟩; return null; end $$; select f(1, 'x')

create function f() returns integer language plpgsql as $$ declare n integer := ⟨1¦(select count(*) from users)¦nope¦(select count(*) from nope)¦count(*) from users¦'1'¦now()¦length('x')⟩; m n%type; r posts%rowtype; s posts.title%type; t text[]; x record; begin select ⟨id, title¦id, titel¦max(id), 'x'¦posts.id, p.title¦count(*), n⟩ into n, s from posts; ⟨n := n + 1¦n = nope + 1¦m := m || 'x'¦r.title := 'x' || s¦r.title := r.titel¦t[1] := s¦t := array_append(t, s)¦t := array_append(t, 1)¦n := (select count(*) from users u where u.name = s)¦n := (select count(*) from users u where u.nam = s)¦n := length(r.title)¦n := length(n)¦m := coalesce(n, s)¦m := n¦select * into x from users¦select * into strict r from posts where id = n limit 0¦select u.id into x from users u where u.emial = s⟩; return 1; end $$; select f()

create function f() returns void language plpgsql as $$ <<blk>> declare v integer := 1; w text; begin declare v text := 'x'; begin w := ⟨v¦blk.v¦blk.w¦inner.v¦v || blk.v¦v + 1¦blk.nope¦upper(v)¦upper(blk.v)⟩; end; insert into tags (id, name) values (⟨v, w¦v, v¦nope, w¦v, x¦v, blk.w⟩) on conflict do nothing; update tags set ⟨name = w¦nam = w¦name = v¦id = w¦name = nope¦name = blk.w || v⟩ where ⟨id = v¦id = w¦ids = v¦id = blk.v¦id = other.v⟩; end $$; select f()

create function f() returns table (id integer, title text) language plpgsql as $$ begin return query ⟨select 1, 'x'::text¦select p.id, p.title from posts p¦select id, p.title from posts p¦select p.id, title from posts p¦select p.id, p.titel from posts p¦select p.id, p.title from post p¦select p.id, p.title from posts p order by id¦select p.id, p.title from posts p where p.id = id¦values (1, 'x'::text)¦delete from posts p returning p.id, p.title¦delete from posts returning posts.id, posts.title¦with q as (select 1 as n) select n, 'x'::text from q⟩; end $$; select * from f()

create function f() returns trigger language plpgsql as $$ begin new.name := ⟨upper(new.name)¦old.nam || 'x'¦tg_op¦tg_table_name¦nope¦(select title from posts where id = new.id)¦(select titel from posts where id = new.id)¦tg_argv[0]¦tg_nope¦lower(tg_op || tg_nargs)¦lower(tg_nargs)⟩; ⟨insert into audit.events (kind, actor) values ('x', tg_op)¦insert into audit.event (kind) values ('x')¦insert into audit.events (kin) values ('x')¦perform 1 from users where id = new.id¦perform 1 from posts where posts.id = new.id and titel = 'x'⟩; return new; end $$; create trigger t before insert on tags for each row execute function f('a'); insert into tags values (1, 'x')

do $$ declare r record; n integer; c cursor (k integer) for select * from tags where id = k; begin for r in ⟨select 1 as id, 'x' as name¦select 1 as id from (values (1)) v(a) where a = nope¦select * from nope¦values (1)⟩ loop n := ⟨1¦r.id¦nope¦r.id + 1 + n¦(select max(id) from tags)¦(select max(idd) from tags)⟩; end loop; for i in 1..⟨2¦n¦nope¦length('x')¦length(i)⟩ loop perform i, ⟨i + 1¦i || 'x'¦j¦lower(i)⟩; end loop; open c(1); close c; while ⟨false¦nope¦n is null and n > 1¦exists (select 1 from tags where id = 0)¦exists (select 1 from tag where id = 0)⟩ loop n := 1; end loop; end $$

do $$ declare a int[] := array[1, 2]; x int; b alias for x; begin foreach x in array ⟨a¦array[1]¦nope¦a || 3¦a || 'x'::text⟩ loop raise notice '% %', ⟨x, a¦x, b¦x, nope¦x, lower(x)¦x + 1, (select count(*) from tags)¦x, (select count(*) from tag)⟩ using hint = ⟨'x'¦x::text¦nope¦lower('x')⟩; end loop; if ⟨x > 5¦nope > 1¦x > 5 and found¦x > 5 and not found¦x = any(a) and x > 5¦x = any(nope)¦exists (select from tags where name = x)¦lower(x) = 'x'⟩ then perform 1; elsif ⟨b = 2¦nopes > 1¦b in (select id from tags)⟩ then null; end if; case ⟨x when 1 then null; when 2, 3¦x when nope¦when x = 2¦when nope = 1⟩ then null; else null; end case; end $$

do $$ begin insert into tags values (1, 'x'); begin ⟨perform nope()¦perform 1 from nope¦perform nope from tags¦insert into nope values (1)⟩; exception when ⟨others¦undefined_table or undefined_function or undefined_column⟩ then raise notice '%', ⟨sqlerrm¦sqlstate || sqlerrm¦nope⟩; end; end $$

do $$ begin create temp table scratch (a integer); insert into scratch values (1); perform a from scratch; drop table scratch; execute 'create temp table other (b int)'; insert into other values (1); perform ⟨b from other¦nope from other⟩; alter table tags add column extra integer; update tags set ⟨extra = 1¦extras = 1⟩; end $$

create function f(p posts, inout n integer default 1, out s text) language plpgsql as $$ declare q constant integer not null default 3; begin s := ⟨p.title¦p.titel¦f.p¦f.n¦p.title || n¦n + q¦q || nope¦f.s¦f.q¦(p).title¦$1¦$2 + 1¦$3¦$4⟩; n := ⟨n + q¦length(p.title)¦length(p.id)¦f.n + f.nope¦(select t.id from tags t where t.id = n limit 1)¦(select t.id from tags t where t.idd = n limit 1)⟩; end $$; select f(p) from (select null::posts as p) x

create procedure f(a integer) language plpgsql as $$ begin insert into tags (id, name) values (a, ⟨'x'¦a¦nope¦f.a¦b⟩) ⟨on conflict (id) do update set name = excluded.name¦on conflict (name) do nothing¦on conflict (id) do update set name = excluded.nam¦returning id into a¦returning idd into a⟩; merge into tags t using (values (1, 'x')) v(id, name) on t.id = v.id when matched then update set name = ⟨v.name¦v.nam¦a::text¦b⟩ when not matched then insert values (v.id, v.name); end $$; call f(1)

do $$ declare c cursor for select * from tags for update; r tags%rowtype; begin insert into tags values (1, 'x'); <<each>> for r in c loop continue each when ⟨r.name <> 'x'¦each.r.name <> 'x'¦other.r.name <> 'x'¦nope⟩; update tags set name = ⟨each.r.name || r.name¦each.s.name¦nope.r.name¦each.r.name || tags.name⟩ where current of c; end loop each; <<num>> for i in 1..2 loop perform ⟨num.i¦num.j¦each.i¦i + num.i⟩; end loop; end $$

create function f() returns setof ⟨users¦text¦integer⟩ language plpgsql as $$ begin return query ⟨select * from users¦select name from users¦select id from users¦select 1, 'x'¦select 'x'¦select 1::bigint¦select count(*) from users¦delete from users where false returning users.*¦delete from users where false returning name⟩; end $$; do $$ begin perform f(); end $$

create function f() returns table (a integer, b text) language plpgsql as $$ begin return query ⟨select 1, 'x'¦select 1, 'x'::varchar¦select 1::bigint, 'x'¦select 1¦select 1, 'x', 2¦select u.id, u.name from users u¦select u.name, u.id from users u¦values (1, 'x')¦values (1, null)¦select null, null⟩; end $$; select * from f()

do $$ declare n integer; begin ⟨select 1¦select 1 into n¦perform 1¦with q as (select 1) select * from q¦values (1)¦insert into tags values (7, 'x')¦insert into tags values (7, 'x') returning id¦insert into tags values (7, 'x') returning id into n¦update tags set name = 'x' returning name¦delete from tags where false returning 1¦with q as (delete from tags where false returning id) insert into tags select q.id, 'x' from q¦merge into tags t using tags s on t.id = s.id when matched then do nothing returning t.id⟩; end $$

do $$ declare u tags%rowtype; p tags; n integer; begin n := ⟨u.id¦u.idd¦p.id + u.id¦p.nope¦length(u.name)¦length(u.nome)¦u.tags⟩; perform ⟨1 from tags where id = u.id¦1 from tags where id = u.idd¦u.name from users u¦u.tags from users u limit 1¦(u).id¦(u).idd⟩; end $$

create procedure g(a text, b integer, inout c integer default null) language plpgsql as $$ begin c := b; end $$; do $$ declare t integer; u smallint; k constant integer := 1; begin call g(⟨'x', 1, t¦'x', 1, 5¦'x', 1¦'x', 1, null¦'x', 1, t + 0¦'x', 1, (t)¦'x', 1, u¦a => 'x', b => 1, c => t¦c => 5, a => 'x', b => 1¦'x', now(), t¦'x', '2024-01-01', t¦1, 1, t¦'x', t¦'x', t, t⟩); end $$

do $$ begin create temp table scratch (a integer, b text); insert into scratch values (1, 'x'); perform ⟨a¦b¦c¦a || b¦a + b¦scratch.a¦scratch.nope¦lower(a)¦lower(b)⟩ from scratch; ⟨drop table scratch¦alter table scratch rename a to z¦alter table scratch add column c date¦truncate scratch⟩; perform ⟨a¦z¦c¦b⟩ from scratch; end $$

create function f(p integer) returns integer language plpgsql as $$ declare n integer; begin create temp table picked on commit drop as select id, name as label, p as given from tags; select ⟨count(*)¦max(id)¦max(given)¦max(length(label))¦max(name)¦max(nope)¦max(length(given))⟩ into n from picked; return n; end $$; select f(1)

do $$ begin if not exists (select from tags) then create temp table scratch (a integer); end if; insert into scratch values (⟨1¦'x'¦now()⟩); perform ⟨a¦nope⟩ from scratch; end $$

do $$ declare k integer := 1; s text := 'a'; begin case ⟨k¦s¦k + 1⟩ when ⟨1¦'1'¦'one'¦s¦k¦2, 3¦'2', 'x'¦now()⟩ then null; else null; end case; end $$

do $$ declare a integer[] := '{1}'; n integer := 3; t text := '{1}'; x integer; begin foreach x in array ⟨a¦n¦'{1,2}'¦t¦array[1]¦a[1]¦string_to_array(t, ',')::integer[]⟩ loop null; end loop; end $$

do $$ declare r record; s record; begin ⟨select 1 as id into s¦r := row(1)¦s.id := 1¦select 1 as id into r¦null⟩; perform ⟨s.id¦r.id¦r¦s⟩; end $$

do $$ declare k constant integer := 1; n integer; begin ⟨n := k¦k := 2¦select 1 into k¦select 1 into n¦declare k integer; begin k := 2; end¦n := 1, 2¦n := id, name from tags¦n := (select 1)¦n := max(id) from tags⟩; end $$

do $$ declare c cursor for select id, name from tags; d cursor (k integer) for select title from posts where id = k; r record; begin insert into tags values (1, 'x'); for x in c loop perform ⟨x.id¦x.name¦x.title¦x.nope¦lower(x.name)⟩; end loop; open c; fetch c into r; perform ⟨r.id¦r.title¦r.name || 'x'⟩; close c; end $$
