-- A billing back end in the manner of Supabase: organisations, plans, invoices, API keys, webhooks.
create schema auth;
create schema billing;
create schema api;
create schema internal;

create type billing.interval_unit as enum ('day', 'week', 'month', 'year');
create type billing.sub_status as enum ('trialing', 'active', 'past_due', 'canceled');
create domain billing.cents as bigint check (value >= 0) default 0;
create domain billing.currency as char(3) check (value ~ '^[A-Z]{3}$');
create type billing.price as (amount billing.cents, curr billing.currency);

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text unique,
  phone text,
  raw_user_meta_data jsonb default '{}',
  raw_app_meta_data jsonb,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now()
);
create table public.orgs (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  handle text unique,
  settings jsonb not null default '{}'::jsonb,
  credit billing.cents not null,
  created_by uuid references auth.users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz
);
create table public.members (
  org_id uuid references orgs on delete cascade,
  user_id uuid references auth.users on delete cascade,
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  invited_by uuid,
  joined_at timestamptz default now(),
  primary key (org_id, user_id)
);
create table billing.plans (
  code text primary key,
  title text not null,
  price billing.price,
  every billing.interval_unit not null default 'month',
  features text[] not null default '{}',
  limits jsonb not null default '{}',
  position smallint
);
create table billing.subscriptions (
  id bigint generated always as identity primary key,
  org_id uuid not null references public.orgs on delete cascade,
  plan_code text not null references billing.plans,
  status billing.sub_status not null default 'trialing',
  seats int not null default 1,
  period tstzrange not null default tstzrange(now(), now() + interval '14 days'),
  cancel_at timestamptz,
  metadata jsonb
);
create unique index one_live on billing.subscriptions (org_id) where status <> 'canceled';
create table billing.invoices (
  id bigserial primary key,
  number text unique,
  org_id uuid not null references orgs,
  subtotal numeric(12, 2) not null default 0,
  tax numeric(12, 2) not null default 0,
  total numeric(12, 2) generated always as (subtotal + tax) stored,
  due date,
  paid_at timestamptz,
  lines jsonb[] default array[]::jsonb[]
);
create table billing.usage (
  org_id uuid, metric text, day date default current_date, qty bigint not null default 0,
  primary key (org_id, metric, day)
);
create table internal.webhooks (
  id bigserial primary key, source text, event_id text, payload jsonb, received timestamptz default clock_timestamp(), processed timestamptz, error text, attempts int default 0,
  unique (source, event_id)
);
create table internal.changes (
  id bigserial primary key, tbl text, op text, who uuid, before jsonb, after jsonb, changed text[], ts timestamptz default now()
);
create table internal.api_keys (
  prefix text primary key, hash bytea not null, org_id uuid, scopes text[] default '{read}', expires_at timestamptz, last_used timestamptz, uses int default 0
);
insert into auth.users (id, email, raw_user_meta_data) values
  ('00000000-0000-0000-0000-000000000001', 'ada@example.com', '{"full_name":"Ada L","org":"Engines"}'),
  ('00000000-0000-0000-0000-000000000002', 'bob@example.com', '{}'),
  ('00000000-0000-0000-0000-000000000003', null, null);
insert into billing.plans (code, title, price, features, limits, position) values
  ('free', 'Free', row(0, 'EUR'), '{}', '{"seats":1,"calls":10}', 1),
  ('pro', 'Pro', row(1900, 'EUR')::billing.price, '{sso,audit}', '{"seats":5,"calls":1000}', 2),
  ('max', 'Max', (9900, 'EUR'), array['sso', 'audit', 'support'], '{"seats":null}', 3);

-- 1
create function api.current_user_id() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
  )::uuid
$$;
-- 2
create function api.claim(variadic path text[]) returns jsonb language plpgsql stable as $$
declare
  claims constant text := nullif(current_setting('request.jwt.claims', true), '');
  v jsonb;
begin
  if claims is null then
    return null;
  end if;
  v := claims::jsonb #> path;
  return v;
exception
  when invalid_text_representation or sqlstate '22032' then
    raise warning using message = 'claims are no json', detail = claims, hint = 'check the gateway';
    return 'null'::jsonb;
