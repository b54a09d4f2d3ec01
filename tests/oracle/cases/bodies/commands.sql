-- Commands that name relations, and CALL. See tests/bodies.rs.

⟨analyze¦truncate¦lock table¦refresh materialized view⟩ ⟨users¦user¦public.users¦audit.events¦audit.users¦published_posts¦post_counts¦invoice_numbers⟩

copy ⟨users¦posts¦published_posts¦invoice_numbers¦nope⟩ ⟨(id)¦(id, nope)¦(id, id)¦(id, title)¦(search)¦⟩ to stdout

analyze users ⟨(id)¦(id, email)¦(id, nope)¦(id, id)⟩, ⟨posts¦post⟩

truncate ⟨users, posts¦users cascade¦only tags¦tags, nope⟩ restart identity cascade

lock ⟨table users, posts¦only users¦users, nope¦published_posts¦post_counts⟩ in share mode

⟨grant select on¦grant insert, update on table¦revoke all on¦grant select (id) on¦grant all privileges on⟩ ⟨users¦users, posts¦nope¦published_posts¦audit.events¦invoice_numbers¦users, nope⟩ ⟨to¦from⟩ public

create procedure p(a integer, b text default 'x') language sql as $$ select 1 $$; call ⟨p(1)¦p('x')¦p(1, 'x')¦p(1, 2)¦p()¦p(a => 1)¦p(c => 1)¦q(1)¦full_title(null)¦lower('x')¦p(nope)¦p(1 + 1)¦p(1, b => 'x')¦public.p(1)¦audit.p(1)¦p(null::integer)¦p(now())⟩

create procedure o(a integer, out b integer) language sql as $$ select 1 $$; call o(⟨1, null¦1¦1, 2, 3¦'x', 1¦nope, 1⟩)
