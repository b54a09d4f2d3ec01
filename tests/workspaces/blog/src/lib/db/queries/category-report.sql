-- Two statements of the monthly report on categories.
with recursive tree as (
  select id, name, slug, id as root_id
  from categories
  where parent_id is null
  union all
  select c.id, c.name, c.slug, t.root_id
  from categories c
  join tree t on c.parent_id = t.id
)
select r.name, count(distinct pc.post_id) as posts, coalesce(sum(s.total_views), 0) as views
from tree t
join categories r on r.id = t.root_id
left join post_categories pc on pc.category_id = t.id
left join post_stats s on s.post_id = pc.post_id
group by r.id, r.name
order by views desc, r.name;

select c.name
from categories c
where not exists (select from post_categories pc where pc.category_id = c.id)
order by c.number;