end $$;
select api.claim('sub'), api.current_user_id();
set request.jwt.claims = '{"sub":"00000000-0000-0000-0000-000000000001","app":{"roles":["admin","dev"]}}';
select api.claim('app', 'roles'), api.claim('nope'), api.current_user_id();
set request.jwt.claims = 'garbage';
set client_min_messages = error;
select api.claim('x');
set request.jwt.claims = '{"sub":"00000000-0000-0000-0000-000000000001","app":{"roles":["admin","dev"]}}';

-- 3
create function api.has_any_role(wanted text[]) returns boolean language sql stable as $$
  select coalesce((select bool_or(r = any (wanted)) from jsonb_array_elements_text(api.claim('app', 'roles')) as r), false);
$$;
select api.has_any_role('{admin}'), api.has_any_role(array['x']);

-- 4
create function internal.track_change() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  old_doc jsonb := case when tg_op in ('UPDATE', 'DELETE') then pg_catalog.to_jsonb(old) end;
  new_doc jsonb := case tg_op when 'DELETE' then null else pg_catalog.to_jsonb(new) end;
  skip text[] := coalesce(tg_argv[0]::text[], '{}');
  diff text[];
begin
  select array_agg(k.key order by k.key)
    into diff
    from jsonb_object_keys(coalesce(new_doc, old_doc)) as k(key)
   where (old_doc -> k.key) is distinct from (new_doc -> k.key)
     and k.key <> all (skip);
  if tg_op = 'UPDATE' and diff is null then
    return new;
  end if;
  insert into internal.changes (tbl, op, who, before, after, changed)
  values (format('%I.%I', tg_table_schema, tg_table_name), tg_op, api.current_user_id(), old_doc, new_doc, diff);
  return coalesce(new, old);
end;
$$;
create trigger orgs_changes after insert or update or delete on orgs for each row execute function internal.track_change('{updated_at}');
create trigger plans_changes after update on billing.plans for each row when (old is distinct from new) execute function internal.track_change();

-- 5
create function internal.stamp() returns trigger as $stamp$
begin
  new.updated_at = now();
  if tg_nargs > 0 then
    for i in 0 .. tg_nargs - 1 loop
      new.settings := jsonb_set(new.settings, array['_' || tg_argv[i]], to_jsonb(tg_level), true);
    end loop;
  end if;
  return new;
end
$stamp$ language plpgsql;
create trigger orgs_stamp before update on orgs for each row execute procedure internal.stamp('touched', 'by');

-- 6
create function internal.handle_for(title text) returns text language plpgsql volatile as $$
declare
  base text := trim(both '-' from regexp_replace(lower(title), '[^a-z0-9]+', '-', 'g'));
  candidate text := base;
  n int := 1;
begin
  while exists (select from orgs o where o.handle = candidate) loop
    n := n + 1;
    candidate := base || '-' || n;
  end loop;
  return candidate;
end $$;

-- 7
create function api.create_org(name text, settings jsonb default '{}', out org orgs, out member members)
language plpgsql security definer as $$
#variable_conflict use_variable
declare
  me uuid := api.current_user_id();
begin
  insert into orgs (name, handle, settings, created_by)
  values (name, internal.handle_for(name), settings, me)
  returning * into org;
  insert into members as m (org_id, user_id, role, invited_by)
  values ((org).id, me, 'owner', null)
  returning m.* into strict member;
end $$;
select (o.org).handle, (o.member).role from api.create_org('Ada & Co') as o;
select (api.create_org('Ada & Co', '{"theme":"dark"}')).org.handle;
update orgs set name = 'Ada and Co' where handle = 'ada-co';
update orgs set updated_at = null where handle = 'ada-co';

-- 8
create function internal.on_user_created() returns trigger language plpgsql security definer set search_path to public, auth as $$
declare
  meta jsonb = coalesce(new.raw_user_meta_data, '{}');
  v_org orgs%rowtype;
