-- Joins, USING, NATURAL, LATERAL, subqueries in FROM.
select ⟨*¦u.name, p.title¦id¦u.id, p.id¦author_id¦name, title¦users.name¦p.*¦u.*, 1 as one¦category_id⟩ from users u ⟨join¦left join¦right join¦full join⟩ posts p on ⟨p.author_id = u.id¦author_id = u.id¦p.author_id = id¦p.author_id = u.name¦u.id¦true¦p.author_id = users.id¦p.author_id = x.id⟩

select * from post_tags ⟨join posts using (post_id)¦join tags using (tag_id)¦join tags on tag_id = id¦join post_tags b using (post_id)¦join post_tags b using (post_id, tag_id)¦join post_tags b using (post_id, post_id)¦natural join tags¦natural join post_tags b¦natural left join post_tags b¦join order_items using (line)¦join tags using (nosuch)¦cross join tags¦left join tags on tags.id = tag_id⟩

select ⟨post_id¦a.post_id¦b.post_id¦j.post_id¦*¦a.*¦b.tag_id¦tag_id¦j.*⟩ from post_tags a ⟨join¦left join¦full join¦right join⟩ post_tags b using (post_id) ⟨ ¦as j⟩

select id from posts join comments using (⟨id¦author_id¦body¦id, author_id¦post_id¦title⟩)

select ⟨id¦body¦title¦posts.body¦author_id¦*⟩ from posts full join comments using (id)

select * from (users u join posts p on p.author_id = u.id) ⟨ ¦as j¦join comments c on c.post_id = p.id¦left join comments c on c.post_id = j.id¦as j(a, b)¦join categories c on c.id = p.category_id and c.id = u.age⟩

select ⟨j.name¦j.id¦u.name¦name¦title¦j.title⟩ from (users u join posts p on p.author_id = u.id) as j

select * from users u left join (posts p join comments c on c.post_id = ⟨p.id¦u.id¦posts.id¦id¦p.slug⟩) on p.author_id = u.id

select * from users u, ⟨lateral (select p.title from posts p where p.author_id = u.id) x¦(select p.title from posts p where p.author_id = u.id) x¦(select p.title from posts p where p.author_id = users.id) x¦lateral (select u.name as n) x¦(select name) x¦lateral (select nme) x¦lateral unnest(u.tags) t¦unnest(u.tags) t¦unnest(tags) as t(tag)¦jsonb_each(u.settings)¦jsonb_each_text(u.settings) as e(k, v)¦generate_series(1, u.age) n¦generate_series(1, x.age) n⟩

select * from posts p left join lateral (select c.body from comments c where c.post_id = ⟨p.id¦q.id¦p.pid⟩ limit 1) c on ⟨true¦c.body = p.title¦c.id = 1⟩

select * from posts p ⟨right¦full⟩ join lateral (select c.body from comments c where c.post_id = p.id) c on true

select x.⟨a¦b¦c¦id¦*⟩ from (select id as a, title as b from posts) x where x.a ⟨= 1¦= 'q'¦> b¦in (select id from comments where post_id = x.a)⟩

select s.total, s.n from (select user_id, sum(total) as total, count(*) n from orders group by user_id) s join users u on u.id = s.⟨user_id¦userid¦n⟩

select a.id, b.id, c.id from posts a, posts b, posts c where a.id = b.⟨id¦title¦idd⟩ and b.author_id = c.author_id and a.id < ⟨c.id¦d.id¦id⟩

select p.id from posts p join users u on u.id = p.author_id join categories c on c.id = p.category_id left join comments m on m.post_id = p.id where ⟨c.slug = 'x'¦m.id is null¦slug = 'x'¦u.role = 'admin'¦u.role = 'x'¦parent_id = 1¦m.parent_id = 1¦title = 'a'¦created_at > now()¦m.score > 'x'⟩

select o.id, i.line, pr.name from orders o join order_items i on i.order_id = o.id join products pr on pr.id = i.product_id where ⟨o.status = 'paid'¦o.status = 'payed'¦o.status in ('paid', 'shipped')¦o.status in ('paid', 'lost')¦i.quantity > 1¦i.quantity > 'x'¦pr.price > 10¦pr.price > '10'¦pr.price > 'x'¦pr.available @> current_date¦pr.available @> 'x'¦pr.dimensions[1] > 2¦pr.attributes ->> 'color' = 'red'¦o.placed_at::date = '2024-01-01'¦o.placed_at = 'x'¦o.total = i.unit_price * i.quantity¦price = 1¦unit_price > total⟩

