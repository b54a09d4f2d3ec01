-- WITH, recursion, set operations.
with x as (select id, title from posts) select ⟨*¦id¦x.title¦y.title¦x.views¦t⟩ from x ⟨ ¦where id = 1¦where id = 'a'¦join comments c on c.post_id = x.id¦x2¦as x(a, b)⟩

with x (a, b) as (select id, title from posts), y as (select a from ⟨x¦z¦y¦posts⟩) select ⟨y.a¦x.a, x.b¦x.id¦a¦*⟩ from x, y

with x as (select 1), x as (select 2) select * from x

with x (a, b, c) as (select 1, 2) select * from x

with x (a) as (select 1, 2) select * from x

with a as (select * from b), b as (select 1) select * from a

with recursive a as (select * from b), b as (select 1 as n) select * from a

with recursive t(n) as (⟨select 1¦values (1)¦select 1::bigint¦select '1'¦select 1.5¦select $1¦select n from t¦select 1, 2⟩ union ⟨all¦ ⟩ ⟨select n + 1 from t where n < 10¦select n from t¦select n || 'x' from t¦select n + 1.5 from t¦select m from t¦select 1, 2 from t¦select 'x' from t⟩) select ⟨*¦n¦sum(n)¦m⟩ from t

with recursive tree as (select id, parent_id, title, 1 as depth from categories where parent_id is null union all select c.id, c.parent_id, c.title, tree.depth + 1 from categories c join tree on tree.⟨id = c.parent_id¦ids = c.parent_id¦id = c.slug⟩) select ⟨*¦id, depth¦path¦max(depth)⟩ from tree ⟨ ¦order by depth¦where depth < 3¦order by path⟩

with recursive tree as (select id, array[id] as path from categories union all select c.id, path || c.id from categories c, tree where c.parent_id = tree.id) select ⟨path¦path[1]¦cardinality(path)¦title⟩ from tree

with recursive t as (select * from t) select * from t

with recursive t as (select 1 as n union all select n + 1 from t where n < 5) search depth first by n set o select n, ⟨o¦p⟩ from t

with recursive t as (select 1 as n union all select n + 1 from t where n < 5) cycle n set is_cycle using path select n, ⟨is_cycle¦path¦p⟩ from t

with d as (delete from comments where score < 0 returning ⟨*¦id¦post_id, body¦nope⟩) select ⟨*¦count(*)¦id¦d.post_id⟩ from d

with i as (insert into tags (id, name) values (1, 'a') returning id), u as (update posts set views = views + 1 where id = 1 returning id, views) select i.id, u.⟨views¦id¦title⟩ from i, u

with i as (insert into tags (id, name) values (1, 'a')) select * from ⟨i¦tags⟩

select * from (with x as (delete from tags returning *) select * from x) y

with x as (select 1 as a) select * from (with x as (select 2 as b) select * from x) y, x where ⟨y.b = x.a¦y.a = 1¦b = a⟩

with x as materialized (select * from users) select ⟨name¦nme⟩ from x

with m as (select max(views) as mv from posts) select p.id from posts p, m where p.views = ⟨m.mv¦mv¦m.max¦m⟩

with x as (select id from posts) ⟨insert into post_tags select id, 1 from x¦insert into post_tags select x.id, x.idd from x¦update posts set views = 0 where id in (select id from x)¦update posts set views = 0 from x where x.id = posts.id¦delete from posts where id in (select id from x)¦delete from posts using x where x.id = posts.id¦delete from x¦insert into x values (1)⟩

select id ⟨union¦union all¦intersect¦except⟩ select ⟨id from comments¦body from comments¦1¦'x'¦null¦'1'¦1.5¦now()¦$1⟩

select id from posts ⟨union¦union all¦intersect¦except⟩ select ⟨id from comments¦post_id from comments¦body from comments¦1¦'x'¦null¦'1'¦1.5¦now()¦$1¦id, post_id from comments¦*⟩

select id, title from posts union select id, body from comments ⟨order by id¦order by 1, 2¦order by title¦order by body¦order by id + 1¦order by posts.id¦order by 3¦limit 1¦order by lower(title)¦for update⟩

select ⟨'a'¦null¦1¦$1¦now()¦'{}'::jsonb¦'{}'::json¦title⟩ as c, 1 from posts union ⟨all¦ ⟩ select ⟨'b'¦null¦2.5¦'x'¦$1¦meta¦title¦null::date¦published_at⟩, 2 from posts

(select id from posts order by id limit 1) union all (select id from comments order by ⟨id¦created_at¦nope⟩ limit 1) ⟨ ¦order by 1¦order by id¦order by x⟩

select 1 as a, 'x' as b union select 2, 'y' union ⟨select 3, 'z'¦select '4', 5¦select 'q', 'r'¦select 5¦values (1, '2')¦(select 1, 'x' union all select 2, 'y')⟩

select * from (select 1 as a union select 2) x where ⟨a = 1¦x.a = 'b'¦b = 1⟩

select * from (select 'a' as s union all select 'b') x where s ⟨= 'c'¦= 1¦|| 'd' = 'e'⟩

select title from posts where id in (select post_id from comments union select ⟨id from orders¦name from tags¦1⟩)

select null union select null ⟨union select 1¦union select 'a'¦ ⟩