begin
  if new.email is null then
    return null;
  elsif not meta ? 'org' then
    select o.* into v_org from orgs o join members m on m.org_id = o.id order by o.created_at, o.handle limit 1;
    insert into members (org_id, user_id) values (v_org.id, new.id) on conflict do nothing;
  else
    insert into orgs (name, created_by) values (meta ->> 'org', new.id) returning orgs.* into v_org;
    insert into members select v_org.id, new.id, 'owner';
  end if;
  raise debug 'user % in org %', new.email, v_org.name;
  return null;
end $$;
create constraint trigger user_created after insert on auth.users deferrable initially immediate for each row execute function internal.on_user_created();
insert into auth.users (email, raw_user_meta_data) values ('c@x.io', '{"org":"C Corp"}'), ('d@x.io', null), (null, null);

-- 9
create function api.is_member(org uuid, min_role text = 'member') returns boolean language plpgsql stable security definer parallel safe as $$
declare
  ranks constant text[] := '{member,admin,owner}';
  my members.role%type;
begin
  select role into my from members where org_id = org and user_id = api.current_user_id();
  if not found then
    return false;
  end if;
  return array_position(ranks, my) >= array_position(ranks, min_role);
end $$;
alter table orgs enable row level security;
create policy orgs_read on orgs for select using (api.is_member(id));
create policy orgs_write on orgs for update using (api.is_member(id, 'admin')) with check (api.is_member(orgs.id, min_role => 'owner'));
select name, api.is_member(id, 'owner') from orgs order by 1;

-- 10
create function api.set_setting(org uuid, key text, value anyelement) returns jsonb language plpgsql as $$
declare
  result jsonb;
begin
  update orgs o
     set settings = o.settings || jsonb_build_object(key, value)
   where o.id = org and api.is_member(o.id, 'admin')
  returning o.settings into result;
  if result is null then
    raise exception 'org % not found', org using errcode = 'no_data_found', column = 'id', table = 'orgs', schema = 'public';
  end if;
  return result;
end $$;
-- 11
create function api.try_settings() returns text[] language plpgsql as $$
declare
  o record;
  res text[];
  msg text; det text; tab text; ctx text;
begin
  for o in select id, handle from orgs where handle like 'ada%' order by handle loop
    res := res || (api.set_setting(o.id, 'n', 1) ->> 'n') || (api.set_setting(o.id, 'list', array[1, 2]) ->> 'list');
  end loop;
  begin
    perform api.set_setting(gen_random_uuid(), 'x', null::text);
  exception when no_data_found then
    get stacked diagnostics msg = message_text, tab := table_name, det = returned_sqlstate, ctx = pg_exception_context;
    res := array_append(res, concat_ws('/', left(msg, 4), tab, det, ctx <> ''));
  end;
  return res;
end $$;
select api.try_settings();

-- 12
create function billing.period_end(p_start timestamptz, p_every billing.interval_unit, times int default 1) returns timestamptz language plpgsql immutable as $$
begin
  case p_every
    when 'day', 'week' then
      return p_start + times * case p_every when 'day' then interval '1 day' else interval '7 days' end;
    when 'month' then
      return p_start + make_interval(months => times);
    else
      return p_start + make_interval(times);
  end case;
end $$;
select u, billing.period_end('2024-01-31', u), billing.period_end('2024-01-31', u, times => 2) from unnest(enum_range(null::billing.interval_unit)) u;

-- 13
create function billing.start_trial(p_org uuid, p_plan text default 'pro', days int default 14) returns billing.subscriptions language plpgsql as $$
declare
  plan billing.plans;
  sub billing.subscriptions;
begin
  select * into strict plan from billing.plans p where p.code = p_plan;
  insert into billing.subscriptions (org_id, plan_code, seats, period)
  values (p_org, plan.code, coalesce((plan.limits ->> 'seats')::int, 99), tstzrange(now(), now() + days * '1 day'::interval, '[)'))
  on conflict (org_id) where status <> 'canceled' do update
    set plan_code = excluded.plan_code, seats = greatest(subscriptions.seats, excluded.seats)
    where subscriptions.status = 'trialing'
  returning * into sub;
  sub.metadata := jsonb_build_object('features', plan.features, 'price', (plan.price).amount / 100.0);
  update billing.subscriptions set metadata = sub.metadata where id = sub.id;
  return sub;
exception
  when no_data_found then
    raise exception using errcode = 'P0404', message = format('no plan %L', p_plan);