select * from generate_series(1, 3) ⟨ ¦as n¦as t(n)¦with ordinality¦with ordinality as t(a, b)¦with ordinality as t(a, b, c)¦as n where n > 1¦as n where n = 'x'¦as n where n.n > 1¦n order by n¦n order by generate_series⟩

select ⟨generate_series¦n¦g¦ordinality¦*⟩ from generate_series(1, 3) with ordinality as ⟨g¦g(n)¦g(n, i)⟩

select * from ⟨unnest(array[1, 2])¦unnest(array[1, 2]) u¦unnest(array[1, 2], array['a', 'b']) as u(a, b)¦unnest(1)¦unnest('{1}')¦unnest(array[1, 2], 3)¦rows from (generate_series(1, 2), unnest(array['a'])) as r(a, b)¦rows from (generate_series(1, 2), unnest(array['a'])) with ordinality¦recent_posts(now())¦recent_posts('2024-01-01', 5)¦recent_posts('x')¦recent_posts(since => now())¦recent_posts()¦user_stats(gen_random_uuid())¦user_stats('x')¦tag_cloud()¦tag_cloud() t(a)¦tag_cloud() t(a, b, c)¦ids(1, 2)¦ids(1, 2) as i¦any_record()¦any_record() as r(a int, b int)¦any_record() as (a int, b nosuch)¦ids(1, 2) as r(a int)¦recent_posts(now()) as r(a int)¦nosuch(1)¦now()¦now() as t¦lower('X') as l¦current_date¦jsonb_to_recordset('[]') as x(a int, b text)¦jsonb_to_recordset('[]')¦json_each('{}')¦jsonb_array_elements('[1]') with ordinality as e(v, n)¦jsonb_array_elements_text('[1]') t¦regexp_matches('a', 'b') m¦regexp_split_to_table('a b', ' ') w¦string_to_table('a,b', ',') s¦pg_stat_activity¦jsonb_populate_record(null::address, '{}')¦json_populate_recordset(null::tags, '[]')¦coalesce(1, 2) as c⟩

select r.⟨id¦title¦a¦*¦author_id⟩ from recent_posts(now()) r ⟨ ¦where r.published¦where published and views > 1¦join users u on u.id = r.author_id⟩

select (recent_posts(now())).⟨id¦title¦*¦nosuch⟩

select (user_stats(u.id)).⟨n_posts¦*¦n⟩ from users u

select s.n_posts + s.⟨n_comments¦nope⟩ from users u, user_stats(u.id) s

select t.tag, t.weight ⟨+ 1¦|| 'x'¦+ 'a'⟩ from tag_cloud() as t

select j.* from users u, jsonb_to_record(u.settings) as j(⟨theme text, size int¦theme nosuch¦theme text, theme text⟩)

select * from json_table('[{"a": 1}]', '$[*]' columns (⟨a int path '$.a'¦a int path '$.a', b text path '$.b'¦n for ordinality, a text¦a nosuch path '$'⟩)) ⟨ ¦as jt¦jt where a is null¦jt where jt.z = 1⟩

select x.* from xmltable('/r' passing '<r/>'::xml columns ⟨a int path 'a'¦a text path 'a', n for ordinality⟩) x

select v.n, u.name from (values (1, 'a'), (2, 'b')) as v(n, s) ⟨join users u on u.age = v.n¦join users u on u.name = v.n¦left join users u on u.name = v.s¦join users u on u.age = v.m¦cross join users u⟩

select * from users where id = (select author_id from posts where posts.id = ⟨users.age¦users.id¦age¦usr.id⟩ limit 1)

select ⟨old.id¦excluded.id¦new.id⟩ from users

select p.title, (select count(*) from comments c where c.post_id = p.⟨id¦idd¦title⟩) n from posts p order by ⟨n¦n desc, p.title¦m¦2¦3¦count(*)⟩
