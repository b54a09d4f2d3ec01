-- A hosted-backend style application: auth helpers, triggers, audit, upserts.
create schema auth;
create schema private;
create schema audit;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text unique,
  raw_user_meta_data jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create table public.profiles (
  id uuid primary key references auth.users on delete cascade,
  username text unique,
  full_name text,
  avatar_url text,
  role text not null default 'member',
  login_count int not null default 0,
  updated_at timestamptz
);
create table public.teams (
  id bigint generated always as identity primary key,
  name text not null,
  slug text unique,
  owner_id uuid references auth.users,
  settings jsonb not null default '{}',
  member_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table public.team_members (
  team_id bigint references public.teams on delete cascade,
  user_id uuid references auth.users on delete cascade,
  role text not null default 'viewer',
  primary key (team_id, user_id)
);
create table public.documents (
  id bigserial primary key,
  team_id bigint not null references public.teams on delete cascade,
  title text not null,
  body text,
  tags text[] not null default '{}',
  version int not null default 1,
  search tsvector,
  deleted_at timestamptz,
  updated_at timestamptz not null default now()
);
create table audit.log (
  id bigserial primary key,
  at timestamptz not null default clock_timestamp(),
  actor uuid,
  op text not null,
  rel regclass not null,
  old_row jsonb,
  new_row jsonb,
  diff jsonb
);
create table public.counters (
  name text,
  day date,
  n bigint not null default 0,
  primary key (name, day)
);

create function auth.uid() returns uuid
language sql stable
as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
  )::uuid
$$;

create function auth.role() returns text
language sql stable
as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', 'anon')::text
$$;

create function auth.jwt() returns jsonb
language plpgsql stable
as $$
declare
  raw text := current_setting('request.jwt.claims', true);
begin
  if raw is null or raw = '' then
    return '{}'::jsonb;
  end if;
  return raw::jsonb;
end
$$;

select auth.jwt();
select set_config('request.jwt.claims', '{"sub":"11111111-1111-1111-1111-111111111111","role":"authenticated","app":{"teams":[1,2]}}', false);
select auth.jwt() -> 'app', auth.role(), auth.uid();

create function public.handle_new_user() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  base text;
begin
  base := coalesce(new.raw_user_meta_data ->> 'user_name', split_part(new.email, '@', 1));
  insert into public.profiles (id, username, full_name, avatar_url)
  values (new.id, base, new.raw_user_meta_data ->> 'full_name', new.raw_user_meta_data ->> 'avatar_url')
  on conflict (id) do update
    set username = excluded.username,
        full_name = coalesce(excluded.full_name, public.profiles.full_name);
  return new;
end;
$$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute procedure public.handle_new_user();

insert into auth.users (id, email, raw_user_meta_data) values
  ('11111111-1111-1111-1111-111111111111', 'ann@example.com', '{"full_name":"Ann A","user_name":"ann"}'),
  ('22222222-2222-2222-2222-222222222222', 'bob@example.com', '{}');

create function public.set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end $$;
create trigger t_upd before update on public.profiles for each row execute function public.set_updated_at();
create trigger t_upd before update on public.teams for each row execute function public.set_updated_at();
create trigger t_upd before update on public.documents for each row execute function public.set_updated_at();

create function private.slugify(value text) returns text
language sql immutable strict parallel safe
begin atomic
  select trim(both '-' from regexp_replace(lower(value), '[^a-z0-9]+', '-', 'gi'));
end;

create function private.unique_slug(p_name text) returns text language plpgsql as $$
declare
  v_slug text := private.slugify(p_name);
  v_try  text := v_slug;
  i      int  := 1;
begin
  while exists (select from public.teams t where t.slug = v_try) loop
    i := i + 1;
    v_try := v_slug || '-' || i;
  end loop;
  return v_try;
end;
$$;

create function public.teams_before_insert() returns trigger language plpgsql as $$
begin
  if new.slug is null then
    new.slug := private.unique_slug(new.name);
  end if;
  new.owner_id := coalesce(new.owner_id, auth.uid());
  new.settings := '{"theme":"light"}'::jsonb || new.settings;
  return new;
end;
$$;
create trigger teams_bi before insert on teams for each row execute function teams_before_insert();

create function public.teams_after_insert() returns trigger language plpgsql security definer as $$
begin
  if new.owner_id is not null then
    insert into team_members values (new.id, new.owner_id, 'owner');
  end if;
  return null;
end;
$$;
create trigger teams_ai after insert on teams for each row execute function teams_after_insert();