end $$;
select plan_code, seats from orgs o, billing.start_trial(o.id) order by 1, 2;
select plan_code, seats from orgs o, lateral billing.start_trial(o.id, p_plan => 'max', days => 3) where o.handle = 'ada-co';

-- 14
create function billing.start_error() returns text language plpgsql as $$
declare
  s record;
begin
  s := billing.start_trial((select id from orgs limit 1), 'gold');
  return s.plan_code;
exception when sqlstate 'P0404' then
  return sqlstate || ':' || sqlerrm;
end $$;
select billing.start_error();

-- 15
create function billing.price_of(p billing.plans, seats int) returns billing.price language plpgsql immutable as $$
declare
  result billing.price;
begin
  result := p.price;
  result.amount := result.amount * seats;
  if seats >= 3 then
    result.amount = (result.amount * 0.9)::bigint;
  end if;
  return result;
end $$;
select p.code, (billing.price_of(p, 3)).amount, (billing.price_of(p, 1)).* from billing.plans p order by p.position;

-- 16
create sequence billing.invoice_seq start 100;
create function billing.number_invoice() returns trigger language plpgsql as $$
begin
  new.number := coalesce(new.number, to_char(current_date, '"INV"-YYYY') || '-' || lpad(nextval('billing.invoice_seq')::text, 6, '0'));
  new.due := coalesce(new.due, (now() + '30 days')::date);
  new.tax := round(new.subtotal * 0.2, 2);
  return new;
end $$;
create trigger invoice_number before insert on billing.invoices for each row execute function billing.number_invoice();

-- 17
create procedure billing.invoice_all(inout created int default 0, in dry_run boolean default false) language plpgsql as $$
declare
  s record;
  inv billing.invoices.id%type;
  amount numeric;
begin
  for s in
    select sub.*, pl as plan, o.name as org_name
    from billing.subscriptions sub
    join billing.plans pl on pl.code = sub.plan_code
    join orgs o on o.id = sub.org_id
    where sub.status in ('trialing', 'active')
    order by sub.id
  loop
    amount := (billing.price_of(s.plan, s.seats)).amount / 100.0;
    continue when amount = 0;
    exit when dry_run;
    insert into billing.invoices (org_id, subtotal, lines)
    values (s.org_id, amount, array[jsonb_build_object('plan', s.plan_code, 'seats', s.seats, 'for', s.org_name)])
    returning id into inv;
    created := created + 1;
    raise debug 'invoice %', inv;
  end loop;
end $$;
call billing.invoice_all();
call billing.invoice_all(5, dry_run => true);
do $$ declare c int := 10; begin call billing.invoice_all(c); assert c > 10, 'nothing created'; end $$;

-- 18
create function billing.pay(invoice bigint, amount numeric, out remaining numeric, out paid bool) language plpgsql as $$
declare
  i billing.invoices;
begin
  select * from billing.invoices where id = invoice for update into i;
  if not found then
    remaining := null;
    return;
  end if;
  remaining := i.total - amount;
  paid := remaining <= 0;
  if paid then
    update billing.invoices set paid_at = clock_timestamp() where id = i.id;
    update orgs set credit = credit + (abs(remaining) * 100)::bigint where id = i.org_id;
  end if;
end $$;
select * from billing.pay((select min(id) from billing.invoices), 1000);
select paid, remaining is null from billing.pay(-1, 0);

-- 19
create function api.record_usage(org uuid, metric text, qty bigint default 1) returns bigint language sql as $$
  insert into billing.usage as u (org_id, metric, qty) values ($1, $2, $3)
  on conflict on constraint usage_pkey do update set qty = u.qty + excluded.qty
  returning qty
$$;
select api.record_usage(id, 'calls', 4), api.record_usage(id, 'calls'), api.record_usage(org => id, metric => 'gb', qty => 3) from orgs;

