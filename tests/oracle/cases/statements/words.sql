-- Clauses whose words do not go together, escapes, and what only some statements take.
select json_object(returning ⟨text¦bytea¦jsonb⟩ format json ⟨ ¦encoding utf8¦encoding utf16¦encoding other⟩)

select json_value(jsonb '1', '$' ⟨null¦error¦empty¦empty array¦true¦default 1⟩ on error)

select json_query(jsonb '[1]', '$' ⟨with wrapper¦without wrapper¦with conditional wrapper⟩ ⟨ ¦omit quotes¦keep quotes⟩)

select json_exists(jsonb '1', '$' ⟨true¦unknown¦error¦default 1⟩ on error)

select ⟨E'a\u0041'¦E'a\udb99'¦E'a\udb99\udc00'¦E'a\udb99\u0041'¦E'a\U002FFFFF'¦U&'a\0041'¦U&'a\db99'¦U&'a\04'¦U&'a!0041' uescape '!'⟩

select * from (select 1 ⟨ ¦into f⟩) x

insert into tags (name) select 'a' ⟨ ¦into f⟩

merge into tags t using posts p on t.id = p.id when matched then ⟨do nothing¦delete¦insert default values⟩

merge into tags t using posts p on t.id = p.id when not matched then ⟨do nothing¦delete¦insert default values⟩

with recursive x(n) as (⟨select 1¦delete from tags where id in (select n from x) returning id¦delete from tags returning id⟩) select * from x

select interval ⟨'1 day'¦'2147483648 days'¦'1-12'¦'P1Y'¦'PT2562047789H'⟩

select ⟨'{{1},{2}}'¦'{{1},{}}'¦'[0:1]={1,2}'¦'[1]={1,2}'⟩::int[]
