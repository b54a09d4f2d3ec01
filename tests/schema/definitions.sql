with spaces as (
  select oid, nspname as name from pg_namespace
  where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_'
), owned as (
  select classid, objid from pg_depend where deptype = 'e'
), rels as (
  select c.oid, s.name || '.' || c.relname as path, c.relkind as kind, c.relrowsecurity as rls
  from pg_class c join spaces s on s.oid = c.relnamespace
  where not exists (select from owned where classid = 'pg_class'::regclass and objid = c.oid)
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i' and c.relkind = 'S')
)
select 'relation ' || path || ' ' || kind::text || case when rls then ' rls' else '' end from rels where kind in ('r', 'p', 'v', 'm', 'S', 'f')
union all
select 'sequence ' || r.path || ' ' || concat_ws(' ', pg_catalog.format_type(q.seqtypid, -1), q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle) from rels r join pg_sequence q on q.seqrelid = r.oid
union all
select 'column ' || r.path || ' ' || row_number() over (partition by r.oid order by a.attnum) || ' ' || a.attname
  || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
  || case when a.attnotnull then ' not null' else '' end
  || coalesce(case when a.attgenerated = '' then ' default ' else ' generated ' || a.attgenerated::text || ' ' end || pg_get_expr(d.adbin, d.adrelid), '')
  || case a.attidentity when 'a' then ' always' when 'd' then ' by default' else '' end
from rels r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum where r.kind in ('r', 'p', 'v', 'm', 'f')
union all
select 'constraint ' || r.path || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) from rels r join pg_constraint c on c.conrelid = r.oid where c.contype <> 'n'
union all
select 'index ' || regexp_replace(pg_get_indexdef(i.indexrelid), ' WITH \([^)]*\)', '') from rels r join pg_index i on i.indrelid = r.oid
union all
select 'view ' || r.path || ' ' || pg_get_viewdef(r.oid) from rels r where r.kind in ('v', 'm')
union all
select 'enum ' || s.name || '.' || t.typname || ' ' || coalesce((select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '')
from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype = 'e' and not exists (select from owned where classid = 'pg_type'::regclass and objid = t.oid)
union all
select 'policy ' || r.path || ' ' || p.polname || ' ' || p.polcmd::text || case when p.polpermissive then '' else ' restrictive' end
  || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '') || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
  || ' to ' || (select string_agg(coalesce(rolname, 'public'), ', ' order by rolname) from unnest(p.polroles) x(o) left join pg_roles on pg_roles.oid = x.o)
from rels r join pg_policy p on p.polrelid = r.oid
union all
select 'schema ' || name from spaces where name <> 'public'