create or replace function public.sync_member_count() returns trigger language plpgsql as $body$
begin
  if tg_op = 'INSERT' then
    update teams set member_count = member_count + 1 where id = new.team_id;
  elsif tg_op = 'DELETE' then
    update teams set member_count = member_count - 1 where id = old.team_id;
    return old;
  else
    if new.team_id is distinct from old.team_id then
      update teams t
         set member_count = t.member_count + case when t.id = new.team_id then 1 else -1 end
       where t.id in (old.team_id, new.team_id);
    end if;
  end if;
  return new;
end
$body$;
create trigger members_count after insert or update or delete on team_members
  for each row execute function sync_member_count();

insert into teams (name) values ('Blue Team'), ('Blue Team'), ('Red & Co.');
insert into team_members values (1, '22222222-2222-2222-2222-222222222222', 'editor');
update team_members set team_id = 2 where user_id = '22222222-2222-2222-2222-222222222222';
delete from team_members where role = 'editor';
insert into team_members values (1, '22222222-2222-2222-2222-222222222222');

create function private.is_member(_team_id bigint, _roles text[] default '{owner,editor,viewer}') returns boolean
language sql stable security definer set search_path = public, pg_temp
as $$
  select exists (
    select 1 from team_members m
    where m.team_id = _team_id and m.user_id = (select auth.uid()) and m.role = any (_roles)
  );
$$;

create function private.my_team_ids() returns setof bigint
language sql stable security definer set search_path to 'public'
as $$ select team_id from team_members where user_id = auth.uid() $$;

create function private.has_role(variadic roles text[]) returns bool language plpgsql stable as $$
declare
  me profiles%rowtype;
begin
  select * into me from profiles where id = auth.uid();
  if not found then
    return false;
  end if;
  return me.role = any (roles) or 'any' = any ($1);
end;
$$;

alter table documents enable row level security;
create policy d_sel on documents for select using (team_id in (select private.my_team_ids()));
create policy d_ins on documents for insert with check (private.is_member(team_id, array['owner', 'editor']));
create policy d_upd on documents for update using (private.is_member(team_id)) with check (private.has_role('member', 'admin'));
select private.is_member(1), private.is_member(1, '{viewer}'), private.has_role('admin', 'member');
select * from private.my_team_ids();
select set_config('request.jwt.claims', '{"sub":"33333333-1111-1111-1111-111111111111"}', false);
select private.has_role('admin');
select set_config('request.jwt.claims', '{"sub":"11111111-1111-1111-1111-111111111111"}', false);

create function audit.record() returns trigger language plpgsql security definer as $$
declare
  v_old jsonb;
  v_new jsonb;
  v_diff jsonb := '{}';
  k text;
  v jsonb;
  skip text[] := tg_argv[0:tg_nargs];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := to_jsonb(old) - skip;
  end if;
  if tg_op <> 'DELETE' then
    v_new := row_to_json(new)::jsonb - skip;
  end if;
  if tg_op = 'UPDATE' then
    for k, v in select * from jsonb_each(v_new) loop
      continue when v_old -> k is not distinct from v;
      v_diff := v_diff || jsonb_build_object(k, jsonb_build_array(v_old -> k, v));
    end loop;
    if v_diff = '{}' then
      return null;
    end if;
  end if;
  insert into audit.log (actor, op, rel, old_row, new_row, diff)
  values (auth.uid(), tg_op, tg_relid, v_old, v_new, nullif(v_diff, '{}'));
  return null;
end;
$$;
create trigger zz_audit after insert or update or delete on documents
  for each row execute function audit.record('updated_at', 'search');

create function public.documents_search() returns trigger language plpgsql as $$
begin
  new.search := setweight(to_tsvector('simple', coalesce(new.title, '')), 'A')
             || setweight(to_tsvector('simple', coalesce(new.body, '')), 'B')
             || array_to_tsvector(new.tags);
  if tg_op = 'UPDATE' and (new.title, new.body) is distinct from (old.title, old.body) then
    new.version := old.version + 1;
  end if;
  return new;
end
$$;
create trigger d_search before insert or update of title, body, tags on documents
  for each row execute function documents_search();

insert into documents (team_id, title, body, tags) values (1, 'Hello', 'world peace', '{a,b}'), (2, 'Second', null, '{b}');
update documents set body = 'nothing' where id = 2;
update documents set updated_at = now() where id = 2;
insert into documents (team_id, title) values (1, 'gone');
delete from documents where title = 'gone';

