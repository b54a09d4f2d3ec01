-- Functions in FROM, subqueries where sets are refused, whole rows, parameters inside VALUES.
select ⟨coalesce((select jsonb_agg(e) from jsonb_array_elements(settings) e), '[]'::jsonb)¦coalesce((select jsonb_array_elements(settings) limit 1), '1')¦coalesce(jsonb_array_elements(settings), '1')¦case when exists (select 1 from unnest(tags) t where t = 'a') then 1 else 2 end¦case when (select unnest(tags) limit 1) = 'a' then 1 end¦case when unnest(tags) = 'a' then 1 end¦coalesce(array(select unnest(tags)), '{}')¦case 1 when (with x as (select unnest(tags) as v) select count(*) from x) then 1 end¦coalesce((select 1), (select generate_series(1, 2) limit 1), generate_series(1, 2))¦(select coalesce(1, 2) from generate_series(1, 2)) + coalesce(1, 2)¦unnest(tags) || coalesce('a', 'b')¦sum((select count(*) from unnest(tags)))¦sum(generate_series(1, 2))¦count(*) filter (where (select unnest(tags) limit 1) = 'a')¦count(*) filter (where exists (select max(x) from unnest(tags) x))⟩ from users

select 1 from users where ⟨exists (select 1 from jsonb_array_elements(settings) e where e ->> 'a' = 'b')¦exists (select generate_series(1, 2))¦(select count(*) over () from posts limit 1) > 1¦age in (select max(views) from posts)¦age in (select unnest(array[1, 2]))¦coalesce(age, 1) = (select case when true then 1 end from generate_series(1, 2) limit 1)⟩

select ⟨e¦e ->> 'a'¦e.value¦e.value ->> 'a'¦e.e¦value¦e.*¦to_jsonb(e)¦(e).value¦pg_typeof(e)¦jsonb_agg(e)¦coalesce(e, '{}')¦e::text⟩ from ⟨jsonb_array_elements('[]'::jsonb) e¦jsonb_array_elements('[]') as e(value)¦jsonb_array_elements('[]') as e(x)¦json_array_elements('[]') e¦jsonb_array_elements_text('[]') e¦unnest(array['a']) e¦regexp_split_to_table('a b', ' ') e¦string_to_table('a', 'b') e¦generate_series(1, 3) e¦jsonb_each('{}') e¦jsonb_object_keys('{}') e¦jsonb_array_elements('[]') with ordinality e⟩

select ⟨e¦e ->> 'key'¦e.key¦e.value ->> 'a'¦key, value¦row_to_json(e)⟩ from jsonb_each('{}') e

select ⟨value.entry ->> 'a'¦value.ordinality + 1¦value¦value.value¦entry -> 'x', ordinality¦value ->> 'a'¦value.entry + 1¦entry || ordinality⟩ from jsonb_array_elements('[]') with ordinality as value(entry, ordinality)

select ⟨u.part, u.o¦u.ordinality¦o + 1¦part || 'x'⟩ from unnest(string_to_array('a', ',')) with ordinality as u(part, o)

select ⟨(jsonb_array_elements('[]')).value¦(jsonb_each('{}')).value¦(jsonb_each('{}')).*¦(jsonb_array_elements('[]')).*⟩

select p.id, row_to_json(c) from posts p join categories c on c.id = p.category_id group by p.id, ⟨c.*¦c.id¦c¦c.title¦(c.*)⟩

select ⟨row_to_json(c)¦c.title¦count(c.*)¦c¦c.*¦to_jsonb(c.*)¦row_to_json(c.*)⟩ from categories c group by ⟨c.*¦c¦c.title⟩

select 1 from categories c ⟨where c.* is not null¦where c.* = c¦order by c.*¦where c.*¦order by d.*¦where c.* = row(1, 2, 'a', 'b', 3)⟩

insert into tags (id, name) select ⟨v.id, v.name¦v.id::smallint, v.name¦$1, v.name¦v.*⟩ from (values ⟨($1, $2)¦($1, $2), ($3, $4)¦(1, $2)¦($1::smallint, $2), ($3, $4)¦($2::smallint, $3)⟩) as v(id, name)

with v (id, name) as (values ⟨($1, $2)¦($1, $2), ($3, $4)¦($1::smallint, $2)¦(1, $1), ($2, null)⟩) ⟨insert into tags (id, name) select id, name from v¦insert into tags (id, name) select id::smallint, name from v¦select * from v¦update tags set name = v.name from v where v.id = tags.id¦delete from tags using v where tags.name = v.name⟩

insert into tags (id, name) ⟨select $1, $2¦select $1, $2 from users¦select $1, $2 union all select $3, $4¦values ($1, $2), ($3, $4)¦select $1, $2 where $3¦select $1, $2 where $3 is null¦(values ($1, $2))¦values ($1, $2) limit 1¦values ($1, $2), ($3, $4) order by 1¦select * from (select $1, $2) x¦select * from (select $1::smallint as id, $2 as name) x¦select distinct $1, $2¦select $1, coalesce($2, $3)⟩
