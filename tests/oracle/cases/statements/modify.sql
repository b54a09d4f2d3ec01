-- INSERT, UPDATE, DELETE, MERGE.
insert into tags ⟨(id, name)¦(name, id)¦(id, nme)¦(id, id)¦(id)¦(id, name, color)¦ ¦(ctid, name)¦(tags.id, name)⟩ values (1, ⟨'a'¦2¦null¦now()¦$1¦default¦lower('A')⟩)

insert into tags (id, name) values ⟨(1)¦(1, 'a', 2)¦(1, 'a'), (2, 'b')¦(1, 'a'), (2)¦('x', 'a')¦('1', 'a')¦($1, $2)¦(1.5, 'a')¦(default, default)¦(1, (select name from tags limit 1))¦(1, (select id, name from tags))¦(count(*), 'a')¦(id, 'a')¦(1, name)¦(99999, 'a')¦(1::bigint, 'a')¦(1, true)¦(1, array['a'])¦(now(), 'a')¦(1, 'a'), ('x', 'b')¦(1, 'a'), (2, 3)¦(generate_series(1, 2), 'a')⟩

insert into users (id, email, name, role, age, tags, settings) values (⟨gen_random_uuid()¦'x'¦1¦$1¦default⟩, ⟨'a@b'¦1¦$2¦null⟩, ⟨'n'¦5⟩, ⟨'admin'¦'boss'¦$3⟩, ⟨1¦'1'¦'x'¦1.5¦$4⟩, ⟨'{a}'¦array['a']¦array[1]¦'a'⟩, ⟨'{}'¦'x'¦'{"a":1}'::json¦to_jsonb(1)⟩)

insert into users (email, home) values ('a@b', ⟨row('s', 'c', 'z')¦'(s,c,z)'¦row('s', 'c')¦null¦row(1, 2, 3)¦'x'⟩)

insert into users (email, home.city, home.⟨zip¦nope¦street⟩) values ('a@b', 'c', 'z')

insert into users (email, tags[1]) values ('a@b', ⟨'x'¦1¦array['x']⟩)

insert into posts (author_id, title, slug) values ($1, $2, $3) returning ⟨id¦*¦id, title as t¦posts.id¦nope¦old.id, new.id¦p.id¦count(*)¦now()¦views + 1¦search⟩

insert into posts (⟨id, ¦search, ¦views, ⟩author_id, title, slug) ⟨overriding system value¦overriding user value¦ ⟩ values (⟨1¦default¦null⟩, $1, 'a', 'b')

insert into posts as p (author_id, title, slug) select u.id, ⟨u.name¦u.nme¦u.age¦'x'¦$1¦1⟩, 'slug' from users u where ⟨u.age > 1¦p.id = 1¦posts.id = 1⟩ returning ⟨p.id¦posts.id¦u.id¦title⟩

insert into comments (post_id, body, author_id) select ⟨id, title, author_id from posts¦id, title from posts¦id, views, author_id from posts¦id, title, author_id, 1 from posts¦* from posts¦1, 'x', null¦1, 'x', 'y'¦'1', 'b', null union select 2, 'c', null¦id, body, id from posts¦id, 'x', author_id from posts group by id¦count(*), 'x', author_id from posts group by 3⟩

insert into products (sku, name, price, stock, weight, available, dimensions, attributes, active) values (⟨'s'¦1⟩, 'n', ⟨1.5¦'1.5'¦'x'¦1¦'1'::money¦1::float8⟩, ⟨1¦1.5¦'1'¦'a'⟩, ⟨1¦1.5¦'x'⟩, ⟨'[2024-01-01,2024-02-01)'¦'x'¦daterange('2024-01-01', null)⟩, ⟨'{1,2}'¦array[1, 2]¦array['a']⟩, ⟨'{}'¦'{'¦null⟩, ⟨true¦'yes'¦1¦'x'⟩)

insert into products (id, sku, name, price, discount) values (⟨1¦default⟩, 's', 'n', 1, ⟨default¦1⟩)

insert into products default values

insert into sessions (token, user_id, expires_at, data, valid) values ('t', $1, ⟨now()¦'2024-01-01'¦'x'¦current_date¦1⟩, ⟨'\x01'¦'a'¦1⟩, ⟨'1 day'¦interval '1 day'¦'x'¦1⟩)

insert into order_items values ⟨(1, 1, 1, 1, 1)¦(1, 1, 1, 1)¦(1, 1, 1, 1, 1, 1)¦(1, 1, 1, 'x', 1)¦(1, 1, 1, 1.5, 1)¦($1, $2, $3, $4, $5)¦(default, 1, 1, 1, 1)⟩

insert into ⟨nosuch¦audit.users¦public.tagz¦published_posts¦post_counts¦invoice_numbers⟩ (id) values (1)

insert into tags (id, name) values (1, 'a') on conflict ⟨do nothing¦(id) do nothing¦(id) do update set name = excluded.name¦(id) do update set name = name¦(id) do update set name = tags.name¦(id) do update set nme = 'x'¦(id) do update set name = excluded.nme¦(id) do update set name = 1¦(id) do update set name = $1 where tags.id > 1¦(id) do update set name = 'x' where excluded.id¦(name) do nothing¦(nope) do nothing¦(id, name) do nothing¦do update set name = 'a'¦on constraint tags_pkey do nothing¦on constraint tags_pky do nothing¦(lower(name)) do nothing¦(id) do update set id = excluded.id, name = upper(excluded.name) returning id, name¦(id) do update set (id, name) = (1, 'x')¦(id) do update set (id, name) = (1)¦(id) do update set name = default¦(id) where id > 1 do nothing¦(tags.id) do nothing¦(excluded.id) do nothing⟩