create function public.search_documents(query text, team bigint default null, max_rows int default 20)
returns table (id bigint, title text, rank real, snippet text)
language plpgsql stable
as $$
#variable_conflict use_column
declare
  q tsquery := websearch_to_tsquery('simple', query);
begin
  return query
  select d.id, d.title, ts_rank(d.search, q) as rank,
         ts_headline('simple', coalesce(d.body, d.title), q, 'MaxWords=5, MinWords=1')
    from documents d
   where d.search @@ q
     and (team is null or d.team_id = team)
     and deleted_at is null
   order by rank desc, id
   limit max_rows;
end;
$$;
select * from search_documents('world');
select * from search_documents('hello -foo', max_rows => 1, team => 1);

create function public.soft_delete() returns trigger language plpgsql as $$
begin
  execute format('update %I.%I set deleted_at = now() where id = $1', tg_table_schema, tg_table_name) using old.id;
  return null;
end;
$$;
create trigger a_soft before delete on documents for each row when (old.deleted_at is null) execute function soft_delete();
delete from documents where id = 2;
delete from documents where id = 2;

create function public.bump(counter text, by_amount bigint default 1, on_day date default current_date)
returns bigint language sql as $$
  insert into counters as c (name, day, n) values (counter, on_day, by_amount)
  on conflict (name, day) do update set n = c.n + excluded.n
  returning n;
$$;
select bump('x'), bump('x', 5), bump(counter => 'y', on_day => date '2020-01-01');

create function public.bump_many(names text[]) returns setof counters language plpgsql as $$
declare
  one text;
  r counters;
begin
  foreach one in array names loop
    insert into counters (name, day, n) values (one, current_date, 1)
    on conflict on constraint counters_pkey do update set n = counters.n + 1
    returning * into r;
    return next r;
  end loop;
  return;
end;
$$;
select * from bump_many(array['x', 'z', 'z']);

create function public.invite_user(p_team bigint, p_email text, p_role text default 'viewer') returns json
language plpgsql security definer set search_path = public, auth
as $$
declare
  v_user users.id%type;
  v_inserted boolean;
begin
  select u.id into strict v_user from users u where u.email = p_email;
  insert into team_members (team_id, user_id, role) values (p_team, v_user, p_role)
  on conflict (team_id, user_id) do update set role = excluded.role
  returning (xmax = 0) into v_inserted;
  return json_build_object('user', v_user, 'inserted', v_inserted);
exception
  when no_data_found then
    return json_build_object('error', 'no such user', 'email', p_email);
end;
$$;
select invite_user(3, 'bob@example.com'), invite_user(3, 'bob@example.com', 'editor'), invite_user(1, 'nobody');

create function public.track_login(uid uuid) returns profiles language plpgsql as $$
declare
  result profiles;
begin
  update profiles p
     set login_count = login_count + 1, updated_at = now()
   where p.id = uid
  returning p.* into result;
  return result;
end
$$;
select (track_login('11111111-1111-1111-1111-111111111111')).login_count;

create function public.set_setting(team_id bigint, path text[], value anyelement) returns jsonb language plpgsql as $$
<<fn>>
declare
  updated jsonb;
begin
  update teams t set settings = jsonb_set(t.settings, path, to_jsonb(value), true)
  where t.id = set_setting.team_id
  returning t.settings into fn.updated;
  return fn.updated;
end
$$;
select set_setting(1, '{theme}', 'dark'::text), set_setting(1, '{limit}', 5), set_setting(2, '{flags}', array[true, false]);

create function private.guard_role() returns trigger language plpgsql as $$
begin
  if new.role not in ('member', 'admin') then
    raise exception using
      errcode = 'check_violation',
      message = format('role %L is not allowed', new.role),
      detail = 'table ' || tg_table_name,
      hint = 'use member or admin';
  end if;
  return new;
end
$$;
create trigger guard before update of role on profiles for each row
  when (old.role is distinct from new.role) execute function private.guard_role();
update profiles set role = 'admin' where username = 'ann';

create function public.try_role(u text, r text) returns text language plpgsql as $$
declare
  msg text; det text; hnt text; code text; ctx text;
begin
  update profiles set role = r where username = u;
  return 'ok';
exception when check_violation then
  get stacked diagnostics
    msg = message_text, det = pg_exception_detail, hnt = pg_exception_hint,
    code := returned_sqlstate, ctx = pg_exception_context;
  return concat_ws('|', code, msg, det, hnt, length(ctx) > 0);
end
$$;
select try_role('bob', 'king'), try_role('bob', 'admin');