-- 20
create function api.quota_left(org uuid, what text) returns table (metric text, used bigint, allowed int, pct numeric) language plpgsql stable as $$
begin
  return query
    select u.metric, sum(u.qty)::bigint, max((p.limits ->> u.metric)::int), round(100.0 * sum(u.qty) / max((p.limits ->> u.metric)::int), 1)
    from billing.usage u
    join billing.subscriptions s using (org_id)
    join billing.plans p on p.code = s.plan_code
    where u.org_id = org and u.metric = what
    group by u.metric;
  if not found then
    metric := what;
    used := 0;
    allowed := null;
    return next;
  end if;
end $$;
select q.* from orgs o cross join lateral api.quota_left(o.id, 'calls') q;
select * from api.quota_left(gen_random_uuid(), 'none');

-- 21
create function api.issue_key(org uuid, variadic scopes text[] default array['read']) returns text language plpgsql as $$
declare
  secret text := replace(gen_random_uuid()::text, '-', '');
  pfx text := substr(secret, 1, 8);
begin
  insert into internal.api_keys (prefix, hash, org_id, scopes) values (pfx, sha256(convert_to(secret, 'UTF8')), org, issue_key.scopes);
  return secret;
end $$;
-- 22
create function api.check_key(secret text, scope text default 'read') returns uuid language plpgsql as $$
declare
  k internal.api_keys;
begin
  update internal.api_keys
  set last_used = now(), uses = uses + 1
  where prefix = left(secret, 8) and hash = sha256(secret::bytea) and (expires_at is null or expires_at > now())
  returning * into k;
  if not found then
    raise invalid_password using message = 'bad key';
  end if;
  if scope <> all (k.scopes) then
    raise insufficient_privilege;
  end if;
  return k.org_id;
end $$;
do $$
declare
  key text;
  org constant uuid := (select id from public.orgs order by handle limit 1);
  seen text[] := '{}';
begin
  key := api.issue_key(org, 'read', 'write');
  if api.check_key(key, 'write') = org then
    seen := seen || 'ok'::text;
  end if;
  begin
    perform api.check_key(key, 'admin');
  exception when insufficient_privilege then
    seen := seen || sqlerrm;
  end;
  begin
    perform api.check_key('xxxxxxxx');
  exception when others then
    seen := array_append(seen, sqlerrm);
  end;
  key := api.issue_key(org);
  assert array_length(seen, 1) = 3;
end $$;

-- 23
create function api.receive_webhook(p_source text, body jsonb) returns text language plpgsql as $$
<<fn>>
declare
  hook_id bigint;
  fresh boolean;
begin
  insert into internal.webhooks (source, event_id, payload)
  values (p_source, body ->> 'id', body)
  on conflict (source, event_id) do update set attempts = webhooks.attempts + 1
  returning id, (xmax = 0) into fn.hook_id, fn.fresh;
  return case when fresh then 'new' else 'seen' end || sign(hook_id);
end $$;
select api.receive_webhook('pay', '{"id":"e1","type":"invoice.paid","data":{"invoice":1,"amount":5}}'),
  api.receive_webhook('pay', '{"id":"e1"}'), api.receive_webhook('pay', '{"id":"e2","type":"sub.canceled","data":{}}'),
  api.receive_webhook('mail', '{"id":"e3","type":"boom"}');

-- 24
create function internal.handle_event(h internal.webhooks) returns boolean language plpgsql as $$
declare
  kind text := h.payload ->> 'type';
  data jsonb := h.payload -> 'data';
begin
  if kind = 'invoice.paid' then
    return (select paid from billing.pay((data ->> 'invoice')::bigint, (data ->> 'amount')::numeric));
  elsif kind like 'sub.%' then
    update billing.subscriptions set status = split_part(kind, '.', 2)::billing.sub_status, cancel_at = now()
    where org_id = (select id from orgs order by created_at desc, handle desc fetch first row only);
    return found;
  else
    raise exception 'unknown event %', kind using errcode = '22023';
  end if;
end $$;
-- 25
create function internal.work_webhooks(max_n int default 10) returns table (id bigint, outcome text) language plpgsql as $$
declare
  w internal.webhooks%rowtype;
  ok boolean;
