-- Comments per week and status for one post; $1 is the post id, $2 the first day.
select
  date_trunc('week', c.created_at)::date as week,
  c.status,
  count(*) as total,
  count(*) filter (where c.parent_id is not null) as replies,
  sum(count(*)) over (partition by c.status order by date_trunc('week', c.created_at)::date) as running_total
from comments c
where c.post_id = $1
  and c.created_at >= $2::date
group by week, c.status
order by week, c.status;
