-- Parameters, and statements as applications write them.
select ⟨$1::int¦$1 + 1¦1 + $1¦$1 || 'a'¦$1 + $2¦$1 = $2¦$1¦lower($1)¦length($1)¦abs($1)¦coalesce($1, 1)¦$1 is null¦array[$1, $2]¦$1::uuid¦cast($1 as date)¦now() - $1::interval¦now() - $1¦now() + $1 * interval '1 day'¦$1 like 'a%'¦$1 in (1, 2)¦$1 between 1 and 2¦$1 = any(array[1, 2])¦1 = any($1)¦1 = any($1::int[])¦jsonb_build_object('a', $1)¦jsonb_build_object('a', $1::text)¦to_jsonb($1)¦to_jsonb($1::text)¦concat($1, 'x')¦format('%s', $1)¦greatest($1, 2)¦case when $1 then 1 end¦case $1 when 'a' then 1 end¦not $1¦$1 and true¦(select $1)¦exists (select $1)¦$1 -> 'a'¦$1::jsonb -> $2¦row($1, 2)¦$1::role¦nullif($1, '')¦date_trunc($1, now())¦extract(year from $1)¦$1 at time zone 'utc'¦substring($1 from 1 for $2)¦round($1, 2)¦generate_series(1, $1)¦unnest($1)¦unnest($1::text[])¦count($1)¦sum($1)¦max($1)¦string_agg($1, ',')¦$2¦$0⟩

select id from users where ⟨id = $1¦email = $1¦name = $1¦age > $1¦role = $1¦created_at >= $1 and created_at < $2¦tags @> $1¦$1 = any(tags)¦settings @> $1¦settings ->> $1 = $2¦settings -> $1 = $2¦name ilike '%' || $1 || '%'¦name ilike $1 and age = $1¦id = $1 and age = $1¦name = $1 and email = $1¦age = $1 and age = $1 + 1¦id = any($1)¦age in ($1, $2, $3)¦(name, age) = ($1, $2)¦($1::text is null or name = $1)¦($1 is null or name = $1)¦(name = $1 or $1 is null)¦age between $1 and $2¦coalesce(name, $1) = $2¦lower(name) = lower($1)¦created_at > now() - $1::interval¦created_at > $1::date¦date_trunc('day', created_at) = $1¦case when $1 then true else false end¦age + $1 > 10¦- age = $1¦age / $1 = 2.5¦home = $1¦(home).zip = $1¦deleted_at is not distinct from $1¦tags = array[$1]¦tags[$1] = $2¦exists (select 1 from posts where author_id = users.id and title = $1)⟩ ⟨ ¦limit $4 offset $5⟩

insert into comments (post_id, author_id, body, score, ip) values ⟨($1, $2, $3, $4, $5)¦($1, $1, $2, 1, null)¦($1, null, $2, $1, $3)¦($1, $2, $3, default, $4), ($5, $6, $7, 1, $8)¦($1 + 1, $2, $3 || 'x', - $4, $5::inet)⟩ returning id

update users set name = ⟨$1¦coalesce($1, name)¦case when $1 then $2 else name end¦$1 || $2¦upper($1)⟩, age = ⟨$3¦age + $3¦coalesce($3, age)⟩, updated_at = now() where id = $4

update users set name = $1, role = $2, tags = $3, settings = settings || $4, age = ⟨$5¦$1⟩ where id = $6 returning *

select p.id, p.title, u.name as author, count(c.id) as n_comments, max(c.created_at) as last_comment from posts p join users u on u.id = p.author_id left join comments c on c.post_id = p.id where p.published and ($1::int is null or p.category_id = $1) group by p.id, u.⟨name¦id¦email⟩ having count(c.id) >= $2 order by ⟨last_comment desc nulls last¦n_comments¦p.views desc¦u.age¦c.id⟩ limit $3

select o.status, count(*) as n, sum(o.total) as revenue, avg(i.quantity)::numeric(10,2) as avg_quantity from orders o join order_items i on i.order_id = o.id where o.placed_at between $1 and $2 group by ⟨o.status¦1¦status¦o.id⟩ order by ⟨revenue desc¦n¦o.total¦3⟩

select to_char(date_trunc('month', o.placed_at), 'YYYY-MM') as month, sum(o.total) filter (where o.status = ⟨'paid'¦'payed'¦$1⟩) as paid, round(avg(o.total), 2) as average from orders o group by ⟨1¦month¦date_trunc('month', o.placed_at)¦o.placed_at⟩ order by 1

select u.id, json_build_object('name', u.name, 'posts', (select json_agg(json_build_object('id', p.id, 'title', p.⟨title¦titel⟩) order by p.id) from posts p where p.author_id = u.id)) as doc from users u where u.⟨id = $1¦idd = $1⟩

select "users"."id", "users"."name", "users_posts"."data" as "posts" from "users" "users" left join lateral (select coalesce(json_agg(json_build_array("users_posts"."id", "users_posts"."title")), '[]'::json) as "data" from "posts" "users_posts" where "users_posts"."author_id" = "users"."⟨id¦uid⟩") "users_posts" on true where "users"."role" = $1 order by "users"."created_at" desc limit $2

with ranked as (select id, author_id, row_number() over (partition by author_id order by views desc) as rn from posts) select ⟨*¦r.id¦u.name, r.rn⟩ from ranked r join users u on u.id = r.author_id where r.⟨rn <= $1¦rank <= $1¦rn <= 'x'⟩

select id, ts_rank(search, query) as rank from posts, to_tsquery('english', $1) query where search @@ query order by ⟨rank desc¦query¦rnk⟩

select distinct on (p.author_id) p.author_id, p.title, u.name from posts p join users u on u.id = p.author_id order by ⟨p.author_id, p.published_at desc¦author_id, u.name¦p.published_at⟩

select id, title, 1 - (views::float / nullif((select max(views) from posts), 0)) as score from posts where views > 0 and title ⟨ilike any (array['%a%', '%b%'])¦ilike any ($1)¦not ilike all ($1)¦= any (string_to_array($1, ','))⟩

select s.day::date, count(o.id) from generate_series(⟨$1::date¦'2024-01-01'::date¦now() - interval '7 days'⟩, ⟨$2::date¦current_date¦now()⟩, ⟨'1 day'¦interval '1 day'¦'x'¦1⟩) as s(day) left join orders o on o.placed_at::date = s.day::date group by ⟨s.day¦1¦day⟩ order by 1

select product_id, sum(quantity * unit_price) as total from order_items group by product_id having sum(quantity * unit_price) > ⟨$1¦'100'¦'x'¦(select avg(total) from orders)⟩ order by total desc

select e.key, e.value from users u cross join lateral jsonb_each⟨_text¦ ⟩(u.settings) as e where e.value = ⟨'x'¦'1'¦$1¦1⟩