begin
  for w in select * from internal.webhooks wh where wh.processed is null order by wh.id limit max_n for update skip locked loop
    id := w.id;
    begin
      ok := internal.handle_event(w);
      update internal.webhooks set processed = now() where webhooks.id = w.id;
      outcome := 'done:' || coalesce(ok::text, 'null');
    exception
      when raise_exception or invalid_parameter_value then
        update internal.webhooks wh set error = sqlerrm, attempts = wh.attempts + 1 where wh.id = w.id;
        outcome := sqlstate;
    end;
    return next;
  end loop;
  return;
end $$;
select outcome from internal.work_webhooks();

-- 26
create function api.list_members(org uuid default null, search text default null, lim int default 50, off int default 0)
returns setof json language plpgsql stable as $$
declare
  q text := 'select row_to_json(x) from (select m.user_id, u.email, m.role, o.name from public.members m join auth.users u on u.id = m.user_id join public.orgs o on o.id = m.org_id where true';
begin
  if org is not null then
    q := q || ' and m.org_id = $1';
  end if;
  if search is not null then
    q := q || format(' and (u.email ilike %L or o.name ilike %1$L)', '%' || search || '%');
  end if;
  q := q || ' order by u.email, o.name limit $2 offset $3) x';
  return query execute q using org, lim, off;
end $$;
select count(*) from api.list_members();
select api.list_members(search => 'ada', lim => 1);
select api.list_members(id) from orgs;

-- 27
create function internal.protect_owner() returns trigger language plpgsql as $$
declare
  owners int;
  result members;
begin
  if tg_op = 'DELETE' then
    result := old;
  else
    result := new;
    if new.role = old.role then
      return result;
    end if;
  end if;
  select count(*) into owners from members m where m.org_id = old.org_id and m.role = 'owner' and m.user_id <> old.user_id;
  if owners = 0 and old.role = 'owner' and pg_trigger_depth() = 1 then
    raise exception 'org needs an owner' using errcode = 'check_violation', constraint = 'one_owner';
  end if;
  return result;
end $$;
create trigger protect_owner before update of role or delete on members for each row execute function internal.protect_owner();
-- 28
create function api.leave(org uuid) returns text language plpgsql as $$
declare
  con name;
  left_rows bigint;
begin
  delete from members where org_id = org and user_id = api.current_user_id();
  get diagnostics left_rows = row_count;
  return left_rows::text;
exception when check_violation then
  get stacked diagnostics con = constraint_name;
  return con;
end $$;
update members set role = role;
update members set role = 'admin' where role = 'member';
select api.leave(id) from orgs where handle = 'ada-co';
select api.leave(gen_random_uuid());
delete from members where role = 'admin';

-- 29
create function internal.org_counts() returns trigger language plpgsql as $$
declare
  r record;
  total int := 0;
begin
  if tg_op = 'INSERT' then
    for r in select org_id, count(*) as n from new_rows group by org_id loop
      perform api.record_usage(r.org_id, 'joins', r.n);
      total := total + r.n;
    end loop;
  else
    insert into billing.usage (org_id, metric, qty)
    select o.org_id, 'leaves', count(*) from old_rows as o group by 1
    on conflict (org_id, metric, day) do update set qty = usage.qty + excluded.qty;
  end if;
  raise debug '% rows', total;
  return null;
end $$;
create trigger members_ins after insert on members referencing new table as new_rows for each statement execute function internal.org_counts();
create trigger members_del after delete on members referencing old table as old_rows for each statement execute function internal.org_counts();
insert into members (org_id, user_id) select o.id, u.id from orgs o, auth.users u on conflict do nothing;
delete from members where role = 'member';

-- 30
create function api.export_org(org uuid) returns jsonb language plpgsql stable as $$
declare
  doc jsonb;
  t text;
  part jsonb;
begin
  select to_jsonb(o) - 'settings' into doc from orgs o where o.id = export_org.org;
  foreach t in array array['members', 'billing.subscriptions', 'billing.invoices'] loop
    execute format('select coalesce(jsonb_agg(to_jsonb(x)), ''[]'') from %s x where org_id = $1', t::regclass) into part using org;
    doc[replace(t, 'billing.', '')] := part;
  end loop;
  doc['meta']['at'] = to_jsonb(now());
  return jsonb_strip_nulls(doc);
end $$;
select api.export_org(id) ? 'members' from orgs;

