-- Drafts that nobody has touched for a month, oldest first.
select p.id, p.title, u.email as author_email, age(now(), p.updated_at) as untouched_for
from posts as p
inner join users as u on u.id = p.author_id
where p.status = 'draft'
  and p.updated_at < now() - interval '30 days'
order by p.updated_at;