insert into users (email) values ('a@b') on conflict (⟨email¦id¦name¦email, id⟩) do update set ⟨name = excluded.name, age = users.age + 1¦role = 'admin'¦role = 'x'¦settings = users.settings || excluded.settings¦tags = array_append(users.tags, 'x')¦age = age + 1¦age = excluded.agee¦deleted_at = now()⟩ returning ⟨id¦(xmax = 0) as inserted¦excluded.id¦*⟩

insert into products (sku, name, price) values ('a', 'b', 1) on conflict (⟨sku¦lower(name)¦name¦id¦price⟩) ⟨where active¦ ⟩ do nothing

insert into post_tags (post_id, tag_id) values (1, 2) on conflict (⟨post_id, tag_id¦tag_id, post_id¦post_id¦tag_id⟩) do nothing

insert into orders (user_id, status, "giftWrap", ⟨ship_to¦note¦total¦giftWrap⟩) values ($1, 'paid', true, ⟨row('a', 'b', 'c')¦'x'¦1¦default⟩)

update posts set ⟨title = 'a'¦title = 1¦title = null¦titel = 'a'¦views = views + 1¦views = 'x'¦views = title¦views = '5'¦published = true¦published = 'yes'¦published = 1¦published_at = now()¦published_at = 'x'¦rating = 4.5¦rating = 'x'¦labels = '{a}'¦labels = array['a']¦labels[1] = 'a'¦labels[1] = 2¦labels['x'] = 'a'¦meta = '{}'¦meta = '{'¦meta = '{}'::jsonb¦id = 1¦id = default¦search = 'x'¦search = default¦title = default¦title = 'a', title = 'b'¦(title, views) = ('a', 1)¦(title, views) = ('a', 'x')¦(title, views) = ('a')¦(title, views) = (select name, age from users limit 1)¦(title, views) = (select name from users limit 1)¦(title, views) = row('a', default)¦posts.title = 'a'¦title = $1, views = $2¦title = upper(posts.title)¦title = p.title¦title = max(title)¦title = (select name from users where id = author_id)¦title = (select name from users where id = nope)¦views = rank() over ()¦ctid = '(0,1)'¦author_id = $1¦author_id = 'x'¦category_id = (select id from categories limit 1)¦category_id = (select slug from categories limit 1)¦views = generate_series(1, 2)⟩ where id = ⟨1¦$3⟩

update posts p set title = ⟨'x'¦u.name¦u.age¦p.title || u.name⟩ from users u where u.id = p.author_id ⟨ ¦and posts.id = 1¦and u.nope = 1¦returning p.id, u.name¦returning *¦returning posts.id¦returning old.title, new.title¦and id = 1⟩

update users set home.city = ⟨'x'¦1¦null⟩, settings['a'] = ⟨'1'¦'x'¦to_jsonb(1)⟩ where id = $1

update users set home.⟨nope¦zip⟩ = 'x', tags[2:3] = ⟨'{a,b}'¦array['a']¦'a'⟩

update users u set name = x.n from ⟨(select id, title as n from posts) x¦lateral (select u.name as n) x¦(values (1, 'a')) x(id, n)¦posts x¦users u⟩ where ⟨x.id = 1¦true⟩

update ⟨nosuch¦published_posts¦audit.events¦audit.nosuch⟩ set ⟨actor = 'x'¦kind = 'y'¦payload = '{}'¦nope = 1⟩

update orders set status = ⟨'paid'¦'x'¦$1¦status¦null¦note⟩, "giftWrap" = ⟨false¦not "giftWrap"¦giftWrap⟩, ship_to = ⟨null¦row('a', 'b', 'c')⟩ where total > ⟨10¦'10'¦'x'¦$2⟩ returning id, ⟨status¦total::text¦nope¦(ship_to).city⟩

delete from comments where ⟨id = 1¦id = 'x'¦score¦post_id in (select id from posts)¦post_id = posts.id¦nope = 1¦created_at < now() - interval '30 days'¦comments.id = $1¦c.id = 1¦current of cur⟩ ⟨ ¦returning id¦returning *¦returning nope¦returning old.body, new.body⟩

delete from comments c using posts p ⟨where p.id = c.post_id¦where p.id = comments.post_id¦where id = 1¦where p.id = c.post_id and author_id = $1¦where p.nope = 1¦where p.id = c.post_id returning c.id, p.title¦where p.id = c.post_id returning id⟩

delete from ⟨nosuch¦only tags¦tags t where t.id = 1¦tags as t where tags.id = 1¦audit.events where at < now()¦tags, posts⟩

merge into tags t using (values (1, 'a')) v(id, name) on ⟨t.id = v.id¦t.id = v.name¦t.id¦tags.id = v.id¦true⟩ when matched then ⟨update set name = v.name¦update set nme = v.name¦update set name = 1¦delete¦do nothing¦update set name = v.nope⟩ when not matched then ⟨insert (id, name) values (v.id, v.name)¦insert values (v.id, v.name)¦insert (id, name) values (v.id)¦insert (id, nope) values (1, 'x')¦insert (id, name) values (t.id, 'x')¦do nothing¦insert (id, name) values ('x', v.name)¦insert default values⟩

merge into products p using order_items i on i.product_id = p.id when matched and ⟨i.quantity > 1¦p.stock¦nope > 1⟩ then update set stock = p.stock - ⟨i.quantity¦i.unit_price¦1¦'x'⟩ when not matched by source then ⟨delete¦update set stock = 0¦update set stock = i.quantity⟩ ⟨ ¦returning merge_action(), p.id¦returning *¦returning i.line¦returning nope⟩

merge into tags using tags on true when matched then delete

merge into nosuch using tags t on nosuch.id = t.id when matched then delete