-- 31
create function billing.mrr(as_of timestamptz default now()) returns table (code text, subs bigint, revenue numeric, running numeric, share double precision) language sql stable
begin atomic
  with live as (
    select p.code, p.position, s.seats, (p.price).amount as cents
    from billing.subscriptions s join billing.plans p on p.code = s.plan_code
    where s.status <> 'canceled' and s.period @> as_of
  )
  select l.code, count(*), sum(l.seats * l.cents) / 100.0,
    sum(sum(l.seats * l.cents)) over (order by max(l.position)) / 100.0,
    percent_rank() over (order by sum(l.seats * l.cents))
  from live l
  group by l.code
  order by max(l.position);
end;
select * from billing.mrr(now());

-- 32
create view api.my_orgs with (security_invoker) as
  select o.id, o.name, o.handle, m.role, o.settings ->> 'theme' as theme
  from orgs o join members m on m.org_id = o.id and m.user_id = api.current_user_id();
create function internal.my_orgs_write() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then
      select (c.org).id, (c.org).handle, (c.member).role into new.id, new.handle, new.role
      from api.create_org(new.name, jsonb_build_object('theme', new.theme)) c;
      return new;
    when 'UPDATE' then
      update orgs set (name, settings) = (new.name, settings || jsonb_build_object('theme', new.theme)) where id = old.id;
      return new;
    when 'DELETE' then
      delete from billing.invoices i where i.org_id = old.id;
      delete from orgs where id = old.id;
      return old;
  end case;
end $$;
create trigger my_orgs_write instead of insert or update or delete on api.my_orgs for each row execute function internal.my_orgs_write();
insert into api.my_orgs (name, theme) values ('View Made', 'light') returning id is not null, handle, role;
update api.my_orgs set theme = 'sepia', name = upper(name) where handle = 'view-made' returning name, theme;
delete from api.my_orgs where handle = 'view-made';

-- 33
create function api.search_everything(q text, kinds text[] = '{org,user,plan}') returns table (kind text, ref text, label text, score real) language plpgsql stable as $$
declare
  k text;
begin
  foreach k in array kinds loop
    if k = 'org' then
      return query select k, o.id::text, o.name, ts_rank(to_tsvector('simple', o.name), plainto_tsquery('simple', q)) from orgs o where o.name ilike '%' || q || '%';
    elsif k = 'user' then
      return query select 'user', u.id::text, u.email, 1::real from auth.users u where position(q in u.email) > 0;
    else
      for ref, label in select p.code, p.title from billing.plans p where p.code ~* q loop
        kind := k;
        score := 0.5;
        return next;
      end loop;
    end if;
  end loop;
end $$;
select kind, label, score from api.search_everything('a') order by 1, 2;
select * from api.search_everything('pro', '{plan}');

-- 34
create function internal.jsonb_merge(a jsonb, b jsonb) returns jsonb language sql immutable as $$
  select case
    when jsonb_typeof(a) = 'object' and jsonb_typeof(b) = 'object' then (
      select coalesce(jsonb_object_agg(coalesce(ka, kb), case
        when va is null then vb when vb is null then va
        else internal.jsonb_merge(va, vb) end), '{}')
      from jsonb_each(a) e1(ka, va) full join jsonb_each(b) e2(kb, vb) on ka = kb)
    else b end
$$;
select internal.jsonb_merge('{"a":{"b":1},"c":2}', '{"a":{"d":3},"c":4}');

-- 35
create aggregate internal.jsonb_merge_agg (jsonb) (sfunc = internal.jsonb_merge, stype = jsonb, initcond = '{}');
create function api.all_settings() returns jsonb language plpgsql stable as $$
declare r jsonb;
begin
  select internal.jsonb_merge_agg(o.settings order by o.created_at) filter (where o.settings <> '{}') from orgs o into r;
  return coalesce(r, '{}');
end $$;
select api.all_settings();

-- 36
create function billing.dunning(step interval default '1 day') returns setof billing.invoices language plpgsql rows 20 as $$
declare
  c cursor (before date) for
    select i.* from billing.invoices i where i.due < before and i.paid_at is null order by i.id for update of i;
  r billing.invoices;
