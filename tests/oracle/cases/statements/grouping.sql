-- Aggregates, GROUP BY, HAVING, windows.
select ⟨count(*)¦count(id)¦count(distinct author_id)¦sum(views)¦avg(views)¦max(title)¦min(published_at)¦sum(title)¦avg(published)¦bool_and(published)¦bool_and(views)¦string_agg(title, ',')¦string_agg(title)¦string_agg(views, ',')¦string_agg(title, ',' order by views)¦array_agg(title)¦array_agg(labels)¦array_agg(distinct title order by title)¦array_agg(distinct title order by views)¦json_agg(posts)¦jsonb_agg(title)¦json_object_agg(slug, title)¦jsonb_object_agg(id, views)¦count(*) filter (where published)¦count(*) filter (where views)¦sum(views) filter (where count(*) > 1)¦count(count(*))¦sum(max(views))¦count(*) + 1¦max(views) - min(views)¦percentile_cont(0.5) within group (order by views)¦percentile_cont(0.5)¦percentile_disc('x') within group (order by views)¦mode() within group (order by title)¦count()¦count(1, 2)¦sum(*)¦lower(count(*))¦max(lower(title))¦nosuch_agg(views)¦sum(distinct views)¦lower(distinct title)¦count(*) over ()¦sum(views) within group (order by views)¦every(published)¦bit_or(views)¦stddev(views)¦corr(views, id)¦sum(rating)¦sum(id)¦avg(rating)¦max(author_id)¦min(published)¦array_agg(meta)¦count(meta)¦count(distinct meta)⟩ from posts

select author_id, ⟨count(*)¦title¦max(title)¦title, count(*)¦lower(title)¦views + 1¦views + count(*)¦(select 1)¦(select title)¦(select max(u.age) from users u where u.id = author_id)¦(select u.name from users u where u.id::text = title)¦case when published then 1 end¦coalesce(max(title), slug)¦author_id::text¦1¦'x'¦$1¦count(*) filter (where published)¦array_agg(title order by slug)¦posts¦posts.*¦*⟩ from posts group by ⟨author_id¦posts.author_id¦1¦author_id, title¦author_id, views¦lower(title), author_id¦id¦posts.id, author_id⟩

select u.⟨id¦name¦email¦*⟩, count(p.id) from users u left join posts p on p.author_id = u.id group by ⟨u.id¦u.email¦u.id, p.id¦p.author_id¦u.name, u.email, u.id¦u¦1⟩

select date_trunc('⟨day¦month⟩', created_at) as d, count(*) from users group by ⟨1¦d¦date_trunc('day', created_at)¦date_trunc('month', created_at)¦created_at¦date_trunc('day', users.created_at)⟩ order by ⟨1¦d¦2 desc¦count(*)¦created_at¦date_trunc('day', created_at)¦max(created_at)¦age⟩

select title from posts ⟨having true¦having count(*) > 1¦having title = 'a'¦group by title having count(*) > 1¦group by title having views > 1¦group by title having count(*)¦group by title having max(views) > 'x'¦group by title having lower(title) = 'a'¦group by title having sum(views) > $1¦group by title having count(*) filter (where published) > 0⟩

select count(*) from posts ⟨where count(*) > 1¦where max(views) > 1¦join users u on count(*) = 1¦group by count(*)¦group by max(title)¦order by count(*)¦order by title¦order by max(title)¦limit count(*)¦where id = (select max(id) from comments)¦where id = (select max(posts.id))¦group by 1¦group by rank() over ()⟩

select author_id, category_id, count(*), grouping(author_id) from posts group by ⟨rollup (author_id, category_id)¦cube (author_id, category_id)¦grouping sets ((author_id), (category_id), ())¦grouping sets ((author_id, category_id))¦author_id, rollup (category_id)¦rollup (author_id)¦grouping sets ((category_id), ())¦()⟩

select grouping(⟨title¦author_id¦author_id, title⟩) from posts group by ⟨author_id¦author_id, title⟩

select p.title, c.title, count(*) from posts p join categories c on c.id = p.category_id group by ⟨p.id, c.id¦p.id, c.title¦p.id¦c.id¦p.title, c.title¦p.title, c.slug¦1, 2¦title¦p.title, 2⟩

select order_id, line, sum(quantity), ⟨unit_price¦product_id¦max(unit_price)⟩ from order_items group by ⟨order_id, line¦order_id¦line, order_id⟩

select id, title, ⟨row_number() over ()¦row_number()¦rank() over (order by views)¦rank() over (partition by author_id order by views desc)¦rank() over w¦sum(views) over (order by id)¦sum(views) over (partition by nosuch)¦lag(title) over (order by id)¦lag(title, 1, 'x') over (order by id)¦lag(title, 1, 2) over (order by id)¦lag(views, 1, 0) over (order by id)¦first_value(title) over (order by id)¦ntile(4) over (order by id)¦ntile('x') over (order by id)¦count(*) over (partition by published)¦avg(views) over (order by id rows between 1 preceding and current row)¦avg(views) over (order by id rows between views preceding and current row)¦lower(title) over ()¦sum(row_number() over ()) over ()¦count(*) filter (where published) over ()¦row_number() filter (where published) over ()¦sum(count(*)) over ()¦max(title) over (order by 'a')¦dense_rank() over (order by 1)¦array_agg(title) over (order by id)¦string_agg(distinct title, ',') over ()⟩ from posts

select id, rank() over ⟨w¦(w)¦(w order by id)¦(w partition by id)¦x¦(x)¦(w rows unbounded preceding)⟩ from posts window w as ⟨(partition by author_id)¦(order by views)¦(partition by author_id order by nosuch)¦(order by meta)⟩

select id from posts ⟨where rank() over () = 1¦having rank() over () > 1¦order by rank() over (order by views)¦group by rank() over ()¦limit rank() over ()¦where id in (select rank() over () from posts)⟩

select author_id, sum(views), rank() over (order by ⟨sum(views)¦views¦author_id¦count(*) desc¦title⟩) from posts group by author_id

select author_id, sum(sum(views)) over (⟨order by author_id¦partition by author_id¦order by title¦ ⟩) from posts group by author_id

select count(*) from users u where exists (select 1 from posts p where p.author_id = u.id having ⟨count(*) > 1¦sum(p.views) > u.age¦p.id > 1¦count(u.id) > 1⟩)

select (select ⟨count(u.id)¦max(u.age)¦max(p.views)¦u.name¦max(u.name) || p.title⟩ from posts p limit 1) from users u

select (select sum(p.views) from posts p where p.author_id = u.id and p.views > ⟨avg(u.age)¦u.age¦max(p.views)⟩) from users u

select role, count(*) from users group by role having count(*) > ⟨1¦'1'¦'x'¦age¦(select 2)¦(select 'x')¦null¦$1⟩ order by ⟨count desc¦role¦2, 1¦age¦count(*) / 2¦max(age)⟩

select ⟨distinct role, count(*) over ()¦distinct on (role) role, age¦distinct count(*)¦role, age⟩ from users ⟨group by role¦group by role, age¦order by role, age¦order by age⟩

select generate_series(1, 3), ⟨unnest(array['a'])¦unnest(tags)¦count(*)¦id¦sum(generate_series(1, 2))¦case when true then generate_series(1, 2) end¦coalesce(generate_series(1, 2), 1)¦generate_series(1, generate_series(1, 2))⟩ from users

select id from users where ⟨generate_series(1, 2) = 1¦unnest(tags) = 'a'¦age in (select generate_series(1, 2))¦exists (select unnest(tags))⟩