create function public.dashboard() returns jsonb language plpgsql stable as $$
declare
  out jsonb;
begin
  with mine as (
    select t.* from teams t join team_members m on m.team_id = t.id where m.user_id = auth.uid()
  ), docs as (
    select team_id, count(*) filter (where deleted_at is null) as live, count(*) as total
    from documents group by team_id
  )
  select jsonb_agg(jsonb_build_object(
           'id', mine.id,
           'name', mine.name,
           'docs', coalesce(docs.live, 0),
           'all', coalesce(docs.total, 0),
           'members', (select jsonb_agg(p.username order by p.username) from profiles p join team_members x on x.user_id = p.id where x.team_id = mine.id)
         ) order by mine.id)
    into out
    from mine left join docs on docs.team_id = mine.id;
  return coalesce(out, '[]');
end
$$;
select dashboard();

create function public.transfer_ownership(p_team teams.id%type, p_to auth.users.id%type)
returns void language plpgsql as $$
declare
  rows_changed integer;
begin
  perform 1 from team_members where team_id = p_team and user_id = p_to for update;
  if not found then
    insert into team_members (team_id, user_id) values (p_team, p_to);
  end if;
  update team_members set role = case user_id when p_to then 'owner' else 'editor' end where team_id = p_team;
  get diagnostics rows_changed = row_count;
  raise notice 'changed % rows in team %', rows_changed, p_team;
  update teams set owner_id = p_to where id = p_team;
end
$$;
select transfer_ownership(2, '22222222-2222-2222-2222-222222222222');
select transfer_ownership(1, '22222222-2222-2222-2222-222222222222');

create function public.team_stats(out teams int, out biggest text, out avg_members numeric) language plpgsql as $$
begin
  select count(*), max(t.name), round(avg(t.member_count), 2) into teams, biggest, avg_members from public.teams t;
end
$$;
select * from team_stats();

create function public.notify_change() returns trigger language plpgsql as $$
declare
  payload text;
  rec record;
begin
  case tg_op
    when 'INSERT', 'UPDATE' then rec := new;
    when 'DELETE' then rec := old;
  end case;
  payload := json_build_object('table', tg_table_name, 'op', lower(tg_op), 'when', tg_when, 'level', tg_level, 'trigger', tg_name, 'id', rec.id)::text;
  perform pg_notify('changes', payload);
  return rec;
end
$$;
create trigger notify_teams after insert or update or delete on teams for each row execute function notify_change();
insert into teams (name, owner_id) values ('Tmp', null);
update teams set name = 'Tmp2' where name = 'Tmp';
delete from teams where name = 'Tmp2';

create function public.docs_stmt() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into counters (name, day, n)
    select 'docs:' || team_id, current_date, count(*) from new_docs group by team_id
    on conflict (name, day) do update set n = counters.n + excluded.n;
  elsif tg_op = 'UPDATE' then
    perform bump('docs-updated', (select count(*) from new_docs n join old_docs o using (id) where n.version > o.version));
  else
    perform bump('docs-deleted', count(*)) from old_docs;
  end if;
  return null;
end
$$;
create trigger ds_i after insert on documents referencing new table as new_docs for each statement execute function docs_stmt();
create trigger ds_u after update on documents referencing new table as new_docs old table as old_docs for each statement execute function docs_stmt();
create trigger ds_d after delete on documents referencing old table as old_docs for each statement execute function docs_stmt();
insert into documents (team_id, title) select 1 + g % 2, 't' || g from generate_series(1, 5) g;
update documents set title = upper(title) where title like 't%';
delete from documents where title = 'T1';
delete from documents where title = 'T1';

create function public.purge_deleted(older interval default '0 days') returns integer language plpgsql as $$
declare n integer;
begin
  with gone as (
    delete from documents where deleted_at <= now() - older returning 1
  )
  select count(*) into n from gone;
  return n;
end
$$;
select purge_deleted('1 year'), purge_deleted();

create view public.team_overview as
  select t.id, t.name, t.slug, p.username as owner from teams t left join profiles p on p.id = t.owner_id;

create function public.team_overview_io() returns trigger language plpgsql as $$
declare
  v_owner uuid;
begin
  if tg_op = 'DELETE' then
    delete from teams where id = old.id;
    return old;
  end if;
  select id into v_owner from profiles where username = new.owner;
  if tg_op = 'INSERT' then
    insert into teams (name, slug, owner_id) values (new.name, new.slug, v_owner) returning id, slug into new.id, new.slug;
  else
    update teams set name = new.name, owner_id = v_owner where id = old.id;
  end if;
  return new;