begin
  open c(before := (current_date + '1 year'::interval)::date);
  loop
    fetch next from c into r;
    exit when not found;
    update billing.invoices set due = due + step where current of c returning * into r;
    return next r;
  end loop;
  close c;
end $$;
select count(d.due) from billing.dunning() d;

-- 37
create function api.rate_card(curr billing.currency default 'EUR') returns text language plpgsql as $$
declare
  line text;
  out_text text := '';
  sep constant text = e'\n';
  p billing.price;
  title billing.plans.title%type;
begin
  for title, p.amount, p.curr in
    select pl.title, (pl.price).amount, (pl.price).curr from billing.plans pl where (pl.price).curr = rate_card.curr order by position
  loop
    line := rpad(title, 8, '.') || to_char(p.amount / 100.0, 'FM9990.00') || ' ' || p.curr;
    out_text := out_text || line || sep;
  end loop;
  return rtrim(out_text, sep);
end $$;
select api.rate_card(), api.rate_card('USD');

-- 38
create function internal.purge(keep interval, variadic rels regclass[]) returns jsonb language plpgsql as $$
declare
  res jsonb := '{}';
  rel regclass;
  col text;
  n bigint;
begin
  <<tables>>
  foreach rel in array rels loop
    select a.attname into col
    from pg_attribute a
    where a.attrelid = rel and a.atttypid = 'timestamptz'::regtype and not a.attisdropped
    order by a.attnum
    limit 1;
    if col is null then
      res := res || jsonb_build_object(rel::text, null);
      continue tables;
    end if;
    execute format('delete from %s where %I < now() - $1', rel, col) using keep;
    get diagnostics n := row_count;
    res := jsonb_set(res, array[rel::text], to_jsonb(n));
  end loop tables;
  return res;
end $$;
select internal.purge('1 year', 'internal.webhooks', 'internal.changes', 'billing.plans');

-- 39
create function internal.changes_between(since timestamptz, until timestamptz default 'infinity') returns table (tbl text, col text, times bigint) language sql stable as $$
  select c.tbl, x.col, count(*)
  from internal.changes c, unnest(c.changed) as x (col)
  where c.ts >= since and c.ts < until
  group by grouping sets ((c.tbl, x.col), (c.tbl))
  having count(*) > 0
  order by 1, 2 nulls last
$$;
select * from internal.changes_between('-infinity');

-- 40
create function internal.undo(change_id bigint) returns orgs language plpgsql as $$
declare
  ch internal.changes;
  was orgs;
begin
  select * into strict ch from internal.changes where id = change_id;
  was := jsonb_populate_record(null::orgs, ch.before);
  if ch.op = 'UPDATE' then
    update orgs set (name, handle, settings) = (select was.name, was.handle, was.settings) where id = was.id;
  elsif ch.op = 'DELETE' then
    insert into orgs select was.*;
  end if;
  return was;
end $$;
select (internal.undo(id)).name from internal.changes where tbl = 'public.orgs' and op = 'UPDATE';
select (internal.undo(id)).handle from internal.changes where tbl = 'public.orgs' and op = 'DELETE';

-- 41
create procedure billing.close_period(p_until timestamptz default null) language plpgsql as $$
declare
  ids bigint[];
  i int;
begin
  select array_agg(id order by id) into ids from billing.subscriptions where status <> 'canceled';
  for i in array_lower(ids, 1) .. array_upper(ids, 1) loop
    update billing.subscriptions s
    set period = tstzrange(upper(s.period), coalesce(p_until, billing.period_end(upper(s.period), p.every)), '[)')
    from billing.plans p
    where s.id = ids[i] and p.code = s.plan_code;
    if i % 2 = 0 then
      commit;
    end if;
  end loop;
  rollback and chain;
  update billing.plans set position = position + 1;
  commit;
end $$;
call billing.close_period();

-- 42
do $do$
declare
  fns text[];
  src text;
begin
  for fns, src in
    select array_agg(p.proname::text order by p.proname), n.nspname
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('api', 'billing', 'internal')
    group by n.nspname
  loop
    raise debug '%: %', src, cardinality(fns);
    if src = 'api' and not ('search_everything' = any (fns)) then
      raise exception 'lost';
    end if;
  end loop;
end
$do$;
