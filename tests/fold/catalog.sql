with spaces as (
  select oid, case when nspname ~ '^pg_temp_' then 'pg_temp' else nspname end as name from pg_namespace
  where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_toast'
), owned as (
  select classid, objid from pg_depend where deptype = 'e'
), rels as (
  select c.oid, s.name || '.' || c.relname as path, c.relkind as kind, c.relrowsecurity as rls, c.relname, c.relnamespace
  from pg_class c join spaces s on s.oid = c.relnamespace
  where not exists (select from owned where classid = 'pg_class'::regclass and objid = c.oid)
)
select 'relation ' || path || ' ' || kind::text || case when rls then ' rls' else '' end from rels where kind in ('r', 'p', 'v', 'm', 'S', 'f')
union all
select 'column ' || r.path || ' ' || row_number() over (partition by r.oid order by a.attnum) || ' ' || a.attname
  || case when r.kind in ('v', 'm') then '' else ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
  || case when a.attnotnull then ' not null' else '' end
  || case when a.atthasdef and a.attgenerated = '' then ' default' else '' end
  || case a.attidentity when 'a' then ' always' when 'd' then ' by default' else '' end
  || case a.attgenerated when 's' then ' stored' when 'v' then ' virtual' else '' end end
from rels r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped where r.kind in ('r', 'p', 'v', 'm', 'f')
union all
select 'composite ' || r.path || ' ' || string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
from rels r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped where r.kind = 'c' group by r.path
union all
select 'constraint ' || r.path || ' ' || c.conname || ' ' || c.contype::text
  || case when c.contype in ('p', 'u', 'f') then ' (' || (select string_agg(a.attname, ', ' order by k.n) from unnest(c.conkey) with ordinality k(att, n) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.att) || ')' else '' end
  || case when c.contype = 'f' then ' ' || t.path || ' (' || (select string_agg(a.attname, ', ' order by k.n) from unnest(c.confkey) with ordinality k(att, n) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.att) || ') ' || c.confdeltype::text || c.confupdtype::text else '' end
from rels r join pg_constraint c on c.conrelid = r.oid left join rels t on t.oid = c.confrelid
where c.contype in ('p', 'u', 'f', 'c', 'x') and not (c.contype = 'f' and exists (select from pg_constraint p where p.oid = c.conparentid and p.conrelid = c.conrelid))
union all
select 'index ' || r.path || ' ' || ic.relname || case when i.indisunique then ' unique' else '' end || ' ' || am.amname || ' '
  || (select string_agg(coalesce(a.attname, 'expr'), ', ' order by k.n) from unnest(i.indkey) with ordinality k(att, n) left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.att and k.att > 0 where k.n <= i.indnkeyatts)
  || case when i.indpred is null then '' else ' where' end
from rels r join pg_index i on i.indrelid = r.oid join pg_class ic on ic.oid = i.indexrelid join pg_am am on am.oid = ic.relam
where not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
union all
select 'enum ' || s.name || '.' || t.typname || ' ' || coalesce((select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '')
from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype = 'e' and not exists (select from owned where classid = 'pg_type'::regclass and objid = t.oid)
union all
select 'domain ' || s.name || '.' || t.typname || ' ' || pg_catalog.format_type(t.typbasetype, t.typtypmod) || case when t.typnotnull then ' not null' else '' end
from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype = 'd' and not exists (select from owned where classid = 'pg_type'::regclass and objid = t.oid)
union all
select 'range ' || s.name || '.' || t.typname || ' ' || pg_catalog.format_type(r.rngsubtype, -1)
from pg_range r join pg_type t on t.oid = r.rngtypid join spaces s on s.oid = t.typnamespace
union all
select 'function ' || s.name || '.' || p.proname || '(' || coalesce((select string_agg(pg_catalog.format_type(a, -1), ', ' order by n) from unnest(p.proargtypes) with ordinality x(a, n)), '') || ') '
  || p.prokind::text || ' ' || pg_catalog.format_type(p.prorettype, -1) || case when p.proretset then ' set' else '' end || ' ' || p.pronargdefaults || case when p.provariadic <> 0 then ' variadic' else '' end || case when p.proisstrict then ' strict' else '' end
from pg_proc p join spaces s on s.oid = p.pronamespace where not exists (select from owned where classid = 'pg_proc'::regclass and objid = p.oid)
union all
select 'policy ' || r.path || ' ' || p.polname || ' ' || p.polcmd::text || case when p.polpermissive then '' else ' restrictive' end from rels r join pg_policy p on p.polrelid = r.oid
union all
select 'trigger ' || r.path || ' ' || t.tgname from rels r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
union all
select 'comment ' || r.path || coalesce('.' || a.attname, '') || ' ' || d.description from pg_description d join rels r on d.classoid = 'pg_class'::regclass and d.objoid = r.oid left join pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0
union all
select 'extension ' || e.extname || ' ' || s.name from pg_extension e join spaces s on s.oid = e.extnamespace
union all
select 'schema ' || name from spaces where name not in ('public', 'pg_temp')