end
$$;
create trigger io instead of insert or update or delete on team_overview for each row execute function team_overview_io();
insert into team_overview (name, owner) values ('Via view', 'ann') returning id, slug;
update team_overview set name = 'Via view 2', owner = 'bob' where slug = 'via-view';
delete from team_overview where slug = 'via-view';

create function public.get_profile(handle text) returns record language plpgsql as $$
declare r record;
begin
  select p.id, p.username, u.email into r from profiles p join auth.users u using (id) where username = handle;
  return r;
end $$;
select * from get_profile('ann') as (id uuid, username text, email text);

create function public.jwt_teams() returns int[] language sql stable as
$$ select coalesce(array_agg(x::int), '{}') from jsonb_array_elements_text(auth.jwt() #> '{app,teams}') x $$;
select jwt_teams();

create function public.require_auth() returns uuid language plpgsql as $$
declare
  uid constant uuid := auth.uid();
begin
  if uid is null then
    raise insufficient_privilege using message = 'not signed in';
  end if;
  return uid;
end $$;
do $$
begin
  perform require_auth();
  perform set_config('request.jwt.claims', '', true);
  begin
    perform require_auth();
  exception when insufficient_privilege then
    raise notice 'refused: % (%)', sqlerrm, sqlstate;
  end;
end
$$;

create function public.bulk_import(rows jsonb) returns table (created int, skipped int) language plpgsql as $$
declare
  item jsonb;
begin
  created := 0;
  skipped := 0;
  for item in select value from jsonb_array_elements(rows) loop
    begin
      insert into documents (team_id, title, tags)
      values ((item ->> 'team')::bigint, item ->> 'title', array(select jsonb_array_elements_text(item -> 'tags')));
      created := created + 1;
    exception
      when not_null_violation or foreign_key_violation then
        skipped := skipped + 1;
      when others then
        raise;
    end;
  end loop;
  return next;
end
$$;
select * from bulk_import('[{"team":1,"title":"i1","tags":["q"]},{"team":1},{"team":99,"title":"x","tags":[]}]');
do $$
begin
  perform bulk_import('[{"team":"no","title":"x"}]');
exception when invalid_text_representation then
  raise info 'bad import';
end $$;

create function audit.history(rel regclass, key bigint) returns setof audit.log
language sql stable
as $$
  select l.* from audit.log l
  where l.rel = $1 and coalesce(l.new_row, l.old_row) ->> 'id' = key::text
  order by l.id
$$;
select op, diff from audit.history('documents', 2);

create function audit.purge(keep int) returns bigint language plpgsql as $$
declare
  affected bigint;
begin
  delete from audit.log l
  using (select id, row_number() over (partition by rel order by id desc) as rn from audit.log) r
  where r.id = l.id and r.rn > keep;
  get diagnostics affected := row_count;
  return affected;
end $$;
select audit.purge(2);

create function public.storage_path(bucket text, variadic parts text[]) returns text language sql immutable
return bucket || '/' || array_to_string(parts, '/');
select storage_path('avatars', 'a', 'b.png'), storage_path('x', variadic array['y', 'z']);

create function public.can_upload(path text) returns boolean language plpgsql stable as $$
declare
  folder text := (string_to_array(path, '/'))[1];
  ext text;
begin
  ext = reverse(split_part(reverse(path), '.', 1));
  return folder = auth.uid()::text and ext in ('png', 'jpg');
end $$;
select can_upload('11111111-1111-1111-1111-111111111111/me.png');

create function public.reorder(ids bigint[]) returns void language sql as $$
  update documents d set version = o.pos::int
  from unnest(ids) with ordinality as o(id, pos)
  where d.id = o.id;
$$;
select reorder('{1,2}');

create function public.check_quota() returns trigger language plpgsql as $$
declare
  lim int := coalesce(tg_argv[0], '10')::int;
  cur int;
begin
  select count(*) from documents where team_id = new.team_id into cur;
  if cur >= lim then
    raise exception 'quota of % reached for team %', lim, new.team_id using errcode = 'P0Q01', table = tg_table_name, schema = tg_table_schema;
  end if;
  return new;
end $$;
create trigger quota before insert on documents for each row execute function check_quota('50');
insert into documents (team_id, title) values (2, 'within');
create trigger quota2 before insert on documents for each row execute function check_quota(1);
do $$
begin
  insert into documents (team_id, title) values (2, 'beyond');
exception
  when sqlstate 'P0Q01' then raise notice '%', sqlerrm;
end $$;
